"""The face for asyncio."""

from __future__ import annotations

import asyncio
from typing import Any, AsyncIterator

import pytest

import sluice
from sluice import aio

SNAPSHOT = {"request": {"snapshot": True}, "answer": {"snapshot": {}}, "repeated": True}
BATCHING = sluice.Batching(records=2, in_flight=1, linger=60)


def write(first: int, **answer: Any) -> Any:
    return {"request": {"write": {"first": first}}, "answer": {"written": "committed", **answer}}


def test_writes(served: Any) -> None:
    script = served(SNAPSHOT, write(0), write(2), write(4))

    async def values() -> AsyncIterator[int]:
        for number in range(3):
            yield number

    async def run() -> None:
        async with aio.Client(script.url, batching=BATCHING) as client:
            async with await client.partition("events", "0", fence=False) as lane:
                await lane.write_many(values(), 0)
                await lane.write_many([3], 3)
                await lane.flush()
                assert lane.next_offset == 4
                await lane.write(4, 4)
            assert (lane.next_offset, lane.stats.written) == (5, 5)

    asyncio.run(run())
    assert script.report()["failures"] == []


def test_the_loop_goes_on_while_a_write_waits(served: Any) -> None:
    script = served(
        SNAPSHOT,
        {**write(0, when="go"), "name": "sent"},
        {"request": {"get": "/go"}, "name": "go", "answer": {"json": {}}},
        write(2),
        write(4),
    )

    async def run() -> None:
        async with aio.Client(script.url, batching=BATCHING) as client:
            async with await client.partition("events", "0", fence=False) as lane:
                writing = asyncio.ensure_future(lane.write_many([0, 1, 2, 3, 4], 0))
                done, _ = await asyncio.wait([writing], timeout=0.1)
                assert not done
                await client._do(lambda: client._client.get("/go"))
                await writing
            assert lane.next_offset == 5

    asyncio.run(run())
    assert script.report()["failures"] == []


def test_a_cancelled_task_waits_for_nothing(served: Any) -> None:
    script = served(SNAPSHOT, {**write(0, when="never"), "name": "sent"})

    async def run() -> None:
        async with aio.Client(script.url, batching=BATCHING) as client:
            lane = await client.partition("events", "0", fence=False)
            await lane.write_many([0, 1], 0)
            closing = asyncio.ensure_future(lane.close())
            await asyncio.wait([closing], timeout=0.05)
            closing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await closing
            with pytest.raises(ValueError, match="closed"):
                await lane.write(2, 2)

    asyncio.run(run())


def test_failures_are_the_same(served: Any) -> None:
    script = served(SNAPSHOT, {"request": {"write": {"first": 0}}, "answer": {"problem": "fenced"}})

    async def run() -> None:
        async with aio.Client(script.url, batching=BATCHING) as client:
            with pytest.raises(sluice.Fenced):
                async with await client.partition("events", "0", fence=False) as lane:
                    await lane.write(1, 0)
                    await lane.flush()

    asyncio.run(run())
