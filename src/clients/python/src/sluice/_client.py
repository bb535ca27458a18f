"""The service, as a writer sees it."""

from __future__ import annotations

import json
import os
import random
import secrets
import socket
import threading
import time
from types import TracebackType
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Tuple, Type, Union
from urllib.parse import quote

from ._errors import Error, Fenced, SinkBehind, Unavailable
from ._http import Answer, Http, Key
from ._lane import LONGEST_ASKED, OnRejected, pause
from ._partition import KeyedStream, Partition
from ._routing import crc32c
from ._sender import Sender
from ._settings import Batching, Retrying
from ._snapshot import Snapshot
from ._verdict import Verdict, broken, document_of, failure, verdict
from ._version import VERSION

_IN_FLIGHT = 4
# Two that open the same partition at once take it from each other; one of them is the last.
_OPENS = 10


class Client:
    """A Sluice service. May be used by many threads, in one process: after a fork() make another one.

    token: a key, or a function that gives one for each request. ca: file with certificates to trust in place of the
    system's. certificate: file with a client certificate and its key, or a pair of both. timeout: seconds that an
    answer may take; more than a batch may wait (30) and a commit take. in_flight: requests of all partitions at once.
    """

    def __init__(
        self,
        url: str,
        *,
        token: Key = None,
        timeout: float = 95,
        ca: Optional[str] = None,
        certificate: "Union[str, Tuple[str, str], None]" = None,
        compress: str = "auto",
        in_flight: int = _IN_FLIGHT,
        batching: Optional[Batching] = None,
        retrying: Optional[Retrying] = None,
        seed: Optional[int] = None,
    ) -> None:
        self._batching = batching or Batching()
        self._retrying = retrying or Retrying()
        self._random = random.Random(seed)
        self._in_flight = max(in_flight, self._batching.in_flight or 1)
        self._http = Http(
            url, token, timeout, self._in_flight + 4, compress, ca, certificate, f"sluice-python/{VERSION}"
        )
        self._sender = Sender(self._in_flight)
        self._sinks: "Dict[str, Mapping[str, Any]]" = {}
        self._pid = os.getpid()
        self._closed = threading.Event()

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends threads and connections. Partitions are closed before, each by itself."""
        if os.getpid() == self._pid:
            self._closed.set()
            self._sender.close()
            self._http.close()

    # What there is

    def sinks(self) -> "list[Mapping[str, Any]]":
        """The definitions of all sinks."""
        return list(self.get("/sinks", "sinks")["sinks"])

    def sink(self, sink: str) -> Mapping[str, Any]:
        """The definition of a sink, as it was when it was first asked for."""
        if sink not in self._sinks:
            self._sinks[sink] = self.get(f"/sinks/{quote(sink, safe='')}", "type")
        return self._sinks[sink]

    def partition_for(self, sink: str, key: str) -> str:
        """The partition that the records of a key belong to, computed here; the list is asked for once."""
        partitions = self.sink(sink)["partitions"]
        return str(partitions[crc32c(key.encode()) % len(partitions)])

    def snapshot(self, sink: str, partition: str, *, until: Optional[threading.Event] = None) -> Snapshot:
        """Where a partition stands. until: ends the waiting for another try; without it the client's end does."""
        path = f"/sinks/{quote(sink, safe='')}/partitions/{quote(partition, safe='')}/snapshot"
        return Snapshot.of(
            self._repeat(lambda: self._http.request("GET", path), path, "nextOffset", until=until or self._closed)
        )

    def get(self, path: str, *members: str) -> Mapping[str, Any]:
        """A document of the service, asked for until it is told; raises what the service refuses."""
        return self._repeat(lambda: self._http.request("GET", path), path, *members)

    def events(self, path: str) -> "Iterator[Tuple[str, Mapping[str, Any]]]":
        """Server-sent events with their data, for ever: goes on behind the last one where the connection ends."""
        for kind, text in self.event_texts(path):
            yield kind, json.loads(text)

    def event_texts(self, path: str) -> "Iterator[Tuple[str, str]]":
        """The same as `events`, with the data as it was sent."""
        last: Optional[str] = None
        tries = failures = 0
        while True:
            answer: Optional[Answer] = None
            # What of an event has arrived so far; without the blank line behind it, it has not arrived.
            kind, read, data = "", last, []
            for line in self._http.lines(path, {} if last is None else {"Last-Event-ID": last}):
                if isinstance(line, Answer):
                    answer = line
                    break
                name, _, value = line.partition(":")
                value = value[1:] if value.startswith(" ") else value
                if name == "event":
                    kind = value
                elif name == "id":
                    read = value
                elif name == "data":
                    data.append(value)
                elif not line:
                    event, of, last = "\n".join(data), kind or "message", read
                    kind, data = "", []
                    if event:
                        tries = failures = 0
                        yield of, event
            tries += 1
            if answer is not None:
                failures += broken(answer)
                if verdict(answer, failures) is not Verdict.REPEAT:
                    raise failure(answer, path)
            asked = 0.0 if answer is None else answer.retry_after
            if self._closed.wait(pause(self._retrying, tries, asked, self._random)):
                return

    # What is written

    def partition(
        self,
        sink: str,
        partition: str,
        *,
        owner: Optional[str] = None,
        fence: bool = True,
        resume: "Union[Snapshot, Mapping[str, Any], None]" = None,
        on_behind: str = "raise",
        offsets: str = "writer",
        sparse: bool = False,
        on_rejected: Optional[OnRejected] = None,
        batching: Optional[Batching] = None,
    ) -> Partition:
        """Opens a partition, which fences off whoever writes to it now; fence=False only asks where it stands.

        owner: tells people who writes. resume: a snapshot to go back to (`on_behind="replay"`: where the sink stands
        before it, go on from there). offsets: "writer", or "from-snapshot" to be numbered here, which writes twice what
        is written again after a crash. sparse: offsets that are left out are holes. on_rejected: is asked for each
        refused record, and returns SKIP, another record, or None to stop. Raises Fenced, SinkBehind, NotRewindable,
        Refused.
        """
        self._same_process()
        if offsets not in ("writer", "from-snapshot"):
            raise ValueError(f"offsets is 'writer' or 'from-snapshot', not {offsets!r}")
        if on_behind not in ("raise", "replay"):
            raise ValueError(f"on_behind is 'raise' or 'replay', not {on_behind!r}")
        chosen = batching or self._batching
        window = self._window(sink, chosen)
        snapshot = self.snapshot(sink, partition)
        token: Optional[int] = None
        if fence or resume is not None:
            # Unique to this object: a token that an earlier try of ours has raised is told by it.
            name = f"{owner or f'{socket.gethostname()}:{os.getpid()}'}#{secrets.token_hex(4)}"[-200:]
            wanted = Snapshot.of(resume) if isinstance(resume, Mapping) else resume
            try:
                snapshot = self._open(sink, partition, name, snapshot.fencing_token, wanted)
            except SinkBehind:
                if on_behind == "raise":
                    raise
                snapshot = self._open(sink, partition, name, snapshot.fencing_token, None)
            token = snapshot.fencing_token
        return Partition(
            self,
            sink,
            partition,
            snapshot,
            token,
            http=self._http,
            sender=self._sender,
            batching=chosen,
            retrying=self._retrying,
            window=window,
            numbered=offsets == "writer",
            sparse=sparse,
            on_rejected=on_rejected,
            any_order=lambda: self.sink(sink).get("order") == "any",
            random_=self._random,
        )

    def keyed(self, sink: str, *, token: Optional[int] = None, batching: Optional[Batching] = None) -> KeyedStream:
        """A stream of keyed records. token: the fencing token of all partitions, where they have been opened."""
        self._same_process()
        return KeyedStream(
            sink,
            token,
            http=self._http,
            sender=self._sender,
            batching=batching or self._batching,
            retrying=self._retrying,
            window=1,
            next_offset=0,
            numbered=True,
            sparse=False,
            on_rejected=None,
            any_order=lambda: self.sink(sink).get("order") == "any",
            random_=self._random,
        )

    def _same_process(self) -> None:
        if os.getpid() != self._pid:
            raise RuntimeError("this client was made before a fork(); make a client in each process")

    def _window(self, sink: str, batching: Batching) -> int:
        if batching.in_flight is not None:
            return min(batching.in_flight, self._in_flight)
        # What is sent to other systems goes one by one: waiting behind a send gains nothing.
        return 1 if self.sink(sink).get("type") in ("http", "fanout") else self._in_flight

    def _open(self, sink: str, partition: str, owner: str, known: int, resume: Optional[Snapshot]) -> Snapshot:
        path = f"/sinks/{quote(sink, safe='')}/partitions/{quote(partition, safe='')}/open"
        for _ in range(_OPENS):
            body: "Dict[str, Any]" = {"owner": owner, "ifFencingToken": known}
            if resume is not None:
                body["resume"] = {"nextOffset": resume.next_offset, "state": resume.state}
            data = json.dumps(body, separators=(",", ":")).encode()
            try:
                return Snapshot.of(
                    self._repeat(
                        lambda: self._http.request("POST", path, body=data),  # noqa: B023
                        f"{sink}/{partition}",
                        "fencingToken",
                        "nextOffset",
                    )
                )
            except Fenced as fenced:
                # By an earlier try of ours, or by a writer whom we take it from; what is taken back for another one's
                # sake is never taken back twice.
                if (fenced.owner != owner and resume is not None) or "fencingToken" not in fenced.body:
                    raise
                known = int(fenced.body["fencingToken"])
                last: Error = fenced
        raise last

    def _repeat(
        self, ask: "Callable[[], Answer]", where: str, *members: str, until: Optional[threading.Event] = None
    ) -> Mapping[str, Any]:
        self._same_process()
        began = time.monotonic()
        tries = failures = 0
        while True:
            answer = ask()
            tries += 1
            failures += broken(answer)
            document = document_of(answer, *members)
            if document is not None:
                return document
            if verdict(answer, failures) is not Verdict.REPEAT:
                raise failure(answer, where)
            give_up = self._retrying.give_up_after
            left = LONGEST_ASKED if give_up is None else began + give_up - time.monotonic()
            if give_up is not None and left <= 0:
                raise Unavailable(
                    f"{where}: no answer in {give_up} s and {tries} tries; last: {answer}",
                    answer.document,
                    answer.status,
                )
            if (until or self._closed).wait(pause(self._retrying, tries, answer.retry_after, self._random, left)):
                raise ValueError(f"{where} is closed, and nothing is asked for again; last: {answer}")
