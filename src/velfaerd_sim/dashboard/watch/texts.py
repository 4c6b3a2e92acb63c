"""Texts of the page Watch, in English and Danish."""

from __future__ import annotations

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "watch_title": ("One town, two ways of governing it", "Én by, to måder at styre den på"),
    "watch_lead": (
        "The same people and the same luck under A and B, month by month. One town is one example: "
        "how sure a difference is, Compare tells.",
        "De samme mennesker og de samme tilfældigheder under A og B, måned for måned. Én by er ét "
        "eksempel: hvor sikker en forskel er, står under Sammenlign.",
    ),
    "regime_a": ("Governance A", "Styring A"),
    "regime_b": ("Governance B", "Styring B"),
    "regime_help": (
        "How the municipality governs the collaboration from month 1 on. Until then both towns "
        "live under the status quo.",
        "Sådan styrer kommunen samarbejdet fra måned 1. Indtil da har begge byer status quo.",
    ),
    "town_size": ("Size", "Størrelse"),
    "town_size_help": (
        "Adults in the town; every one of them is drawn. A larger town has more initiatives.",
        "Voksne i byen; hver eneste er tegnet. En større by har flere indsatser.",
    ),
    "adults_option": ("{count} adults", "{count} voksne"),
    "horizon": ("Horizon", "Tidshorisont"),
    "horizon_help": (
        "How long A and B govern.",
        "Hvor længe A og B styrer.",
    ),
    "luck": ("Town", "By"),
    "luck_help": (
        "The number that all chance is drawn from. Another number is another town with other "
        "people; the same number gives the same town again.",
        "Tallet, som alle tilfældigheder trækkes fra. Et andet tal giver en anden by med andre "
        "mennesker; det samme tal giver den samme by igen.",
    ),
    "luck_option": ("Town no. {number}", "By nr. {number}"),
    "opening": ("Simulating the town and its past …", "Byen og dens forhistorie simuleres …"),
    "opening_what": (
        "The first time after an update this takes half a minute.",
        "Første gang efter en opdatering tager det et halvt minut.",
    ),
    "failed": ("The town could not be simulated", "Byen kunne ikke simuleres"),
    "failed_what": (
        "Choose other settings above, or reload the page.",
        "Vælg andre indstillinger ovenfor, eller genindlæs siden.",
    ),
    "link_ignored": (
        "Part of the link could not be read; the usual setting stands in its place: {what}",
        "En del af linket kunne ikke læses; her gælder den sædvanlige indstilling: {what}",
    ),
    "dismiss": ("Dismiss", "Luk"),
    "files_scenarios": ("Scenarios", "Scenarier"),
    "files_scenario": ("Scenario {side}", "Scenarie {side}"),
    "files_scenario_detail": ("TOML, for the command line", "TOML, til kommandolinjen"),
    "files_data": ("Data of the run so far", "Data fra kørslen indtil nu"),
    "files_months": ("All outcomes by month", "Alle resultater pr. måned"),
    "files_events": ("What happened", "Hvad der skete"),
    "files_events_detail": ("CSV, one row an event", "CSV, en række pr. hændelse"),
    "files_picture": ("Picture of the month", "Billede af måneden"),
    "files_picture_both": ("A and B side by side", "A og B side om side"),
    "files_vector": ("SVG, for print", "SVG, til tryk"),
    "files_pixels": ("PNG, for slides", "PNG, til præsentationer"),
    "files_failed": ("The file could not be made: {what}", "Filen kunne ikke laves: {what}"),
    "picture_foot": (
        "velfaerd_sim · {when} · town no. {town} · scenarios {digest}",
        "velfaerd_sim · {when} · by nr. {town} · scenarier {digest}",
    ),
    # the player
    "controls": ("Clock", "Ur"),
    "play": ("Play", "Afspil"),
    "pause": ("Pause", "Pause"),
    "step": ("One month", "Én måned"),
    "restart": ("Back to the start", "Til start"),
    "speed": ("Speed", "Hastighed"),
    "speed_option": ("{count} months/s", "{count} mdr./sek."),
    "speed_one": ("1 month/s", "1 md./sek."),
    "jump": ("Jump to month", "Gå til måned"),
    "clock": ("Month {month} of {last}", "Måned {month} af {last}"),
    "clock_start": ("Before the change", "Før ændringen"),
    "clock_years": ("year {year}, month {month}", "år {year}, måned {month}"),
    "fetching": ("Simulating …", "Simulerer …"),
    "colour_by": ("Colour", "Farve"),
    "loneliness": ("Loneliness", "Ensomhed"),
    "motivation": ("Motivation", "Motivation"),
    "picture": (
        "Picture of town {side}: {volunteers} volunteers, {initiatives} initiatives, "
        "{participants} participants, {lonely} lonely. Arrow keys move from citizen to citizen.",
        "Billede af by {side}: {volunteers} frivillige, {initiatives} indsatser, "
        "{participants} deltagere, {lonely} ensomme. Piletasterne går fra borger til borger.",
    ),
    "legend": ("How to read the picture", "Sådan læses billedet"),
    "legend_ring": (
        "Each dot is a citizen, seated by age, youngest at the top and clockwise.",
        "Hver prik er en borger, placeret efter alder, de yngste øverst og så med uret.",
    ),
    "legend_volunteer": (
        "Volunteers leave their seat and stand around their initiative.",
        "Frivillige forlader deres plads og står omkring deres indsats.",
    ),
    "legend_participant": (
        "A line ties a participant to the initiative or to a companion.",
        "En streg forbinder en deltager med indsatsen eller med en ledsager.",
    ),
    "legend_initiative": (
        "An initiative, with its number, near its department.",
        "En indsats med sit nummer, tæt på sin forvaltning.",
    ),
    "legend_keys": (
        "Keys: space plays and pauses, Home goes back to the start, arrows on a picture move from "
        "citizen to citizen.",
        "Taster: mellemrumstasten afspiller og holder pause, Home går til start, og piletasterne "
        "på et billede går fra borger til borger.",
    ),
    "legend_score": ("Loneliness score (3–9); lonely from 7", "Ensomhedsscore (3–9); ensom fra 7"),
    "legend_motivation": (
        "Volunteers' motivation (0 to 1)",
        "De frivilliges motivation (0 til 1)",
    ),
    "series_volunteers": ("{label} per 1,000", "{label} pr. 1.000"),
    "low": ("<0.32", "<0,32"),
    "high": ("≥0.68", "≥0,68"),
    "lonely_short": ("lonely", "ensomme"),
    "volunteers_short": ("volunteers", "frivillige"),
    "initiatives_short": ("initiatives", "indsatser"),
    "participants_short": ("participants", "deltagere"),
    # the log
    "log": ("What happened in {side}", "Hvad der skete i {side}"),
    "logs": ("What happened", "Hvad der skete"),
    "log_empty": (
        "Nothing yet. Press play, or step a month.",
        "Intet endnu. Tryk på afspil, eller gå en måned frem.",
    ),
    "log_hidden": (
        "Nothing of the chosen kinds yet.",
        "Intet af den valgte slags endnu.",
    ),
    "log_show": ("Show", "Vis"),
    "kind_initiatives": ("Initiatives", "Indsatser"),
    "kind_volunteers": ("Volunteers", "Frivillige"),
    "kind_participants": ("Participants", "Deltagere"),
    "log_month": ("Month {month}", "Måned {month}"),
    "log_crossed": (
        "{onsets} became lonely, {recoveries} recovered",
        "{onsets} blev ensomme, {recoveries} kom ud af ensomhed",
    ),
    # a life
    "life": ("One life so far", "Et liv indtil nu"),
    "life_of": ("Citizen", "Borger"),
    "hover_citizen": ("Citizen {number}", "Borger {number}"),
    "life_empty": (
        "Click on a dot, or find somebody to follow under A and B.",
        "Klik på en prik, eller find en borger at følge i A og B.",
    ),
    "life_find": ("Find", "Find"),
    "life_number": ("Citizen no.", "Borger nr."),
    "life_go": ("Show", "Vis"),
    "life_wrong": ("There are citizens 1 to {count}.", "Der er borgere 1 til {count}."),
    "find_lonely": ("a lonely citizen", "en ensom borger"),
    "find_volunteer": ("a volunteer", "en frivillig"),
    "find_participant": ("a participant", "en deltager"),
    "find_differs": ("who differs most", "størst forskel"),
    "find_none": ("There is nobody like that now.", "Der er ingen af den slags lige nu."),
    "life_close": ("Close", "Luk"),
    "life_about": ("{age} years · {ties} ties", "{age} år · {ties} relationer"),
    "life_score": ("Loneliness score", "Ensomhedsscore"),
    "life_lonely_months": (
        "Lonely in {count} of {months} months",
        "Ensom i {count} af {months} måneder",
    ),
    "life_score_now": ("score {score}", "score {score}"),
    "life_is_lonely": ("lonely", "ensom"),
    "life_not_lonely": ("not lonely", "ikke ensom"),
    "life_known": ("known to the municipality", "kendt af kommunen"),
    "life_unknown": ("unknown to the municipality", "ukendt for kommunen"),
    "role_volunteer": (
        "volunteer in {initiative}, motivation {motivation}",
        "frivillig i {initiative}, motivation {motivation}",
    ),
    "role_participant": ("takes part in {initiative}", "deltager i {initiative}"),
    "role_with": ("with citizen {companion}", "med borger {companion}"),
    "role_none": ("no role", "ingen rolle"),
    "life_quiet": ("Nothing happened yet.", "Der er ikke sket noget endnu."),
}

