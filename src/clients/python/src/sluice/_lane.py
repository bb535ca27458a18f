"""Records of one stream on their way: batches, the window of those in flight, what comes of their answers."""

from __future__ import annotations

import collections
import logging
import os
import random
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable, Deque, Iterable, List, Mapping, Optional, Tuple

from ._batch import Batch, State, encode
from ._errors import DataGap, Error, Fenced, NotOpened, Refused, Unavailable
from ._http import Answer, Http
from ._sender import Sender
from ._settings import Batching, Retrying
from ._verdict import Verdict, broken, document_of, failure, verdict

LOG = logging.getLogger("sluice")
# Whoever asks for more than that, in seconds, is asked again before.
LONGEST_ASKED = 60.0
_STATUSES = ("committed", "trimmed", "duplicate")


class Skip:
    """What `on_rejected` returns for a record that is to be left out."""


SKIP = Skip()


@dataclass(frozen=True)
class RejectedRecord:
    """A record that the target refuses."""

    offset: int
    record: bytes
    field: Optional[str]
    code: Optional[str]
    message: Optional[str]
    hint: Optional[str]


OnRejected = Callable[[RejectedRecord], Any]


@dataclass
class Stats:
    """What has become of records so far. `unverified` passed as duplicates without being compared."""

    written: int = 0
    duplicates: int = 0
    unverified: int = 0
    dead_lettered: int = 0
    batches: int = 0
    retries: int = 0


