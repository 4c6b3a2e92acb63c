"""What errors of the package say in English, as patterns, and the keys of their texts."""

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
    (
        r"(?P<name>.+) was written in format (?P<format>\d+) by version (?P<version>.+) "
        r"\(source (?P<source>\S+)\), and this version reads format (?P<own>\d+); .*",
        "other_format",
    ),
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
