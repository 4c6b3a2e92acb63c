"""What all tests share: one thread a worker, and the same hypothesis examples everywhere."""

import os

import hypothesis

# Each test worker has a core to itself; libraries that start threads of their own would
# only get in each other's way. Set before they are imported.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("MPLBACKEND", "agg")

# Compiled code makes a first example slow, which says nothing about the rule under test.
hypothesis.settings.register_profile("here", deadline=None, derandomize=True)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "here"))
