"""Regimes and timelines of any kind that is allowed, for properties."""

from hypothesis import strategies as st

from velfaerd_sim.inputs.regimes import DEPARTMENTS, INSTRUMENTS, Phase, Regime, Timeline

shares = st.floats(0.0, 1.0)
regimes = st.builds(
    lambda name, values, gap: Regime(
        name=name, espoused_gap=gap, **dict(zip(INSTRUMENTS, values, strict=True))
    ),
    st.sampled_from(["own", "a name with blanks", "Ærø ved havet", 'with "marks"']),
    st.lists(shares, min_size=8, max_size=8),
    st.none() | shares,
)
months = st.lists(st.integers(1, 60), unique=True, max_size=3).map(lambda m: [0, *sorted(m)])
phases = months.flatmap(
    lambda found: st.tuples(
        *(st.builds(Phase, st.just(m), regimes, st.integers(0, 30)) for m in found)
    )
)
timelines = st.builds(
    Timeline,
    st.just("a timeline"),
    phases,
    st.dictionaries(st.sampled_from(DEPARTMENTS), phases, max_size=2).map(
        lambda own: tuple(own.items())
    ),
)