DEPARTMENT_TEXTS: Table = {
    "department_social": ("social services", "social"),
    "department_elder_and_health": ("elders & health", "ældre & sundhed"),
    "department_children_and_school": ("children & school", "børn & skole"),
    "department_culture_and_leisure": ("culture & leisure", "kultur & fritid"),
    "department_employment": ("employment", "beskæftigelse"),
}

EVENT_TEXTS: Table = {
    "citizen": ("citizen {number}", "borger {number}"),
    "initiative": ("no. {number} ({department})", "nr. {number} ({department})"),
    "opened": (
        "Initiative {initiative} opened: {format}, {route}",
        "Indsats {initiative} åbnede: {format}, {route}",
    ),
    "closed": (
        "Initiative {initiative} closed after {age}",
        "Indsats {initiative} lukkede efter {age}",
    ),
    "closed_stopped_one": ("1 volunteer stopped", "1 frivillig stoppede"),
    "closed_moved_one": ("1 moved on", "1 gik videre til en anden"),
    "closed_ended_one": ("1 participant lost the place", "1 deltager mistede sin plads"),
    "closed_stopped": ("{count} volunteers stopped", "{count} frivillige stoppede"),
    "closed_moved": ("{count} moved on", "{count} gik videre til en anden"),
    "closed_ended": (
        "{count} participants lost their place",
        "{count} deltagere mistede deres plads",
    ),
    "joined": (
        "Citizen {citizen} became a volunteer in {initiative}",
        "Borger {citizen} blev frivillig i {initiative}",
    ),
    "left": (
        "Citizen {citizen} stopped in {initiative}: {reason}",
        "Borger {citizen} stoppede i {initiative}: {reason}",
    ),
    "left_odds": (" (odds of stopping × {odds})", " (odds for at stoppe × {odds})"),
    "moved": (
        "Citizen {citizen} moved on from a closed initiative to {initiative}",
        "Borger {citizen} gik videre fra en lukket indsats til {initiative}",
    ),
    "matched": ("Citizen {citizen} found {initiative}", "Borger {citizen} kom med i {initiative}"),
    "matched_with": (
        ", with citizen {companion} as companion",
        ", med borger {companion} som ledsager",
    ),
    "ended": (
        "Citizen {citizen} no longer takes part in {initiative}: {reason}",
        "Borger {citizen} deltager ikke længere i {initiative}: {reason}",
    ),
    "own_joined": ("Became a volunteer in {initiative}", "Blev frivillig i {initiative}"),
    "own_left": (
        "Stopped as a volunteer in {initiative}: {reason}",
        "Stoppede som frivillig i {initiative}: {reason}",
    ),
    "own_moved": (
        "Moved on to {initiative} when the old one closed",
        "Gik videre til {initiative}, da den gamle lukkede",
    ),
    "own_matched": ("Found {initiative}", "Kom med i {initiative}"),
    "own_ended": (
        "No longer takes part in {initiative}: {reason}",
        "Deltager ikke længere i {initiative}: {reason}",
    ),
    "as_companion_matched": (
        "Became companion of citizen {citizen}",
        "Blev ledsager for borger {citizen}",
    ),
    "as_companion_ended": (
        "No longer companion of citizen {citizen}: {reason}",
        "Ikke længere ledsager for borger {citizen}: {reason}",
    ),
    "start_volunteer": (
        "Volunteer in {initiative} from before",
        "Frivillig i {initiative} i forvejen",
    ),
    "start_participant": (
        "Took part in {initiative} from before",
        "Deltog i {initiative} i forvejen",
    ),
    "became_lonely": ("Became lonely (score {score})", "Blev ensom (score {score})"),
    "recovered": ("No longer lonely (score {score})", "Ikke længere ensom (score {score})"),
    "reason_motivation": ("little motivation", "lav motivation"),
    "reason_controlled": ("felt like an employee", "følte sig som ansat"),
    "reason_exhaustion": ("worn out", "udmattelse"),
    "reason_ownership": ("little ownership", "svagt ejerskab"),
    "reason_strain": ("strain in the collaboration", "gnidninger i samarbejdet"),
    "reason_felt_bureaucracy": ("too much bureaucracy", "for meget bureaukrati"),
    "reason_tenure_months": ("new and not settled", "ny og ikke faldet til"),
    "reason_closed_initiative": ("it closed", "den lukkede"),
    "reason_everyday": ("everyday reasons", "dagligdags årsager"),
    "reason_companion_left": ("the companion stopped", "ledsageren stoppede"),
    "reason_not_lonely": ("no longer lonely", "ikke længere ensom"),
    "reason_dropped_out": ("dropped out", "faldt fra"),
    "format_one_to_one": ("in pairs", "to og to"),
    "format_group": ("in groups", "i grupper"),
    "route_municipality_invites_organisations": (
        "the municipality invited an organisation",
        "kommunen inviterede en organisation",
    ),
    "route_municipality_recruits_individuals": (
        "the municipality recruited individuals",
        "kommunen rekrutterede enkeltpersoner",
    ),
    "route_dialogue_about_what_to_do_together": (
        "from dialogue about what to do together",
        "ud af dialog om, hvad man kan gøre sammen",
    ),
    "route_users_contribute_to_municipal_tasks": (
        "users contribute to municipal tasks",
        "brugere bidrager til kommunale opgaver",
    ),
    "route_local_civil_actors_invite": (
        "on local civic initiative",
        "på initiativ fra lokale civile aktører",
    ),
    "route_regional_or_national_civil_actors_invite": (
        "on a regional or national organisation's initiative",
        "på initiativ fra en regional eller landsdækkende organisation",
    ),
}
