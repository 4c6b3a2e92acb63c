"""Texts for what was wrong with an input, a file or a study: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "missing": ("nothing is given", "der mangler en værdi"),
    "not_allowed": ("{value} is not allowed", "{value} kan ikke bruges"),
    "the_file": ("the file", "filen"),
    "allowed": ("allowed: {what}", "brug {what}"),
    "suggested": ("did you mean '{name}'?", "mente du »{name}«?"),
    "whole_between": (
        "a whole number from {low} to {high}",
        "et helt tal fra {low} til {high}",
    ),
    "whole": ("a whole number", "et helt tal"),
    "number_between": ("a number from {low} to {high}", "et tal fra {low} til {high}"),
    "number": ("a number", "et tal"),
    "between": ("{low} to {high}", "et tal fra {low} til {high}"),
    "one_of": ("one of {names}", "en af disse: {names}"),
    "either": ("{one} or {other}", "{one} eller {other}"),
    "parameter": (
        "the name of a parameter (see: velfaerd parameters)",
        "navnet på en parameter (se: velfaerd parameters)",
    ),
    "name": (
        "a name of 1 to {most} printable characters without slashes",
        "et navn på 1 til {most} tegn uden skråstreger",
    ),
    "pair": ("NAME:VALUE", "NAVN:VÆRDI"),
    "toml": ("valid TOML ({reason})", "gyldig TOML ({reason})"),
    "small_file": ("a file of at most {bytes} bytes", "en fil på højst {bytes} bytes"),
    "shallow": ("keys of at most {parts} parts", "nøgler med højst {parts} dele"),
    "keys": ("the keys {names}", "nøglerne {names}"),
    "one_town": (
        "one municipality; for several use the map or the command line",
        "én kommune; brug kortet eller kommandolinjen til flere",
    ),
    "one_regime": (
        "one regime at all times; use the command line for a timeline",
        "den samme styring hele vejen; brug kommandolinjen til skift undervejs",
    ),
    "file_only": ("a scenario file only", "kun en scenariefil, der ikke bygger på en anden"),
    "table": ("a table of keys and values", "en tabel med nøgler og værdier"),
    "study_folder": (
        "the name of a folder with a study, inside the results folder",
        "navnet på en mappe med et studie inde i resultatmappen",
    ),
    "table_of_study": ("one of the tables of the study", "en af studiets tabeller"),
    "no_links": (
        "a study without symbolic links in its folder",
        "et studie uden symbolske links i mappen",
    ),
    "offered": ("one of those that are offered", "en af dem, der tilbydes"),
    "most_here": (
        "at most {size} MB here; the file itself lies in the results folder",
        "højst {size} MB her; selve filen ligger i resultatmappen",
    ),
    "most": ("at most {size} MB", "højst {size} MB"),
    "done_calibration": ("a calibration that is done", "en færdig kalibrering"),
    "untold": ("{message}", "{message} (meldt på engelsk)"),
    "because": ("{told}: {reason}", "{told}: {reason}"),
    "cannot_read": ("cannot read {name}", "{name} kan ikke læses"),
    "no_record": (
        "{name} is not the record of a study",
        "{name} er ikke en beskrivelse af et studie",
    ),
    "no_sweep": (
        "{name} does not hold the study of a sweep",
        "{name} beskriver ikke et parameterstudie",
    ),
    "no_calibration": (
        "{name} does not hold a calibration",
        "{name} beskriver ikke en kalibrering",
    ),
    "changed": (
        "{name} was changed after it was written",
        "{name} er blevet ændret, efter at den blev skrevet",
    ),
    "damaged": ("{name} is damaged", "{name} er beskadiget"),
    "no_column": (
        "{name} has no column {column}: it is not what a study writes",
        "{name} har ingen kolonne {column}: filen er ikke skrevet af en af kommandoerne",
    ),
    "no_outcome": ("{name} has no outcome {outcome}", "{name} har ikke resultatet {outcome}"),
    "do_not_fit": (
        "the files in {name} do not fit its record",
        "filerne i {name} passer ikke til studiets beskrivelse",
    ),
    "missing_rows": (
        "a table of the study has missing rows",
        "der mangler rækker i en af studiets tabeller",
    ),
    "other_claim": (
        "{name} is not the table of the claim as it is written now",
        "{name} hører ikke til påstanden, som den er skrevet nu",
    ),
    "no_analysis": (
        "{name} is not what an analysis writes; remove it",
        "{name} er ikke skrevet af en analyse; fjern den",
    ),
    "too_large": ("{name} is too large to be shown", "{name} er for stor til at blive vist"),
    "larger": ("{name} is larger than {size} MB", "{name} er større end {size} MB"),
    "busy": (
        "the server is busy with others' work; try again in a moment",
        "serveren er optaget af andres arbejde; prøv igen om et øjeblik",
    ),
    "too_much": (
        "{count} pieces of work are under way; wait or stop one",
        "der er {count} opgaver i gang; vent, eller stop en af dem",
    ),
    "no_file": ("No such file or directory", "filen findes ikke"),
    "no_permission": ("Permission denied", "der er ikke adgang til den"),
    "is_folder": ("Is a directory", "det er en mappe"),
    "disk_fault": ("Input/output error", "fejl på disken"),
    "no_parquet": ("not a Parquet file", "det er ikke en hel Parquet-fil"),
    "no_json": (
        "not JSON from line {line}, character {column} on",
        "det er ikke JSON fra linje {line}, tegn {column}",
    ),
    "too_deep": ("maximum recursion depth exceeded", "den er for dybt forgrenet"),
    "no_memory": ("not enough memory", "der er ikke hukommelse nok"),
}

PLACES = {"study": "studie", "table": "tabel", "file": "fil", "folder": "mappe"}
"""Places in Danish that are no names of files or keys."""

_NUMBER = r"-?[\d.e+]+"
ALLOWED = (
    (rf"a whole number from (?P<low>{_NUMBER}) to (?P<high>{_NUMBER})", "whole_between"),
    (rf"a number from (?P<low>{_NUMBER}) to (?P<high>{_NUMBER})( \(.*\))?", "number_between"),
    (rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})", "between"),
    (r"a whole number", "whole"),
    (r"a number", "number"),
    (r"one of (?!the tables|those)(?P<names>.*)", "one_of"),
    (r"the name of a parameter .*", "parameter"),
    (r"a name of 1 to (?P<most>\d+) printable characters without slashes", "name"),
    (r"NAME:VALUE", "pair"),
    (r"valid TOML \((?P<reason>.*)\)", "toml"),
    (r"a (file|text) of at most (?P<bytes>\d+) bytes", "small_file"),
    (r"keys of at most (?P<parts>\d+) parts", "shallow"),
    (r"the keys (?P<names>.*)", "keys"),
    (r"one municipality; .*", "one_town"),
    (r"one regime at all times; .*", "one_regime"),
    (r"a table of keys and values", "table"),
    (r"a scenario file only", "file_only"),
    (r"the name of a folder with a study, .*", "study_folder"),
    (r"one of the tables of the study", "table_of_study"),
    (r"a study without symbolic links .*", "no_links"),
    (r"one of those that are offered", "offered"),
    (r"at most (?P<size>\d+) MB here; .*", "most_here"),
    (r"at most (?P<size>\d+) MB", "most"),
    (r"a calibration that is done", "done_calibration"),
    (r"(?P<one>\S+) or (?P<other>\S+)", "either"),
)
"""What the package says is allowed, as a pattern, and the key of its text."""

SAID = (
    (r"cannot read (?P<name>[^:]+): (?P<reason>.*)", "cannot_read"),
    (r"(?P<name>.+) is not the record of a study(: (?P<reason>.*))?", "no_record"),
    (r"(?P<name>.+) does not hold the study of a sweep(: (?P<reason>.*))?", "no_sweep"),
    (r"(?P<name>.+) does not hold a calibration(: (?P<reason>.*))?", "no_calibration"),
    (r"(?P<name>.+) was (changed|damaged) after it was written", "changed"),
    (r"(?P<name>.+) is damaged(: its content does not fit its name)?", "damaged"),
    (r"(?P<name>.+) has no column (?P<column>.+): it is not what .*", "no_column"),
    (r"(?P<name>.+) has no outcome (?P<outcome>.+)", "no_outcome"),
    (r"the files in (?P<name>.+) do not fit its record( \((?P<reason>.*)\))?", "do_not_fit"),
    (r"a table of the study has missing rows", "missing_rows"),
    (r"(?P<name>.+) is not the table of the claim as it is written now", "other_claim"),
    (r"(?P<name>.+) is not what an analysis writes; remove it", "no_analysis"),
    (r"(?P<name>.+) is too large to be shown", "too_large"),
    (r"(?P<name>.+) is larger than (?P<size>\d+) MB", "larger"),
    (r"the server is busy with .*", "busy"),
    (r"(?P<count>\d+) pieces of work are under way; .*", "too_much"),
)
"""What the package says of files, studies and work, as a pattern, and the key of its text."""

REASONS = (
    (r"No such file or directory.*", "no_file"),
    (r"Permission denied.*", "no_permission"),
    (r"Is a directory.*", "is_folder"),
    (r"Input/output error.*", "disk_fault"),
    (r".*(Parquet magic bytes|Parquet file size is|is not a Parquet).*", "no_parquet"),
    (r"maximum recursion depth exceeded.*", "too_deep"),
    (r"MemoryError.*", "no_memory"),
    (r".*: line (?P<line>\d+) column (?P<column>\d+) \(char \d+\).*", "no_json"),
)
"""What the system says of why, as a pattern, and the key of its text; others stay as they are."""
