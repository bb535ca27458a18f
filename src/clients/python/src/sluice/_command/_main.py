"""Arguments, and how failures are told."""

from __future__ import annotations

import argparse
import sys
from typing import List, Optional

from .._errors import Conflict, DataGap, Error, Fenced, NotOpened, Rejected, TooLarge, Unavailable
from .._version import VERSION
from . import _completion, _look, _push
from ._sources import UnusableError

_EPILOG = """Ends with 0 if all is there, 2 for a wrong call, 3 where records were refused, 4 where another
writer has taken the partition, 5 for another file than before, 6 where the service could not be reached for
--give-up-after, 130 where it was interrupted, 1 for anything else. The same command goes on where the partition
stands."""


def main(arguments: Optional[List[str]] = None) -> int:
    """Runs the command, and returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="sluice", description="Writes to a Sluice service, and looks at it.", epilog=_EPILOG
    )
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _push.add(commands)
    _look.add(commands)
    completion = commands.add_parser("completion", help="a script for your shell: source <(sluice completion bash)")
    completion.add_argument("shell", choices=["bash", "zsh"])
    completion.set_defaults(run=lambda options: print(_completion.script(options.shell, dict(commands.choices))) or 0)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except (Error, UnusableError, ValueError, OSError) as failure:
        print(f"sluice: {failure}", file=sys.stderr)
        return _code(failure)


def _code(failure: Exception) -> int:
    codes = (
        (Rejected, 3),
        (TooLarge, 3),
        (Fenced, 4),
        (NotOpened, 4),
        (Conflict, 5),
        (DataGap, 5),
        (UnusableError, 5),
        (Unavailable, 6),
        (ValueError, 2),
        (FileNotFoundError, 2),
    )
    return next((code for kind, code in codes if isinstance(failure, kind)), 1)
