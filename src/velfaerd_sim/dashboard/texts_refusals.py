"""Texts for what was wrong with an input: English, Danish."""

from velfaerd_sim.dashboard.texts import Table

TEXTS: Table = {
    "missing": ("nothing is given", "der mangler en værdi"),
    "not_allowed": ("{value} is not allowed", "{value} kan ikke bruges"),
    "the_file": ("the file", "filen"),
    "allowed": ("allowed: {what}", "brug {what}"),
    "suggested": ("did you mean '{name}'?", "mente du '{name}'?"),
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
}

_NUMBER = r"-?[\d.e+]+"
ALLOWED = (
    (rf"a whole number from (?P<low>{_NUMBER}) to (?P<high>{_NUMBER})", "whole_between"),
    (rf"a number from (?P<low>{_NUMBER}) to (?P<high>{_NUMBER})( \(.*\))?", "number_between"),
    (rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})", "between"),
    (r"a whole number", "whole"),
    (r"a number", "number"),
    (r"one of (?P<names>.*)", "one_of"),
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
    (r"(?P<one>\S+) or (?P<other>\S+)", "either"),
)
"""What the package says is allowed, as a pattern, and the key of its text."""
