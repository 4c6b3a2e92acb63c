# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Dit første svar, i Python
#
# Siden er en notebook i tekstform: `docs/tutorial/python.da.py`. Editorer som VS Code, PyCharm og Spyder kører den celle for celle. Jupyter åbner den med Jupytext. Under hver celle står resultatet.
#
# Du skal bruge pakken: `make setup` og derefter `. .venv/bin/activate`, eller `pip install .` i dit eget miljø. Det tager omkring tyve minutter at læse og prøve.
#
# ## 1. Sammenlign tre styringsformer
#
# En måde at styre på hedder en *styringsform* (i koden *regime*). Den første er udgangspunktet. Otte små byer med 2.000 voksne lever fem år under hver styringsform. Første gang oversættes modellen også til din maskine. Det tager omkring 50 sekunder, på en langsom eller travl maskine to-tre minutter, og kun den ene gang. En bjælke viser, hvor længe der er igen.

# %%
from velfaerd_sim import compare

regimes = ["municipal_baton", "rigid_rules", "facilitative_dialogue"]
first = compare(regimes, adults=2000, months=60, replicates=8, out="results/first")
first

# %% [markdown]
# En notebook viser selv resultatet: hvad der blev spurgt om, den vigtigste figur og den vigtigste tabel. Forskelle er i forhold til udgangspunktet. Intervallet er et 95 %-interval. På dansk: `from IPython.display import HTML` og derefter `HTML(first.to_html("da"))`.
#
# ## 2. Se tabellen bagved
#
# `effects` er en tabel i pandas. Den har en række for hvert resultat og hver styringsform. Kolonnerne er forklaret under [resultatfiler](../reference/results.md) (på engelsk).

# %%
asked = ["retention_12m", "motivation_mean", "lonely_share"]
effects = first.effects[first.effects["outcome"].isin(asked)]
effects[["outcome", "regime", "difference", "ci_low", "ci_high"]].round(4)

# %% [markdown]
# Er en forskel klar? Det er den, hvis nul ligger uden for dens interval.

# %%
clear = effects[(effects["ci_low"] > 0) | (effects["ci_high"] < 0)]
print(f"{len(clear)} of {len(effects)} differences are clear.")

# %% [markdown]
# ## 3. Se, hvorfor par betyder noget
#
# `variance_reduction` siger, hvor mange gange mindre variansen er end med to uafhængige grupper af byer. [Hvorfor par](../explain/pairs.md) forklarer det (på engelsk).

# %%
effects[["outcome", "regime", "variance_reduction"]].round(1)

# %% [markdown]
# ## 4. Se nærmere på én by
#
# En model kan køres, kopieres og køres videre under en anden styringsform. Kopien har de samme mennesker, som møder de samme tilfældigheder.

# %%
from velfaerd_sim import WelfareModel

town = WelfareModel(regime="municipal_baton", adults=2000, seed=1)
town.run(24)
talk = town.fork(regime="facilitative_dialogue")
town.run(36)
talk.run(36)
talk.series()[["month", "volunteers_per_1000", "retention_12m", "lonely_share"]].tail().round(3)

# %% [markdown]
# Den samme person står i den samme række i begge. Derfor kan man se, hvem der vinder.

# %%
before, after = town.snapshot("citizens"), talk.snapshot("citizens")
change = after["tils_score"] - before["tils_score"]
change.groupby(before["age_band"], observed=True).agg(["mean", "min", "max"]).round(3)

# %% [markdown]
# ## 5. Kom tilbage i morgen
#
# Alt ligger i mappen. `load_study` læser den, også om en uge.

# %%
from velfaerd_sim import load_study

series = load_study("results/first")
last = series[series["month"] == series["month"].max()]
last.groupby("regime")[["retention_12m", "lonely_share"]].mean().round(3)

# %% [markdown]
# ## Det har du lært
#
# - `compare` giver tabeller i pandas og gemmer dem i en mappe.
# - En notebook viser selv resultatet. Undervejs ser du, hvor langt beregningen er.
# - `fork` sætter de samme mennesker under en anden styringsform.
#
# Gå videre med [parameterstudie og varmekort](../howto/sweep.md), med [en egen styring](../howto/regime.md) eller med [opslag](../reference/api.md) (på engelsk).
