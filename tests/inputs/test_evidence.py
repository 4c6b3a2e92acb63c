"""Published figures: as many as there are, summing to what they should, each with a source."""

from collections import Counter

import pytest

from velfaerd_sim.inputs import evidence


def test_the_98_municipalities():
    known = evidence.municipalities()
    assert len(known) == len({m.code for m in known}) == len({m.name for m in known}) == 98
    assert [m.code for m in known] == sorted(m.code for m in known)
    assert {m.region for m in known} == set(evidence.REGIONS)
    assert sum(m.population for m in known) == 5_822_679
    kinds = Counter(m.kind for m in known)
    assert [kinds[kind] for kind in evidence.MUNICIPALITY_KINDS] == [24, 3, 16, 24, 31]
    assert all(54.5 < m.latitude < 57.8 and 8.0 < m.longitude < 15.2 for m in known)


def test_kolding_by_hand():
    kolding = next(m for m in evidence.municipalities() if m.code == 621)
    assert (kolding.name, kolding.region, kolding.kind) == (
        "Kolding",
        "Syddanmark",
        "provincial_city",
    )
    assert kolding.population == 93_175


def test_age_bands():
    groups = evidence.age_groups()
    assert tuple(group.band for group in groups) == evidence.AGE_BANDS
    assert evidence.national_adults() == 4_823_384
    assert sum(evidence.age_shares()) == pytest.approx(1.0, abs=1e-12)
    published = [0.1347, 0.1599, 0.1414, 0.1652, 0.1550, 0.1321, 0.0853, 0.0264]
    assert evidence.age_shares() == pytest.approx(published, abs=5e-5)


def test_the_six_routes():
    table = evidence.kora_table()
    assert tuple(row.route for row in table) == evidence.ROUTES
    assert table[2].percent == (32.1, 47.6, 9.1, 2.4, 8.8)
    assert all(sum(row.percent) == pytest.approx(100.0, abs=0.11) for row in table)


def test_every_file_of_figures_has_a_source():
    files = {path.name for path in evidence.DATA.glob("*.csv")} - {
        "parameters.csv",
        "plausible.csv",
    }
    assert files == {source.file for source in evidence.sources().values()}
    assert all(source.source and source.units for source in evidence.sources().values())
