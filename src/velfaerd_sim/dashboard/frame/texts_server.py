"""The texts of answers that are no page of the dashboard: English, Danish."""

from velfaerd_sim.dashboard.frame.texts import Table

TEXTS: Table = {
    "no_page": ("There is no page here", "Her er ingen side"),
    "no_page_what": (
        "The address may be misspelt. These are the pages of the dashboard:",
        "Måske er adressen stavet forkert. Dashboardets sider er:",
    ),
    "other_host": (
        "The dashboard does not answer under this name",
        "Dashboardet svarer ikke under dette navn",
    ),
    "other_host_what": (
        "It is open to this machine only: use http://127.0.0.1 with its port. Where it stands"
        " behind a proxy, name the proxy's host in VELFAERD_HOSTS when it is started.",
        "Det er kun åbent for denne maskine: brug http://127.0.0.1 med dets port. Står det bag en"
        " proxy, så angiv proxyens værtsnavn i VELFAERD_HOSTS, når det startes.",
    ),
}
