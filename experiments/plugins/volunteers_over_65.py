"""An outcome of one's own: how many volunteers are 65 years or older, and their share."""

from velfaerd_sim.plugins import outcome

OLDER = ("65-74", "75-84", "85+")


def older(town):
    """Whether each volunteer is 65 or older."""
    bands = [town.age_bands.index(band) for band in OLDER]
    ages = town["citizens.age_band"][town["volunteers.citizen"]]
    return sum(ages == band for band in bands) > 0


@outcome(
    unit="per 1000 adults",
    label_en="Volunteers aged 65 and over",
    label_da="Frivillige på 65 år og derover",
)
def volunteers_over_65_per_1000(town):
    """Volunteers aged 65 and over per 1 000 adults."""
    return 1000.0 * older(town).sum() / len(town["citizens.age_band"])


@outcome(
    unit="share",
    label_en="Volunteers aged 65 and over, share",
    label_da="Andel af frivillige på 65 år og derover",
)
def volunteers_over_65_share(town):
    """Share of volunteers who are 65 or older."""
    them = older(town)
    return them.mean() if len(them) else None
