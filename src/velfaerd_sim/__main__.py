"""`python -m velfaerd_sim` is the command `velfaerd`."""

import sys

from velfaerd_sim.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
