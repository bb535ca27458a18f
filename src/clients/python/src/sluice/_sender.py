"""Threads that send what is ready, of all partitions of a client."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, List, Optional, Tuple

from ._batch import Batch, State

if TYPE_CHECKING:
    from ._lane import Lane


class Sender:
    """A few daemon threads. `lock` guards everything that they and the lanes have in common."""

    def __init__(self, threads: int) -> None:
        self.lock = threading.Lock()
        self.work = threading.Condition(self.lock)
        self._count = threads
        self._threads: List[threading.Thread] = []
        self._lanes: List[Lane] = []
        self._closed = False

    def add(self, lane: Lane) -> None:
        """Sends for a lane from now on."""
        with self.lock:
            self._lanes.append(lane)
            while len(self._threads) < self._count:
                thread = threading.Thread(target=self._run, name=f"sluice-sender-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()

    def remove(self, lane: Lane) -> None:
        """Sends nothing more for a lane."""
        with self.lock:
            if lane in self._lanes:
                self._lanes.remove(lane)

    def close(self) -> None:
        """Ends the threads as soon as they have their answers."""
        with self.lock:
            self._closed = True
            for lane in self._lanes:
                lane.ended.set()
                lane.wake()
            self.work.notify_all()

    def _run(self) -> None:
        while True:
            with self.lock:
                task = self._next()
            if task is None:
                return
            task[0].send(task[1])

    def _next(self) -> "Optional[Tuple[Lane, Batch]]":
        while not self._closed:
            now = time.monotonic()
            soonest: Optional[float] = None
            # A batch that waits for its predecessor holds a thread; one is left for those that others wait for.
            behind = sum(lane.behind() for lane in self._lanes)
            chosen: "Optional[Tuple[Lane, Batch]]" = None
            for lane in self._lanes:
                batch, due = lane.ready(now, behind < self._count - 1)
                if batch is not None and (chosen is None or (batch.head and not chosen[1].head)):
                    chosen = lane, batch
                if due is not None and (soonest is None or due < soonest):
                    soonest = due
            if chosen is not None:
                lane, batch = chosen
                batch.state = State.SENT
                batch.tries += 1
                batch.began = batch.began or now
                # Lanes take turns.
                self._lanes.remove(lane)
                self._lanes.append(lane)
                self.work.notify()
                return chosen
            self.work.wait(None if soonest is None else max(0.0, soonest - now))
        return None
