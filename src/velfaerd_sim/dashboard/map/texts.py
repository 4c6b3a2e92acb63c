"""The texts of the map's page: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "map_title": ("Denmark under two ways of governing", "Danmark under to måder at styre på"),
    "map_intro": (
        "All 98 municipalities, each with its own size, age mix and local habits, ten years under"
        " governance A and under governance B: the same people, the same luck. Every municipality"
        " has one square, near where it lies.",
        "Alle 98 kommuner, hver med sin størrelse, aldersfordeling og lokale vaner, ti år under"
        " styring A og under styring B: de samme mennesker, de samme tilfældigheder. Hver kommune"
        " har ét felt, nær det sted, hvor den ligger.",
    ),
    "outcome": ("Outcome", "Resultat"),
    "outcome_help": (
        "What the squares are coloured by. {definition}.",
        "Det, som felterne er farvet efter. {definition}.",
    ),
    "regime_a": ("Governance A", "Styring A"),
    "regime_b": ("Governance B", "Styring B"),
    "shown": ("On the map", "På kortet"),
    "difference": ("B minus A", "B minus A"),
    "adults": ("Adults simulated", "Voksne i simulationen"),
    "adults_help": (
        "With fewer adults the answer comes sooner, and chance moves the small municipalities more."
        " With every adult it takes a good half minute and nearly a gigabyte of memory, so the"
        " server makes one such run at a time. With one in 100, the intervals of what few"
        " volunteers carry, such as retention, are too narrow.",
        "Med færre voksne kommer svaret hurtigere, og tilfældigheder flytter de små kommuner mere."
        " Med alle voksne tager det et godt halvt minut og næsten en gigabyte hukommelse, så"
        " serveren laver én kørsel ad gangen. Med hver 100. voksen er intervallerne for det, som få"
        " frivillige bærer, fx fastholdelse, for smalle.",
    ),
    "every_adult": ("Every adult ({count})", "Alle voksne ({count})"),
    "one_in": ("One in {number} ({count})", "Hver {number}. ({count})"),
    "yearly": ("Mean of twelve months", "Gennemsnit af tolv måneder"),
    "yearly_help": (
        "Each value is the mean of the month and the eleven before it, so that the chance of one"
        " month does not colour the map.",
        "Hver værdi er gennemsnittet af måneden og de elleve før den, så én måneds tilfældigheder"
        " ikke farver kortet.",
    ),
    "run": ("Run Denmark", "Kør Danmark"),
    "cancel": ("Cancel", "Afbryd"),
    "running": ("Denmark is being simulated: {share}", "Danmark simuleres: {share}"),
    "waiting": (
        "Another run of Denmark is under way; yours starts when it is done.",
        "En anden kørsel af Danmark er i gang; din starter, når den er færdig.",
    ),
    "empty": ("No run of this yet", "Ikke kørt endnu"),
    "empty_what": (
        "Press “{run}” to simulate {count} adults in 98 municipalities.",
        "Tryk på »{run}« for at simulere {count} voksne i 98 kommuner.",
    ),
    "failed": ("The run failed: {message}", "Kørslen mislykkedes: {message}"),
    "failed_unexpected": (
        "an unexpected error, which is noted in the server's log; try fewer adults",
        "en uventet fejl, som er noteret i serverens log; prøv med færre voksne",
    ),
    "bad_link": (
        "The address held something that is not on the map: “{what}” cannot be “{value}”. The rest"
        " of it is shown.",
        "Adressen indeholdt noget, som ikke findes på kortet: »{what}« kan ikke være »{value}«."
        " Resten af den vises.",
    ),
    "dismiss": ("Dismiss", "Luk"),
    "tiles_label": (
        "Denmark's 98 municipalities, coloured by {outcome}. Arrow keys move between them.",
        "Danmarks 98 kommuner, farvet efter {outcome}. Piletasterne flytter mellem dem.",
    ),
    "of_a": ("under A: {regime}", "under A: {regime}"),
    "of_b": ("under B: {regime}", "under B: {regime}"),
    "of_difference": ("B: {b}, minus A: {a}", "B: {b}, minus A: {a}"),
    "interval": ("{low} to {high}", "{low} til {high}"),
    "interval_head": ("95 % interval", "95 %-interval"),
    "interval_title": (
        "Of the difference, as far as chance goes",
        "For forskellen, hvad tilfældigheder angår",
    ),
    "interval_clear": (
        "95 % interval of the difference: {interval}.",
        "95 %-interval for forskellen: {interval}.",
    ),
    "interval_unclear": (
        "95 % interval of the difference: {interval}. It holds zero, so this may be chance.",
        "95 %-interval for forskellen: {interval}. Det rummer nul, så det kan være tilfældigt.",
    ),
    "may_be_chance": ("may be chance", "kan være tilfældigt"),
    "grey_unclear": (
        "Grey: the interval holds zero, so the difference may be chance.",
        "Grå: intervallet rummer nul, så forskellen kan være tilfældig.",
    ),
    "framed": (
        "only framed: may be chance",
        "kun ramme: kan være tilfældigt",
    ),
    "by_month": ("{unit}; months from the start", "{unit}; måneder fra starten"),
    "by_month_band": (
        "{unit}, with 95 % interval; months from the start",
        "{unit}, med 95 %-interval; måneder fra starten",
    ),
    "better": ("B is better", "B er bedre"),
    "worse": ("A is better", "A er bedre"),
    "more_b": ("more under B", "mere under B"),
    "more_a": ("more under A", "mere under A"),
    "no_value": ("no value", "ingen værdi"),
    "play": ("Play the months", "Afspil månederne"),
    "pause": ("Pause", "Pause"),
    "after_start": ("Time", "Tid"),
    "country": ("Denmark", "Danmark"),
    "country_about": (
        "98 municipalities, {count} adults simulated",
        "98 kommuner, {count} voksne simuleret",
    ),
    "choose_one": (
        "Choose a municipality on the map or in the table to see its curves.",
        "Vælg en kommune på kortet eller i tabellen for at se dens kurver.",
    ),
    "back_to_country": ("Show all of Denmark", "Vis hele Danmark"),
    "people": ("{count} inhabitants (2020)", "{count} indbyggere (2020)"),
    "simulated": ("{count} adults simulated", "{count} voksne simuleret"),
    "rank": ("no. {rank} of 98", "nr. {rank} af 98"),
    "curve_label": (
        "{outcome} in {place} over ten years under A and B",
        "{outcome} i {place} gennem ti år under A og B",
    ),
    "curve_neighbours": ("thin: its neighbours below, under B", "tynd: naboerne nedenfor, under B"),
    "curve_country": ("thin: all of Denmark under B", "tynd: hele Danmark under B"),
    "difference_curve": ("Difference, B minus A", "Forskel, B minus A"),
    "neighbours": ("Nearest in size and type", "Nærmest i størrelse og type"),
    "neighbours_help": (
        "Municipalities of the same of Statistics Denmark's five types whose populations are"
        " nearest in proportion.",
        "Kommuner af samme type i Danmarks Statistiks inddeling i fem, hvis folketal ligger"
        " forholdsmæssigt nærmest.",
    ),
    "ranking": ("All municipalities", "Alle kommuner"),
    "ranking_what": ("{outcome}, {when}", "{outcome}, {when}"),
    "after": ("after {time}", "efter {time}"),
    "at_start": ("at the start", "ved starten"),
    "municipality": ("Municipality", "Kommune"),
    "type": ("Type", "Type"),
    "region": ("Region", "Region"),
    "inhabitants": ("Inhabitants", "Indbyggere"),
    "place": ("No.", "Nr."),
    "search_town": ("Find a municipality, type or region", "Find en kommune, type eller region"),
    "counted": ("{shown} of {all}", "{shown} af {all}"),
    "nothing_found": (
        "Nothing fits the search. Try a shorter word.",
        "Ingen passer til søgningen. Prøv et kortere ord.",
    ),
    "kind_capital": ("Capital", "Hovedstad"),
    "kind_large_city": ("Large city", "Storby"),
    "kind_provincial_city": ("Provincial city", "Provinsby"),
    "kind_commuter": ("Commuter", "Opland"),
    "kind_rural": ("Rural", "Land"),
    "values": ("Values", "Værdier"),
    "values_csv": ("Values (CSV)", "Værdier (CSV)"),
    "values_parquet": ("Values (Parquet)", "Værdier (Parquet)"),
    "all_months": (
        "this outcome, every municipality and month",
        "dette resultat, hver kommune og måned",
    ),
    "picture_of": ("Map as shown", "Kortet som vist"),
    "map_svg": ("Map (SVG)", "Kort (SVG)"),
    "map_png": ("Map (PNG)", "Kort (PNG)"),
    "print_mean": ("means of twelve months", "gennemsnit af tolv måneder"),
    "print_share": ("one adult in {number}", "én ud af {number} voksne"),
    "print_run": ("seed {seed} · month {month}", "frø {seed} · måned {month}"),
    "scenario_title": (
        "Denmark: all 98 municipalities with one adult in {number}",
        "Danmark: alle 98 kommuner med én ud af {number} voksne",
    ),
    "scenarios": ("Scenarios", "Scenarier"),
    "scenario_a": ("Scenario under A (TOML)", "Scenarie under A (TOML)"),
    "scenario_b": ("Scenario under B (TOML)", "Scenarie under B (TOML)"),
    "how_sure": ("How to read it", "Sådan læses det"),
    "how_sure_text": (
        "This is one run of a model, not a forecast of any municipality. The municipalities differ"
        " in people, type, age mix and a drawn local deviation from the announced governance; they"
        " do not differ in what the model does not know about them. Both governances share all"
        " chance, so a difference is caused by the governance alone; yet whom it reaches is chance,"
        " and where few adults are simulated that can be most of it. Municipalities live apart in"
        " the model, so how far they scatter tells how much chance moves one of a given size, and"
        " the whole country: the 95 % intervals are made from that. Real differences between"
        " municipalities are part of the scatter, so the intervals are rather too wide. They say"
        " nothing about whether the model is right; simulate more adults to make them narrower.",
        "Dette er én kørsel af en model, ikke en forudsigelse for nogen kommune. Kommunerne er"
        " forskellige i folketal, type, alder og en tilfældig lokal afvigelse fra den udmeldte"
        " styring; de er ikke forskellige i det, som modellen ikke ved om dem. Begge styringer"
        " deler alle tilfældigheder, så en forskel skyldes styringen alene; men hvem den når, er"
        " tilfældigt, og hvor få voksne er simuleret, kan det være det meste af den. Kommunerne"
        " lever hver for sig i modellen, så deres spredning viser, hvor meget tilfældet flytter en"
        " kommune af en given størrelse, og hele landet: derfra stammer 95 %-intervallerne."
        " Virkelige forskelle mellem kommunerne indgår i spredningen, så intervallerne er snarere"
        " for brede. De siger intet om, hvorvidt modellen er rigtig; med flere voksne i"
        " simulationen bliver de smallere.",
    ),
}
