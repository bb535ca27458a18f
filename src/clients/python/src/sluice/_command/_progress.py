"""How far a push is, for people or for programs."""

from __future__ import annotations

import json
import sys
import threading
import time
from types import TracebackType
from typing import Optional, Type

from .._lane import Lane


class Progress:
    """Tells on standard error: a line that is rewritten on a terminal, JSON lines, or nothing."""

    CLOCK = staticmethod(time.monotonic)

    def __init__(self, name: str, lane: Lane, total: Optional[int], json_: bool, quiet: bool) -> None:
        self._name = name
        self._lane = lane
        self._total = total
        self._json = json_
        self._shown = not quiet and (json_ or sys.stderr.isatty())
        self._every = 1.0 if json_ else 0.2
        self._first = lane.next_offset
        self._began = self.CLOCK()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        # Of the last record that was written: its end, and bytes of the sources up to it.
        self.position = 0
        self.read = 0

    def __enter__(self) -> "Progress":
        if self._shown:
            self._thread.start()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._end.set()
        if self._shown:
            self._thread.join()
            self.tell()
            if not self._json:
                sys.stderr.write("\n")

    def _run(self) -> None:
        while not self._end.wait(self._every):
            self.tell()

    def figures(self) -> "dict[str, object]":
        """What is told: offsets, records a second, seconds left (None where unknown), retries."""
        lane, passed = self._lane, self.CLOCK() - self._began
        done = max(0, lane.next_offset - self._first)
        # Sources tell their size in bytes: records that are not acknowledged count for as much as the others.
        read = self.read * min(1.0, lane.next_offset / self.position) if self.position else 0.0
        share = None if not self._total else min(1.0, read / self._total)
        left = None if not share or not done else passed / share * (1 - share)
        return {
            "acknowledged": lane.next_offset,
            "sent": self.position,
            "share": None if share is None else round(share, 4),
            "perSecond": round(done / passed) if passed else 0,
            "secondsLeft": None if left is None else round(left, 1),
            "retries": lane.stats.retries,
            "deadLettered": lane.stats.dead_lettered,
        }

    def tell(self) -> None:
        """Tells once."""
        figures = self.figures()
        if self._json:
            sys.stderr.write(json.dumps(figures) + "\n")
        else:
            share, left = figures["share"], figures["secondsLeft"]
            parts = [self._name]
            if isinstance(share, float):
                filled = int(share * 20)
                parts += ["[" + "#" * filled + " " * (20 - filled) + "]", f"{share:.0%}"]
            parts += [f"{figures['acknowledged']:,}", f"{figures['perSecond']:,}/s"]
            if isinstance(left, float):
                minutes, seconds = divmod(int(left), 60)
                parts.append(f"{minutes // 60}:{minutes % 60:02}:{seconds:02} left")
            if figures["retries"]:
                parts.append(f"retries {figures['retries']}")
            sys.stderr.write("\r" + " ".join(parts) + "\x1b[K")
        sys.stderr.flush()
