"""One partition of a sink, and a stream of keyed records."""

from __future__ import annotations

import json
from types import TracebackType
from typing import TYPE_CHECKING, Any, Iterable, List, Optional, Tuple, Type
from urllib.parse import quote

from ._batch import Batch, encode
from ._lane import Lane, pause
from ._snapshot import Snapshot

if TYPE_CHECKING:
    from ._client import Client


class _Closing(Lane):
    """Closes at the end of a `with` block; where that ends with an exception, nothing is waited for."""

    def _leave(self, kind: Optional[Type[BaseException]]) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._leave(kind)


class Partition(_Closing):
    """A partition that this process writes to. Made by `Client.partition`; one thread writes."""

    def __init__(
        self, client: "Client", sink: str, partition: str, snapshot: Snapshot, token: Optional[int], **settings: Any
    ) -> None:
        self.sink = sink
        self.partition = partition
        self.fencing_token = token
        self.state = snapshot.state
        self._client = client
        self._base = f"/sinks/{quote(sink, safe='')}/partitions/{quote(partition, safe='')}"
        super().__init__(f"{sink}/{partition}", self._base, next_offset=snapshot.next_offset, **settings)
        self._delivered_offset = snapshot.delivered_offset

    def __enter__(self) -> "Partition":
        return self

    def flush(self, delivered: bool = False) -> None:
        """Waits until all that was written is acknowledged, with `delivered` until it has reached the target."""
        super().flush()
        tries = 0
        while delivered:
            now = self._client.snapshot(self.sink, self.partition, until=self.ended)
            self._delivered_offset = now.delivered_offset
            if now.delivered_offset is None or now.delivered_offset >= (self._position or self._next_offset):
                return
            tries += 1
            if self.ended.wait(pause(self._retrying, min(tries, 4), 0.0, self._random)):
                raise ValueError(f"{self._name} is closed")

    def snapshot(self) -> Snapshot:
        """Flushes, and returns where the partition stands: what a resume needs."""
        self.flush()
        snapshot = self._client.snapshot(self.sink, self.partition, until=self.ended)
        self.state = snapshot.state
        return snapshot

    def _headers(self) -> "dict[str, str]":
        return {} if self.fencing_token is None else {"Sluice-Fencing-Token": str(self.fencing_token)}

    def _asked(self) -> Optional[int]:
        return self._client.snapshot(self.sink, self.partition, until=self.ended).next_offset


class KeyedStream(_Closing):
    """A stream of keyed records, routed by the service. Made by `Client.keyed`; one thread writes."""

    def __init__(self, sink: str, token: Optional[int], **settings: Any) -> None:
        self.sink = sink
        self.fencing_token = token
        super().__init__(sink, f"/sinks/{quote(sink, safe='')}/records", **settings)

    def __enter__(self) -> "KeyedStream":
        return self

    def write(self, value: Any, offset: Optional[int] = None, *, key: str = "") -> None:
        """Writes one record of a key at its position in the stream; see `Partition.write`."""
        self._write([_keyed(key, value)], offset)

    def write_many(self, values: Iterable[Any], first: Optional[int] = None) -> None:
        """Writes pairs of key and value at `first`, `first` + 1, …"""
        super().write_many((_keyed(key, value) for key, value in values), first)

    def begin_at(self, next_offset: int) -> None:
        """Says where the stream stands; nothing was written to it yet."""
        self._next_offset = next_offset

    def advance(self, end: int) -> None:
        """Keyed records have no holes: raises NotImplementedError."""
        raise NotImplementedError("a keyed stream has no holes; its records follow each other")

    def _headers(self) -> "dict[str, str]":
        return {} if self.fencing_token is None else {"Sluice-Fencing-Token": str(self.fencing_token)}

    def _body(self, batch: Batch) -> "Tuple[str, dict[str, str], bytes]":
        return batch.keyed()


def _keyed(key: str, value: Any) -> bytes:
    parts: List[bytes] = [b'{"key":', json.dumps(key, ensure_ascii=False).encode(), b',"value":', encode(value), b"}"]
    return b"".join(parts)
