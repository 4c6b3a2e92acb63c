"""The claims as they are written: whole, in two languages, and refused where they are wrong."""

from pathlib import Path

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.claims.claims import CUT
from velfaerd_sim.studies.claims.files import load_claims
from velfaerd_sim.studies.claims.readings import readings

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "experiments" / "claims.toml"

SMALL = """
written = 2026-01-01
[defaults]
adults = 300
months = 12
replicates = 2
most_replicates = 4
window = [7, 12]
[[variant]]
name = "seeds"
en = "other numbers"
da = "andre tal"
seed = 5
[least.motivation_mean]
value = 0.02
en = "a fifth"
da = "en femtedel"
[[claim]]
id = "X1"
source = "S0"
kind = ["emergent"]
statement_en = "Rules demotivate."
statement_da = "Regler demotiverer."
overturn_en = "The opposite."
overturn_da = "Det modsatte."
[claim.arrow]
cut = { autonomy_lost_to_rules = 0.0 }
en = "rules cost nothing"
da = "regler koster intet"
[[claim.arm]]
name = "many"
label_en = "Many"
label_da = "Mange"
regime = "rigid_rules"
[[claim.arm]]
name = "few"
label_en = "Few"
label_da = "Få"
regime = { based_on = "rigid_rules", rigidity = 0.1 }
[[claim.criterion]]
name = "motivation"
measure = "motivation_mean"
of = "few"
against = "many"
sign = "up"
[[claim.reading]]
name = "motivation"
says_en = "Few against many."
says_da = "Få over for mange."
objection_en = "A lawyer would object."
objection_da = "En jurist ville indvende."
"""


def written(tmp_path: Path, old: str = "", new: str = "") -> Path:
    assert old in SMALL
    path = tmp_path / "claims.toml"
    path.write_text(SMALL.replace(old, new, 1) if old else SMALL, encoding="utf-8")
    return path


def test_there_are_26_claims_from_all_five_articles():
    claims = load_claims(FILE).claims
    assert [claim.id for claim in claims] == [f"C{number:02d}" for number in range(1, 27)]
    sources = {part.strip() for claim in claims for part in claim.source.split(",")}
    assert sources == {"S0", "S1", "S2", "S3", "S4"}


def test_every_claim_can_be_run_and_is_written_in_both_languages():
    for claim in load_claims(FILE).claims:
        assert claim.missing_parameters() == [], claim.id
        spoken = [claim.statement, claim.overturn]
        for reading in claim.readings:
            spoken += [reading.says, reading.objection]
        for words in spoken:
            assert len({words.en, words.da, ""}) == 3, claim.id
        for name in claim.deciding:
            reason = claim.criterion(name).reason
            assert all((reason.en, reason.da)), (claim.id, name)


def test_every_claim_has_three_to_five_readings_and_who_would_object_to_each():
    for claim in load_claims(FILE).claims:
        assert 3 <= len(claim.readings) <= 5, claim.id
        for reading in claim.readings:
            assert "would say" in reading.objection.en, (claim.id, reading.name)
            assert "ville sige" in reading.objection.da, (claim.id, reading.name)


def test_every_emergent_claim_says_which_arrow_it_is_built_on():
    without = [
        claim.id
        for claim in load_claims(FILE).claims
        if "emergent" in claim.kinds and not claim.arrow
    ]
    assert without == []


def test_where_an_instrument_is_moved_a_lever_is_checked():
    """Contrasts of whole regimes, of what is fitted and of arrows themselves have none."""
    none = {
        claim.id
        for claim in load_claims(FILE).claims
        if not any(reading.lever for reading in claim.readings)
    }
    assert none == {"C10", "C15", "C16", "C22", "C23"}


def test_the_kinds_are_those_of_the_design():
    kinds = {claim.id: set(claim.kinds) for claim in load_claims(FILE).claims}
    assert [name for name, kind in kinds.items() if "assumed" in kind] == ["C02", "C12", "C23"]
    assert [name for name, kind in kinds.items() if "normative" in kind] == ["C09"]
    assert [name for name, kind in kinds.items() if "descriptive" in kind] == ["C16"]


def test_changes_are_told_with_their_reason_and_time():
    for change in load_claims(FILE).changes:
        assert all(change[key] for key in ("claim", "en", "da"))
        assert isinstance(change["after_results"], bool)


def test_readings_are_each_there_once_and_of_arms_that_exist():
    for claim in load_claims(FILE).claims:
        found = readings(claim)
        assert len(set(found)) == len(found)
        assert {reading.arm for reading in found} <= {arm.name for arm in claim.arms}


