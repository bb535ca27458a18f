"""The command `sluice`."""

import sys

from ._main import main

__all__ = ["entry", "main"]


def entry() -> None:
    """Runs the command and ends the process."""
    sys.exit(main())
