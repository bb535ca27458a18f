"""A writer that can be killed: writes record i at offset i, from where the partition stands on."""

from __future__ import annotations

import json
import random
import sys

import sluice


def record(offset: int) -> bytes:
    """The record at an offset: always the same bytes, of sizes that differ."""
    chance = random.Random(offset)
    return json.dumps({"n": offset, "text": "ü" * chance.randrange(40), "x": chance.random()}).encode()


def main(url: str, sink: str, partition: str, count: int, back: int) -> None:
    batching = sluice.Batching(records=50, linger=0.05, in_flight=4)
    with sluice.Client(url, batching=batching, retrying=sluice.Retrying(0.01, 0.5)) as client:
        with client.partition(sink, partition, owner="writer") as lane:
            # Some of what is there goes again: it has to be recognised.
            start = max(0, lane.next_offset - back)
            lane.write_many((record(offset) for offset in range(start, count)), start)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
