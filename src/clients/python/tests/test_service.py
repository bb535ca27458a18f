"""Against the real service: what it has at the end is what was written, whoever was killed meanwhile."""

from __future__ import annotations

import json
import pathlib
import random
import subprocess
import sys
import time
import urllib.request
from typing import Any, List

import pytest
from service import Service
from writer import record

import sluice

pytestmark = pytest.mark.service


def make_client(service: Service, **settings: Any) -> sluice.Client:
    settings.setdefault("retrying", sluice.Retrying(0.01, 0.5))
    return sluice.Client(service.url, **settings)


def post(service: Service, path: str, document: Any) -> Any:
    request = urllib.request.Request(
        service.url + path, json.dumps(document).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def expect_rows(service: Service, sink: str, partition: str, count: int) -> None:
    """Each acknowledged offset stands once in the target, and nothing else does."""
    with make_client(service) as client:
        balance = client.get(f"/sinks/{sink}/partitions/{partition}/balance?target=true", "settled")
    assert (balance["settled"], balance["written"], balance["holes"], balance["difference"]) == (count, count, 0, 0)
    assert {each["with"] for each in balance["comparisons"]} >= {"receipts", "target"}
    verified = post(service, f"/sinks/{sink}/partitions/{partition}/verify", {"from": 0, "to": count})
    assert (verified["same"], verified["differences"]) == (count, {})


def progress(client: sluice.Client, sink: str, partition: str, least: int) -> None:
    deadline = time.monotonic() + 120
    while client.snapshot(sink, partition).next_offset < least:
        assert time.monotonic() < deadline, f"{sink}/{partition} did not get to {least}"
        time.sleep(0.005)


def writer(service: Service, sink: str, partition: str, count: int, back: int) -> "subprocess.Popen[bytes]":
    source = pathlib.Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, str(source / "writer.py"), service.url, sink, partition, str(count), str(back)],
        env={"PYTHONPATH": str(source.parent / "src")},
    )


