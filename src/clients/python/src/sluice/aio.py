"""The same client for asyncio: what may wait is awaited, and never blocks the event loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, AsyncIterable, Callable, Generic, Iterable, Mapping, Optional, Type, TypeVar, Union

from . import _client, _partition
from ._lane import Stats
from ._snapshot import Snapshot

_T = TypeVar("_T")
_L = TypeVar("_L", _partition.Partition, _partition.KeyedStream)


class _Stream(Generic[_L]):
    """What partitions and keyed streams have in common. One task writes."""

    def __init__(self, lane: _L) -> None:
        self._lane: _L = lane
        # One thread, so that what one task does stays in its order.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sluice-aio")

    @property
    def next_offset(self) -> int:
        """The exclusive end of what the service has acknowledged."""
        return int(self._lane.next_offset)

    @property
    def stats(self) -> Stats:
        """What has become of records so far."""
        stats: Stats = self._lane.stats
        return stats

    async def _do(self, what: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, what)

    async def _soon(self, what: Callable[[], None]) -> None:
        # A thread is needed only where there is something to wait for.
        if self._lane.room():
            what()
        else:
            await self._do(what)

    async def close(self) -> None:
        """Flushes, and takes no more. Cancelled, it does not wait."""
        try:
            await self._do(self._lane.close)
        except asyncio.CancelledError:
            self._lane.abandon()
            raise
        finally:
            self._thread.shutdown(wait=False)

    def abandon(self) -> None:
        """Ends without a flush."""
        self._lane.abandon()
        self._thread.shutdown(wait=False)

    async def _leave(self, kind: Optional[Type[BaseException]]) -> None:
        if kind is None:
            await self.close()
        else:
            self.abandon()

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        await self._leave(kind)


class Partition(_Stream[_partition.Partition]):
    """See `sluice.Partition`."""

    async def __aenter__(self) -> "Partition":
        return self

    async def write(self, value: Any, offset: Optional[int] = None) -> None:
        """Writes one record; waits while as much is under way as may be."""
        await self._soon(lambda: self._lane.write(value, offset))

    async def write_many(self, values: "Union[Iterable[Any], AsyncIterable[Any]]", first: Optional[int] = None) -> None:
        """Writes records at `first`, `first` + 1, …; the values may be endless, and come asynchronously."""
        offset = first
        if isinstance(values, AsyncIterable):
            async for value in values:
                await self.write(value, offset)
                offset = None if offset is None else offset + 1
        else:
            await self._do(lambda: self._lane.write_many(values, first))

    async def advance(self, end: int) -> None:
        """Declares that there is no record from here to `end` (exclusive)."""
        await self._soon(lambda: self._lane.advance(end))

    async def flush(self, delivered: bool = False) -> None:
        """Waits until all that was written is acknowledged, with `delivered` until it has reached the target."""
        await self._do(lambda: self._lane.flush(delivered))

    async def snapshot(self) -> Snapshot:
        """Flushes, and tells where the partition stands."""
        return await self._do(self._lane.snapshot)


class KeyedStream(_Stream[_partition.KeyedStream]):
    """See `sluice.KeyedStream`."""

    async def __aenter__(self) -> "KeyedStream":
        return self

    async def write(self, value: Any, offset: int, *, key: str) -> None:
        """Writes one record of a key at its position in the stream."""
        await self._soon(lambda: self._lane.write(value, offset, key=key))

    async def flush(self) -> None:
        """Waits until all that was written is acknowledged."""
        await self._do(self._lane.flush)


class Client:
    """See `sluice.Client`, whose arguments it takes."""

    def __init__(self, url: str, **settings: Any) -> None:
        self._client = _client.Client(url, **settings)

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], traceback: Optional[TracebackType]
    ) -> None:
        self._client.close()

    async def _do(self, what: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(None, what)

    async def partition(self, sink: str, partition: str, **settings: Any) -> Partition:
        """Opens a partition; see `sluice.Client.partition`."""
        return Partition(await self._do(lambda: self._client.partition(sink, partition, **settings)))

    async def keyed(self, sink: str, **settings: Any) -> KeyedStream:
        """A stream of keyed records; see `sluice.Client.keyed`."""
        return KeyedStream(await self._do(lambda: self._client.keyed(sink, **settings)))

    async def snapshot(self, sink: str, partition: str) -> Snapshot:
        """Where a partition stands."""
        return await self._do(lambda: self._client.snapshot(sink, partition))

    async def sink(self, sink: str) -> Mapping[str, Any]:
        """The definition of a sink."""
        return await self._do(lambda: self._client.sink(sink))

    async def partition_for(self, sink: str, key: str) -> str:
        """The partition that the records of a key belong to."""
        return await self._do(lambda: self._client.partition_for(sink, key))
