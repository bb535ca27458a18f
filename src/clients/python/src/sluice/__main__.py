"""`python -m sluice` is the command `sluice`."""

from ._command import entry

entry()