def test_killed_writer(service: Service) -> None:
    """Its successor fences it off, sends some of what is there again, and nothing is lost or doubled."""
    count = 4_000
    chance = random.Random(11)
    kills: List[int] = sorted(chance.sample(range(count // 8, count - count // 8), 4))
    with make_client(service) as client:
        for least in kills:
            process = writer(service, "lines", "0", count, chance.randrange(200))
            progress(client, "lines", "0", least)
            process.kill()
            process.wait()
        assert writer(service, "lines", "0", count, 100).wait(timeout=120) == 0
        assert client.snapshot("lines", "0").next_offset == count
    # Of a file the bytes themselves can be read.
    lines = (service.directory / "data" / "lines" / "0.ndjson").read_bytes().splitlines()
    assert lines == [record(offset) for offset in range(count)]


def test_killed_service(service: Service) -> None:
    """The writer goes on by itself once the service is back."""
    count = 6_000
    chance = random.Random(12)
    kills = sorted(chance.sample(range(count // 8, count - count // 8), 2))
    process = writer(service, "events", "0", count, 0)
    with make_client(service) as client:
        for least in kills:
            progress(client, "events", "0", least)
            service.kill()
            service.start()
    assert process.wait(timeout=120) == 0
    expect_rows(service, "events", "0", count)


def test_fenced(service: Service) -> None:
    with make_client(service) as client, make_client(service) as other:
        first = client.partition("events", "1", owner="first")
        first.write_many([record(offset) for offset in range(100)], 0)
        first.flush()
        with other.partition("events", "1", owner="second") as second:
            assert second.next_offset == 100
            first.write(record(100), 100)
            with pytest.raises(sluice.Fenced) as fenced:
                first.flush()
            assert fenced.value.owner is not None and fenced.value.owner.startswith("second#")
            with pytest.raises(sluice.Fenced):
                first.write(record(101), 101)
            second.write_many([record(offset) for offset in range(100, 300)], 100)
    expect_rows(service, "events", "1", 300)


def test_conflict(service: Service) -> None:
    with make_client(service) as client, client.partition("events", "2", fence=False) as lane:
        lane.write_many([record(offset) for offset in range(10)], 0)
        lane.flush()
        again = client.partition("events", "2", fence=False)
        again.write_many([record(0), b'{"other":1}'], 0)
        with pytest.raises(sluice.Conflict) as conflict:
            again.flush()
        assert conflict.value.offset == 1
    expect_rows(service, "events", "2", 10)


def test_refused(service: Service) -> None:
    """Corrected, left out, or told."""
    answers: "dict[int, Any]" = {3: sluice.SKIP, 5: {"delay": 55}}
    with make_client(service) as client:
        with client.partition("delays", "0", on_rejected=lambda refused: answers[refused.offset]) as lane:
            lane.write_many([{"delay": "late" if offset in answers else offset} for offset in range(10)], 0)
        with client.partition("delays", "0") as lane:
            lane.write({"delay": "late"}, 10)
            with pytest.raises(sluice.Rejected) as rejected:
                lane.flush()
            assert [each["offset"] for each in rejected.value.rejected] == [10]
            lane.abandon()
        balance = client.get("/sinks/delays/partitions/0/balance?target=true", "settled")
        assert (balance["settled"], balance["holes"], balance["difference"]) == (9, 1, 0)


def test_rewind(service: Service) -> None:
    with make_client(service) as client:
        with client.partition("lines", "1") as lane:
            lane.write_many([record(offset) for offset in range(10)], 0)
            saved = lane.snapshot()
            lane.write_many([b'{"order":1}', b'{"order":2}'], 10)
        document = json.loads(json.dumps(saved.as_json()))
        with client.partition("lines", "1", resume=document) as lane:
            assert lane.next_offset == 10
            lane.write_many([b'{"order":2}', b'{"order":1}'], 10)
        with pytest.raises(sluice.SinkBehind) as behind:
            client.partition("lines", "1", resume=sluice.Snapshot(99, saved.state))
        assert behind.value.next_offset == 12


def test_single_records_of_every_shape(service: Service) -> None:
    values: List[Any] = [
        None,
        True,
        1.5,
        "text",
        [],
        [1, 2],
        {},
        {"offset": 1, "records": [1]},
        "ü\u2028",
        b'{"a":\n 1}',
    ]
    batching = sluice.Batching(records=1)
    with make_client(service, batching=batching) as client, client.partition("events", "3") as lane:
        lane.write_many([json.dumps(value) if isinstance(value, str) else value for value in values], 0)
    with make_client(service) as client, client.partition("events", "3") as lane:
        lane.write_many([json.dumps(value) if isinstance(value, str) else value for value in values], 0)
        lane.flush()
        assert (lane.stats.duplicates, lane.stats.unverified) == (len(values), 0)
    expect_rows(service, "events", "3", len(values))


def test_keyed_goes_where_the_client_says(service: Service) -> None:
    keys = [f"key {number}" for number in range(30)] + ["", "ü", "\U0001f600"]
    with make_client(service) as client:
        expected = dict.fromkeys(["a", "b", "c"], 0)
        with client.keyed("keyed") as stream:
            for offset, key in enumerate(keys):
                stream.write({"key": key}, offset, key=key)
                expected[client.partition_for("keyed", key)] += 1
        found = {name: client.get(f"/sinks/keyed/partitions/{name}/balance", "settled")["settled"] for name in expected}
        assert found == expected


def test_delivered(service: Service) -> None:
    with make_client(service) as client:
        with client.partition("waits", "0", fence=False) as lane:
            lane.write_many([record(offset) for offset in range(2_500)], 0)
            lane.flush(delivered=True)
            assert (lane.next_offset, lane.delivered_offset) == (2_500, 2_500)
        assert client.snapshot("late", "0").next_offset == 2_500
    expect_rows(service, "late", "0", 2_500)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_compressed(service: Service, coding: str) -> None:
    count = 3_000
    with make_client(service, compress=coding) as client, client.partition("events", coding) as lane:
        lane.write_many([record(offset) for offset in range(count)], 0)
    with make_client(service) as client, client.partition("events", coding) as lane:
        lane.write_many([record(offset) for offset in range(count)], 0)
        lane.flush()
        assert lane.stats.duplicates == count
    expect_rows(service, "events", coding, count)


def test_too_large(service: Service) -> None:
    """What comes before the record that is too large is settled, and the record is told."""
    with make_client(service) as client:
        lane = client.partition("events", "large")
        lane.write_many([b"1", b"2", b'"' + b"x" * 5_000_000 + b'"', b"4"], 0)
        with pytest.raises(sluice.TooLarge, match=r"sluice\.limits\.") as large:
            lane.flush()
        assert (large.value.status, lane.next_offset) == (413, 2)
        lane.abandon()
