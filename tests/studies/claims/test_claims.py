"""The claims as they are written: whole, in two languages, and refused where they are wrong."""

from pathlib import Path

import pytest

from velfaerd_sim.errors import InputError
from velfaerd_sim.studies.claims.claims import COUNTER
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
window = [7, 12]
rule = "all"
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
reading_en = "Few against many."
reading_da = "Få over for mange."
overturn_en = "The opposite."
overturn_da = "Det modsatte."
[claim.counter]
world = { autonomy_lost_to_rules = 0.0 }
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
        for words in (claim.statement, claim.reading, claim.overturn):
            assert len({words.en, words.da, ""}) == 3, claim.id
        for criterion in claim.counting:
            assert all((criterion.reason.en, criterion.reason.da)), (claim.id, criterion.name)


def test_every_emergent_claim_has_a_counter_mechanism():
    without = [
        claim.id
        for claim in load_claims(FILE).claims
        if "emergent" in claim.kinds and not claim.counter
    ]
    assert without == []


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
        ('sign = "up"', 'sign = "up"\ncounts = false', "criterion", None),
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
        ("autonomy_lost_to_rules = 0.0", 'autonomy_lost_to_rules = "no"', "world.autonomy", None),
        ("adults = 300\n", "", "X1.adults", None),
        ('source = "S0"', 'source = "S0"\nregimes = 5', "X1.regimes", None),
        ('source = "S0"', 'source = "S0"\nlocality = 5', "[[locality]]", None),
        ('source = "S0"', 'source = "S0"\nscenario = "basline"', "scenario", "baseline"),
        ('source = "S0"', 'source = "S0"\ntowns = { cont = 3 }', "cont", "count"),
        ('source = "S0"', 'source = "S0"\nmost_worlds = "a"', "most_worlds", None),
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
    assert len({first, least, arm}) == 3


def test_a_variant_of_a_claim_is_found_by_name(tmp_path):
    file = load_claims(written(tmp_path))
    claim = file.claims[0]
    assert file.variant("seeds", claim).seed == 5
    assert file.variant(COUNTER, claim).world == (("autonomy_lost_to_rules", 0.0),)
