"""The words of the answer in Danish; keys and values filled in as in `texts_answer`."""

from __future__ import annotations

DANISH: dict[str, str] = {
    # answer, headline
    "head_none": (
        "I modellen adskiller ingen styringsform sig klart fra {baseline}, når det gælder {topics}."
    ),
    "head_start": "Modellen peger på, at {claims}.",
    "head_claim": "{best} {what}",
    "head_tied": "{what} (ikke klart foran {tied})",
    "head_others": "{count} andre styringsformer",
    "head_baseline": "ingen styringsform {what} klart bedre end {baseline}",
    "head_no_difference": "og at der ikke er nogen klar forskel, når det gælder {topics}",
    "does_retention_12m": "fastholder de frivillige længst",
    "does_motivation_mean": "giver de mest motiverede frivillige",
    "does_lonely_share": "giver den laveste andel ensomme voksne",
    "base_retention_12m": "fastholder de frivillige",
    "base_motivation_mean": "motiverer de frivillige",
    "base_lonely_share": "skærmer voksne mod ensomhed",
    "topic_retention_12m": "fastholdelsen af frivillige",
    "topic_motivation_mean": "de frivilliges motivation",
    "topic_lonely_share": "andelen af ensomme voksne",
    "head_unsure": (
        "En enkelt simuleret befolkning kan ikke vise, om en forskel mellem styringsformer skyldes "
        "tilfældigheder. Tallene nedenfor viser, hvordan modellen virker; de rangordner intet."
    ),
    "head_run": (
        "Efter {years} er {volunteers} ud af 1.000 voksne frivillige, {retention} af de nye "
        "frivillige er der stadig efter tolv måneder, og {lonely} af de voksne er ensomme. Det er "
        "ét muligt forløb og siger intet om usikkerheden."
    ),
    # answer, points
    "point_retention_12m": "Fastholdelse",
    "point_motivation_mean": "Motivation",
    "point_lonely_share": "Ensomhed",
    "point_hours": "Timer",
    "point_people": "Personer",
    "point_turn": "Rangorden",
    "point_sure": "Sikkerhed",
    "point_note": "Bemærk",
    "top_retention_12m": "er andelen, der stadig er frivillige efter tolv måneder, højest",
    "top_motivation_mean": "er motivationen (0–1) højest",
    "top_lonely_share": "er andelen af ensomme voksne lavest",
    "most_retention_12m": (
        "Andelen, der stadig er frivillige efter tolv måneder, er højest under {best}"
    ),
    "most_motivation_mean": "Motivationen (0–1) er højest under {best}",
    "most_lonely_share": "Andelen af ensomme voksne er lavest under {best}",
    "low_retention_12m": "er den lavest",
    "low_motivation_mean": "er den lavest",
    "low_lonely_share": "er den højest",
    "leads": (
        "Under {best} {top}: {level} mod {base} under {baseline}, en forskel på {difference} "
        "(95 %-sikkerhedsinterval {interval})."
    ),
    "tied": "Styringsformen kan ikke skelnes klart fra {tied}.",
    "not_tied": "Styringsformen ligger klart foran alle de andre.",
    "tied_many": "Styringsformen kan ikke skelnes klart fra {count} andre: {tied}.",
    "worst": "Under {worst} {low}: {level} ({difference}, {interval}).",
    "none": (
        "Ingen klar forskel. For alle styringsformer indeholder intervallet for forskellen til "
        "{baseline} ({base}) nul; de ligger alle mellem {low} og {high}."
    ),
    "identical": (
        "Slet ingen forskel: alle styringsformer giver præcis det samme som {baseline} ({base})."
    ),
    "none_one": (
        "Ingen klar forskel. Under {regime} er tallet {level}, under {baseline} {base}: en "
        "forskel på {difference}, og intervallet ({interval}) indeholder nul."
    ),
    "baseline_best": (
        "Ingen styringsform klarer sig klart bedre end {baseline} ({base}). Klart dårligere: "
        "{poorer}."
    ),
    "does": "{names}",
    "do": "{names}",
    "unsure": (
        "{most} ({level}; {baseline} {base}), men én gentagelse viser kun ét muligt forløb."
    ),
    "averted": (
        "Over {years} bliver det til {averted} færre ensomme personår pr. 1.000 voksne end under "
        "{baseline} ({interval})."
    ),
    "averted_more": (
        "Over {years} bliver det til {averted} flere ensomme personår pr. 1.000 voksne end under "
        "{baseline} ({interval})."
    ),
    "small": (
        "Effekterne er små i forhold til niveauet: fra den bedste til den dårligste styringsform "
        "flytter andelen sig {span}, og {rest} er fortsat ensomme under den bedste."
    ),
    "hours_same": (
        "{names} bruger omtrent lige så mange medarbejdertimer som {baseline} ({base} om måneden "
        "pr. 1.000 voksne): ingen klar forskel."
    ),
    "hours_item": "{name} bruger {level} om måneden pr. 1.000 voksne ({difference}, {interval})",
    "hours_base": "{baseline} bruger {level}",
    "hours_same_many": (
        "{names} bruger omtrent lige så mange medarbejdertimer som {baseline} ({base} om måneden "
        "pr. 1.000 voksne): ingen klar forskel."
    ),
    "hours_least": "{name} bruger færrest timer, {level} ({difference}); {effect}.",
    "hours_least_worse": "den klarer sig klart dårligere end {baseline} på {topics}",
    "hours_least_fine": (
        "den klarer sig ikke klart dårligere end {baseline} på nogen af de tre spørgsmål"
    ),
    "people": (
        "Under {regime} scorer {gain} ud af 1.000 borgere ({gain_interval}) mindst ét point lavere "
        "på ensomhedsskalaen (3–9) i det sidste år, end de samme personer gør under {baseline}; "
        "{loss} ud af 1.000 ({loss_interval}) scorer mindst ét point højere."
    ),
    "people_chance": (
        "Noget af begge dele er tilfældigheder: en styringsform giver pladser og følgeskab til "
        "andre personer, og dermed ændrer hver enkelts held sig. Det er balancen mellem de to "
        "sider, der tæller."
    ),
    "turn_intro": (
        "Dialog tager tid. Derfor er styringsformerne også kørt med {count} forskellige "
        "timetal, fra {low} til {high} timer om måneden pr. medarbejder, med {replicates} "
        "gentagelser hver."
    ),
    "turn_missing": (
        "Dette studie er ikke kørt med forskellige antal medarbejdertimer. Den samme velfaerd "
        "compare med --staff-hours default tilføjer det."
    ),
    "turn_turns": (
        "{topic}: {ahead} er klart bedre end {behind} {at} om måneden pr. medarbejder; "
        "{at_behind} er det klart omvendt. Rangordenen vender mellem {low} og {high} timer, "
        "omkring {near}."
    ),
    "turn_mixed": (
        "{topic}: rangordenen mellem {ahead} og {behind} skifter mere end én gang. {ahead} er "
        "klart bedre {at} om måneden pr. medarbejder, {behind} {at_behind}."
    ),
    "turn_leans": (
        "{topic}: {ahead} ligger klart foran {behind} {at} om måneden pr. medarbejder. Med flere "
        "timer krydser kurverne hinanden (omkring {near}), men at {behind} er bedre dér, er ikke "
        "klart: intervallerne indeholder nul."
    ),
    "turn_leans_late": (
        "{topic}: {ahead} ligger klart foran {behind} {at} om måneden pr. medarbejder. Med færre "
        "timer krydser kurverne hinanden (omkring {near}), men at {behind} er bedre dér, er ikke "
        "klart: intervallerne indeholder nul."
    ),
    "turn_ahead": (
        "{topic}: {ahead} ligger klart foran {behind} {at} og klart bagud ved ingen af de "
        "undersøgte timetal ({fewest} til {most} om måneden pr. medarbejder): rangordenen vender "
        "ikke klart."
    ),
    "turn_ahead_all": (
        "{topic}: {ahead} ligger klart foran {behind} ved alle undersøgte timetal ({fewest} til "
        "{most} om måneden pr. medarbejder): rangordenen vender ikke."
    ),
    "turn_close": (
        "{topic}: {ahead} og {behind} kan ikke skelnes ved noget undersøgt timetal ({fewest} til "
        "{most} om måneden pr. medarbejder)."
    ),
    "at_hours": "ved {hours} timer",
    "at_all_hours": "ved alle undersøgte timetal",
    "turn_head": "Rangordenen afhænger af medarbejdertimerne. {sentence}",
    "turn_head_none": (
        "Ingen af de undersøgte par bytter klart plads med antallet af medarbejdertimer. {sentence}"
    ),
    "sure": (
        "Intervallerne (95 %, {replicates} gentagelser) dækker tilfældigheder i modellen, hver "
        "sammenligning for sig; af tyve sammenligninger uden nogen forskel ville én blive markeret "
        "som klar. De dækker ikke, om antagelserne holder: ingen styringsform har en målt effekt i "
        "Danmark, og de fleste størrelser er antaget."
    ),
    "sure_sequential": (
        "Intervallerne (95 %, gyldige uanset hvornår der stoppes, {replicates} gentagelser) dækker "
        "tilfældigheder i modellen, hver sammenligning for sig. De dækker ikke, om antagelserne "
        "holder: ingen styringsform har en målt effekt i Danmark, og de fleste størrelser er "
        "antaget."
    ),
    "sure_one": (
        "Én gentagelse siger intet om usikkerheden: det vides ikke, hvor meget af en forskel der "
        "er tilfældigheder. Kør flere gentagelser, før et tal gives videre."
    ),
    "note_crisis_mode": "{regime} er tænkt til måneder, ikke til år.",
    "the_status_quo": "status quo",
}
