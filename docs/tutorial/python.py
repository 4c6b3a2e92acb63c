# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Your first answer, in Python
#
# This page is a notebook in text form: `docs/tutorial/python.py`. Editors such as VS Code, PyCharm and Spyder run it cell by cell. Jupyter opens it with Jupytext. Below each cell stands what it shows.
#
# You need the package: `make setup`, then `. .venv/bin/activate`, or `pip install .` in an environment of your own. It takes about twenty minutes to read and try.
#
# ## 1. Compare three ways of governing
#
# Each way of governing is called a *regime*. The first is the baseline. Eight small towns of 2 000 adults live five years under each. The first time, the model is also compiled, which takes some 50 seconds, once.

# %%
from velfaerd_sim import compare

regimes = ["municipal_baton", "rigid_rules", "facilitative_dialogue"]
first = compare(regimes, adults=2000, months=60, replicates=8, out="results/first")
first

# %% [markdown]
# A result shows itself: what was asked, the main figure, and the main table. Differences are against the baseline. The interval is a 95 % interval.
#
# ## 2. Look at the table behind it
#
# `effects` is a frame of pandas. It has one row for every outcome and regime. The columns are explained under [result files](../reference/results.md).

# %%
asked = ["retention_12m", "motivation_mean", "lonely_share"]
effects = first.effects[first.effects["outcome"].isin(asked)]
effects[["outcome", "regime", "difference", "ci_low", "ci_high"]].round(4)

# %% [markdown]
# Is a difference clear? It is, if its interval does not hold zero.

# %%
clear = effects[(effects["ci_low"] > 0) | (effects["ci_high"] < 0)]
print(f"{len(clear)} of {len(effects)} differences are clear.")

# %% [markdown]
# ## 3. See why pairs matter
#
# `variance_reduction` says by which factor the variance is smaller than with two independent groups of towns. [Why pairs](../explain/pairs.md) explains it.

# %%
effects[["outcome", "regime", "variance_reduction"]].round(1)

# %% [markdown]
# ## 4. Take one town and look inside
#
# A model can be run, copied and run on under another regime. The copy has the same people, who meet the same draws of chance.

# %%
from velfaerd_sim import WelfareModel

town = WelfareModel(regime="municipal_baton", adults=2000, seed=1)
town.run(24)
talk = town.fork(regime="facilitative_dialogue")
town.run(36)
talk.run(36)
talk.series()[["month", "volunteers_per_1000", "retention_12m", "lonely_share"]].tail().round(3)

# %% [markdown]
# The same person stands in the same row of both. So one can ask who gains.

# %%
before, after = town.snapshot("citizens"), talk.snapshot("citizens")
change = after["tils_score"] - before["tils_score"]
change.groupby(before["age_band"], observed=True).agg(["mean", "min", "max"]).round(3)

# %% [markdown]
# ## 5. Come back tomorrow
#
# The folder holds everything. `load_study` reads it, in Python or after a week.

# %%
from velfaerd_sim import load_study

series = load_study("results/first")
last = series[series["month"] == series["month"].max()]
last.groupby("regime")[["retention_12m", "lonely_share"]].mean().round(3)

# %% [markdown]
# ## What you have learned
#
# - `compare` gives frames of pandas, and keeps them in a folder.
# - A result shows itself in a notebook. While it works, it shows a bar.
# - `fork` gives the same people another regime.
#
# Go on with [sweep and heat map](../howto/sweep.md), with [an own regime](../howto/regime.md), or with the [reference](../reference/api.md).