@pytest.mark.parametrize(
    ("old", "new", "place", "suggestion"),
    [
        ('measure = "motivation_mean"', 'measure = "motivation_men"', "measure", "motivation_mean"),
        ('of = "few"', 'of = "fewer"', "of", "few"),
        ('sign = "up"', 'sign = "higher"', "sign", None),
        ('kind = ["emergent"]', 'kind = ["emerging"]', "kind", None),
        ("statement_da", "statement_dk", "statement_dk", "statement_da"),
        ('overturn_da = "Det modsatte."', "", "overturn_da", None),
        ("[least.motivation_mean]", "[least.lonely_share]", "least", None),
        ("window = [7, 12]", "window = [7]", "window", None),
        ('name = "motivation"\nsays', 'name = "none"\nsays', "criteria", None),
        ('says_da = "Få over for mange."', "", "says_da", None),
        ('objection_en = "A lawyer would object."', "", "objection_en", None),
        ("objection_en", 'lever = "none"\nobjection_en', "lever", "motivation"),
        ("objection_en", "criteria = []\nobjection_en", "criteria", None),
        ("objection_en", 'rule = "most"\nobjection_en', "rule", None),
        ("most_replicates = 4", "most_replicates = 1", "most_replicates", None),
        ('source = "S0"', 'source = "S0"\nlacks = { en = "A theory." }', "en", None),
        ("months = 12", "months = 11", "window", None),
        ('sign = "up"', 'sign = "up"\nhow = "interaction"', "of", None),
        ('sign = "up"', 'sign = "up"\nhow = "delay"', "rival", None),
        ('sign = "up"', 'sign = "up"\nhow = "regret"', "locality", None),
        ('sign = "up"', 'sign = "up"\nhow = "largest_swing"', "of", None),
        ('against = "many"', "against = []", "against", None),
        ('regime = "rigid_rules"', 'regime = "rigid_rule"', "rigid_rule", "rigid_rules"),
        ("rigidity = 0.1", "rigidity = 1.1", "rigidity", None),
        (
            'source = "S0"',
            'source = "S0"\ncohort = { from = "few", who = "refered", until = 9 }',
            "cohort.who",
            "referred",
        ),
        (
            'source = "S0"',
            'source = "S0"\ncohort = { from = "few", who = "joined", until = 13 }',
            "cohort.until",
            None,
        ),
        ('source = "S0"', 'source = "S0"\nstep = 0', "step", None),
        ("value = 0.02", 'value = "much"', "X1.criterion.motivation.least", None),
        ("seed = 5", 'seed = "five"', "variant.seed", None),
        ("seed = 5", "world = { nosuch = 1.0 }", "nosuch", None),
        ("seed = 5", "adults_factor = -1", "variant.adults_factor", None),
        ('name = "seeds"', 'name = "base"', "variant", None),
        ("autonomy_lost_to_rules = 0.0", 'autonomy_lost_to_rules = "no"', "cut.autonomy", None),
        ("adults = 300\n", "", "X1.adults", None),
        ('source = "S0"', 'source = "S0"\nregimes = 5', "X1.regimes", None),
        ('source = "S0"', 'source = "S0"\nlocality = 5', "[[locality]]", None),
        ('source = "S0"', 'source = "S0"\nscenario = "basline"', "scenario", "baseline"),
        ('source = "S0"', 'source = "S0"\ntowns = { cont = 3 }', "cont", "count"),
        ("written =", "changes = [5]\nwritten =", "[[changes]]", None),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, place, suggestion):
    with pytest.raises(InputError) as caught:
        load_claims(written(tmp_path, old, new))
    assert place in str(caught.value)
    if suggestion:
        assert suggestion in str(caught.value)


def test_an_unknown_parameter_is_refused_when_the_claim_is_to_run(tmp_path):
    path = written(
        tmp_path, 'regime = "rigid_rules"', 'regime = "rigid_rules"\nscale = { no = 2.0 }'
    )
    file = load_claims(path)
    with pytest.raises(InputError, match="X1"):
        file.chosen(["X1"])


def test_the_digest_follows_what_decides_not_what_is_said(tmp_path):
    first = load_claims(written(tmp_path)).claims[0].digest
    said = load_claims(written(tmp_path, "Rules demotivate.", "Rules hurt.")).claims[0].digest
    least = load_claims(written(tmp_path, "value = 0.02", "value = 0.03")).claims[0].digest
    arm = load_claims(written(tmp_path, "rigidity = 0.1", "rigidity = 0.2")).claims[0].digest
    assert said == first
    rule = load_claims(written(tmp_path, "says_en", 'rule = "any"\nsays_en')).claims[0].digest
    objection = load_claims(written(tmp_path, "A lawyer would", "A nurse would")).claims[0].digest
    assert len({first, least, arm, rule}) == 4
    assert objection == first


def test_a_variant_of_a_claim_is_found_by_name(tmp_path):
    file = load_claims(written(tmp_path))
    claim = file.claims[0]
    assert file.variant("seeds", claim).seed == 5
    assert file.variant(CUT, claim).world == (("autonomy_lost_to_rules", 0.0),)