class Lane:
    """A stream of records at rising offsets. Members are guarded by the sender's lock; one thread writes."""

    def __init__(
        self,
        name: str,
        path: str,
        http: Http,
        sender: Sender,
        batching: Batching,
        retrying: Retrying,
        window: int,
        next_offset: int,
        numbered: bool,
        sparse: bool,
        on_rejected: Optional[OnRejected],
        any_order: Callable[[], bool],
        random_: random.Random,
    ) -> None:
        self._name = name
        self._path = path
        self._http = http
        self._sender = sender
        self._batching = batching
        self._retrying = retrying
        self._window = window
        self._numbered = numbered
        self._sparse = sparse
        self._on_rejected = on_rejected
        self._any_order = any_order
        self._random = random_
        # Locks that are released when something has changed: a KeyboardInterrupt would leave Condition.wait without
        # the lock that it has given back.
        self._waiters: List[threading.Lock] = []
        self._queue: Deque[Batch] = collections.deque()
        self._held = 0
        self._filling: Optional[Batch] = None
        self._flushing = 0
        self._failure: Optional[Error] = None
        self._closed = False
        # The offset behind the last record that was written; None before the first.
        self._position: Optional[int] = None
        self._next_offset = next_offset
        self._delivered_offset: Optional[int] = None
        self._pid = os.getpid()
        # Set at the end of the stream or of its client: nobody waits for another try from then on.
        self.ended = threading.Event()
        self.stats = Stats()
        sender.add(self)

    # What a caller sees

    @property
    def next_offset(self) -> int:
        """The exclusive end of what the service has acknowledged."""
        return self._next_offset

    @property
    def delivered_offset(self) -> Optional[int]:
        """The exclusive end of what has reached the target, where that is another thing (sinks of type `batching`)."""
        return self._delivered_offset

    @property
    def unanswered(self) -> "Optional[Tuple[int, int]]":
        """The range [first, end) of offsets that were written and are not acknowledged, or None."""
        with self._sender.lock:
            return self._unanswered()

    def _unanswered(self) -> "Optional[Tuple[int, int]]":
        first = self._queue[0] if self._queue else self._filling
        last = self._filling or (self._queue[-1] if self._queue else None)
        return None if first is None or last is None else (first.first, last.end)

    def write(self, value: Any, offset: Optional[int] = None) -> None:
        """Writes one record; blocks while as much is under way as may be.

        `value`: bytes and str are JSON as it stands, anything else is made compact JSON. `offset`: the record's own
        position; only with offsets="from-snapshot" it is left out. Raises what has ended the partition, if anything.
        """
        self._write([encode(value)], offset)

    def write_many(self, values: Iterable[Any], first: Optional[int] = None) -> None:
        """Writes records at `first`, `first` + 1, …; the values may be endless, and come slowly."""
        if not isinstance(values, (list, tuple)):
            # Each is on its way before the next is asked for, which may take long.
            for value in values:
                self._write([encode(value)], first)
                first = None if first is None else first + 1
            return
        for begin in range(0, len(values), self._batching.records):
            records = [encode(value) for value in values[begin : begin + self._batching.records]]
            self._write(records, None if first is None else first + begin)

    def advance(self, end: int) -> None:
        """Declares that there is no record from here to `end` (exclusive)."""
        self._same_process()
        with self._sender.lock:
            self._usable()
            position = self._next_offset if self._position is None else self._position
            if end < position:
                raise ValueError(f"{self._name} is at {position} already: it cannot advance to {end}")
            if end > position:
                batch = self._filling
                if batch is None:
                    batch = self._filling = Batch(position, time.monotonic())
                    self._sender.work.notify()
                batch.extend(end)
                self._position = end

    def flush(self) -> None:
        """Waits until all that was written is acknowledged; raises the first failure otherwise."""
        self._same_process()
        with self._sender.lock:
            self._usable()
            self._flushing += 1
            self._sender.work.notify_all()
        try:
            while True:
                with self._sender.lock:
                    self._usable()
                    if not self._queue and self._filling is None:
                        return
                    waiter = self._waiter()
                waiter.acquire()
        finally:
            with self._sender.lock:
                self._flushing -= 1

    def _waiter(self) -> threading.Lock:
        """A lock that can be acquired once something has changed; with the lock."""
        if self.ended.is_set():
            # Nobody sends any more, so that nothing will change.
            raise ValueError(f"{self._name} is closed")
        waiter = threading.Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        return waiter

    def wake(self) -> None:
        """Lets all who wait look again; with the lock."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            waiter.release()

    def close(self) -> None:
        """Flushes, and takes no more. Interrupted, it does not wait, and says what is not acknowledged."""
        self._same_process()
        if self._closed:
            return
        try:
            self.flush()
        except KeyboardInterrupt:
            self.abandon()
            raise
        finally:
            self._end()

    def abandon(self) -> None:
        """Ends without a flush. What is not acknowledged may or may not be there: the snapshot tells."""
        if os.getpid() != self._pid:
            return
        with self._sender.lock:
            left = self._unanswered()
        self._end()
        if left is not None:
            LOG.warning(
                "%s: offsets %d to %d (exclusive) were written and are not acknowledged; go on from the"
                " snapshot's next offset",
                self._name,
                *left,
            )

    def _end(self) -> None:
        self.ended.set()
        self._sender.remove(self)
        with self._sender.lock:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        self._queue.clear()
        self._held = 0
        self._filling = None
        self.wake()

    def _same_process(self) -> None:
        # Before any lock: the one who held it may not exist in this process.
        if os.getpid() != self._pid:
            raise RuntimeError(
                "this client was made before a fork(): connections and threads are not shared between"
                " processes; make a client in each"
            )

    def _usable(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._closed:
            raise ValueError(f"{self._name} is closed")

    def _write(self, records: List[bytes], offset: Optional[int]) -> None:
        self._same_process()
        done = 0
        while done < len(records):
            with self._sender.lock:
                self._usable()
                offset = self._placed(offset)
                put, waiter = self._put(records, done, offset)
                offset += put - done
                done = put
            if waiter is not None:
                waiter.acquire()

    def _put(self, records: List[bytes], index: int, offset: int) -> "Tuple[int, Optional[threading.Lock]]":
        """Takes records from an index on; tells the index of the next, and what to wait for if it has no place."""
        most, bytes_ = self._batching.records, self._batching.bytes
        while index < len(records):
            record = records[index]
            batch = self._filling
            if batch is not None and (
                len(batch.records) >= most or (batch.records and batch.size + len(record) > bytes_)
            ):
                if not self._cut():
                    return index, self._waiter()
                batch = None
            if batch is None:
                batch = self._filling = Batch(offset if self._position is None else self._position, time.monotonic())
                self._sender.work.notify()
            batch.add(record, offset)
            index += 1
            offset = self._position = offset + 1
        batch = self._filling
        if batch is not None and (len(batch.records) >= most or batch.size >= bytes_):
            self._cut()
        return index, None

    def _placed(self, offset: Optional[int]) -> int:
        position = self._position
        if offset is None:
            if self._numbered:
                raise TypeError(
                    'a record needs its offset, the same on each replay; offsets="from-snapshot" numbers'
                    " from the snapshot on, which a replay does not survive"
                )
            return self._next_offset if position is None else position
        if position is None and self._sparse:
            # What lies before the first record is a hole, unless it is there already.
            position = self._position = min(offset, self._next_offset)
        if position is not None and offset < position:
            raise ValueError(f"offsets rise: {offset} comes after {position - 1}")
        if position is not None and offset > position and not self._sparse:
            raise ValueError(
                f"expected offset {position}, not {offset}: a hole is declared by advance(end={offset}),"
                " or all of them by sparse=True"
            )
        return offset

    def room(self) -> bool:
        """Whether a record of any size can be written without waiting."""
        with self._sender.lock:
            return self._filling is None or self._fits()

    def _fits(self) -> bool:
        return not self._queue or (len(self._queue) < self._window and self._held < self._batching.memory)

    def _cut(self) -> bool:
        batch = self._filling
        if batch is None or not self._fits():
            return False
        self._filling = None
        self._queue.append(batch)
        self._held += batch.size
        self._sender.work.notify()
        self.wake()
        return True

    # What a sender sees

    def behind(self) -> int:
        """How many batches are under way that wait for another one; with the lock."""
        return sum(batch.state is State.SENT for batch in self._queue) - (
            1 if self._queue and self._queue[0].state is State.SENT else 0
        )

    def ready(self, now: float, any_: bool) -> "Tuple[Optional[Batch], Optional[float]]":
        """A batch to be sent now (only the first in line unless any_), or when to ask again; with the lock."""
        due: Optional[float] = None
        batch = self._filling
        if batch is not None:
            due = batch.since + self._batching.linger
            if (
                self._flushing
                or due <= now
                or len(batch.records) >= self._batching.records
                or batch.size >= self._batching.bytes
            ):
                # Where it does not fit, the answer that makes room wakes the sender.
                self._cut()
                due = None
        if sum(batch.state is State.SENT for batch in self._queue) >= self._window:
            return None, due
        for index, batch in enumerate(self._queue):
            batch_head = index == 0
            if batch.state in (State.SENT, State.SETTLED) or (batch.state is State.BLOCKED and not batch_head):
                continue
            if batch.state is State.FAILED:
                break
            if batch.due > now:
                return None, batch.due if due is None else min(due, batch.due)
            if not batch_head and not any_:
                break
            batch.head = batch_head
            return batch, None
        return None, due

    def _headers(self) -> "dict[str, str]":
        return {}

    def _body(self, batch: Batch) -> "Tuple[str, dict[str, str], bytes]":
        return batch.body()

    def _asked(self) -> Optional[int]:
        """The position of the stream by the service, or None where it tells none."""
        return None

    def send(self, batch: Batch) -> None:
        """Sends a batch and does what its answer wants; in a thread of the sender's."""
        try:
            media_type, query, body = self._body(batch)
            headers = {"Content-Type": media_type, **self._headers()}
            if self._window > 1:
                headers["Prefer"] = "wait=30"
            answer = self._http.request("POST", self._path, query, headers, body)
            del body
            document = document_of(answer, "status", "end", "nextOffset")
            if document is not None and document["status"] in _STATUSES:
                self._settled(batch, document)
            else:
                self._unsettled(batch, answer)
        except Error as cause:
            self._fail(batch, cause)
        except Exception as cause:
            wrapped = Error(f"{self._name}: {type(cause).__name__}: {cause}")
            wrapped.__cause__ = cause
            self._fail(batch, wrapped)

    def _settled(self, batch: Batch, document: Mapping[str, Any]) -> None:
        end, next_offset = int(document["end"]), int(document["nextOffset"])
        # Where offsets come in any order, some before the batch may be missing still. Asked for without the lock.
        foreign = end != batch.end or (next_offset < end and not self._any_order())
        with self._sender.lock:
            if batch not in self._queue:
                return
            if foreign:
                raise Refused(
                    f"{self._name}: sent the offsets {batch.first} to {batch.end}, but the answer is about those"
                    f" to {end} and a next offset of {next_offset}",
                    document,
                    200,
                )
            batch.state = State.SETTLED
            stats = self.stats
            stats.batches += 1
            stats.written += int(document.get("written") or 0)
            duplicates = int(document.get("duplicates") or 0)
            stats.duplicates += duplicates
            if document.get("verified") is False:
                if not stats.unverified:
                    LOG.warning(
                        "%s: %d records passed as duplicates without being compared, for their receipts are pruned",
                        self._name,
                        duplicates,
                    )
                stats.unverified += duplicates
            dead = int(document.get("deadLettered") or 0)
            if dead and not stats.dead_lettered:
                LOG.warning(
                    "%s: %d records between %d and %d were refused by the target and kept as dead letters",
                    self._name,
                    dead,
                    batch.first,
                    batch.end,
                )
            stats.dead_lettered += dead
            self._next_offset = max(self._next_offset, next_offset)
            if document.get("deliveredOffset") is not None:
                self._delivered_offset = int(document["deliveredOffset"])
            while self._queue and self._queue[0].state is State.SETTLED:
                self._held -= self._queue.popleft().size
            if self._queue and self._queue[0].cause is not None:
                self._failure = self._queue[0].cause
                self._drop()
            self.wake()
            self._sender.work.notify_all()

    def _unsettled(self, batch: Batch, answer: Answer) -> None:
        batch.failures += broken(answer)
        meaning = verdict(answer, batch.failures)
        if meaning is Verdict.GAP:
            self._gap(batch, answer)
        elif meaning is Verdict.HALVE and len(batch.records) > 1:
            self._halve(batch)
        elif meaning is Verdict.REJECTED and self._on_rejected is not None:
            self._ask_about(batch, answer, self._on_rejected)
        elif meaning is Verdict.REPEAT:
            self._repeat(batch, answer)
        else:
            raise failure(answer, self._name)

    def _repeat(self, batch: Batch, answer: Answer) -> None:
        with self._sender.lock:
            give_up = self._retrying.give_up_after
            left = LONGEST_ASKED if give_up is None else batch.began + give_up - time.monotonic()
            if give_up is not None and left <= 0:
                raise Unavailable(
                    f"{self._name}: offsets {batch.first} to {batch.end} were not acknowledged in {give_up} s"
                    f" and {batch.tries} tries; last: {answer}",
                    answer.document,
                    answer.status,
                )
            self.stats.retries += 1
            wait = pause(self._retrying, batch.tries, answer.retry_after, self._random, left)
            LOG.info("%s: offsets %d to %d again in %.1f s: %s", self._name, batch.first, batch.end, wait, answer)
            batch.due = time.monotonic() + wait
            batch.state = State.READY
            self._sender.work.notify_all()

    def _gap(self, batch: Batch, answer: Answer) -> None:
        with self._sender.lock:
            if batch not in self._queue:
                return
            if not batch.head:
                # Those before it are under way or will be repeated.
                batch.state = State.BLOCKED
                self._sender.work.notify_all()
                return
        position = self._asked()
        if position is None or position < batch.first:
            document = answer.document or {}
            expected = int(document["expectedOffset"]) if position is None else position
            raise DataGap(
                f"{self._name}: the batch begins at {batch.first}, but records from {expected} on are missing:"
                " go back to there",
                expected,
                document,
                answer.status,
            )
        self._repeat(batch, answer)

    def _halve(self, batch: Batch) -> None:
        with self._sender.lock:
            if batch in self._queue:
                index = self._queue.index(batch)
                lower, upper = batch.halves()
                self._queue[index] = upper
                self._queue.insert(index, lower)
                self._held = sum(each.size for each in self._queue)
                self._sender.work.notify_all()

    def _ask_about(self, batch: Batch, answer: Answer, ask: OnRejected) -> None:
        named = (answer.document or {}).get("rejected") or []
        if not named:
            raise failure(answer, self._name)
        for each in named:
            offset = int(each["offset"])
            decision = ask(
                RejectedRecord(
                    offset, batch.at(offset), each.get("field"), each.get("code"), each.get("message"), each.get("hint")
                )
            )
            if decision is None:
                raise failure(answer, self._name)
            batch.replace(offset, None if isinstance(decision, Skip) else encode(decision))
        with self._sender.lock:
            self._held = sum(each.size for each in self._queue)
            batch.state = State.READY
            self._sender.work.notify_all()

    def _fail(self, batch: Batch, cause: Error) -> None:
        with self._sender.lock:
            if batch not in self._queue or self._failure is not None:
                return
            if batch is self._queue[0] or isinstance(cause, (Fenced, NotOpened)):
                self._failure = cause
                self._drop()
            else:
                # Those before it may be settled still, or be the first to fail.
                batch.cause = cause
                batch.state = State.FAILED
                self._sender.work.notify_all()


def pause(
    retrying: Retrying, tries: int, retry_after: float, random_: random.Random, left: float = LONGEST_ASKED
) -> float:
    """Seconds until the next try: full jitter, and at least what the service asks for, of that at most `left`."""
    return max(min(retry_after, left), random_.uniform(0, min(retrying.most, retrying.least * 2.0 ** min(tries, 30))))
