"""What scenarios cannot tell: memory, processes, interruptions, arguments."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
import pickle
import random
import signal
import ssl
import subprocess
import sys
import threading
from typing import Any, Iterator

import pytest

import sluice
from sluice._batch import Batch, encode
from sluice._http import Http, _seconds
from sluice._lane import pause
from sluice._routing import crc32c

SNAPSHOT = {"request": {"snapshot": True}, "answer": {"snapshot": {}}, "repeated": True}


def write(first: int, **answer: Any) -> Any:
    return {"request": {"write": {"first": first}}, "answer": {"written": "committed", **answer}}


def test_an_endless_source_waits_for_the_service(served: Any) -> None:
    """As long as nothing is answered, no more is taken from the source than may be in memory."""
    script = served(SNAPSHOT, {**write(0, when="never"), "name": "first"}, write(10, when="never"))
    batching = sluice.Batching(records=10, in_flight=2)
    client = sluice.Client(script.url, batching=batching)
    lane = client.partition("events", "0", fence=False)
    taken = []
    finished = threading.Event()

    def source() -> Iterator[bytes]:
        for number in itertools.count():
            taken.append(number)
            yield b"1"

    def run() -> None:
        try:
            lane.write_many(source(), 0)
        except ValueError:
            finished.set()

    threading.Thread(target=run, daemon=True).start()
    with script.changed:
        assert script.changed.wait_for(lambda: "first" in script.times, 10)
    # It stands once two batches are under way, one is full, and a record is in its hands.
    while len(taken) < 31:
        finished.wait(0.01)
    assert not finished.wait(0.2)
    assert len(taken) == 31
    lane.abandon()
    assert finished.wait(10)
    client.close()


def test_names_are_what_the_caller_gave(monkeypatch: Any) -> None:
    """They are quoted where an address is made of them, once."""
    asked = []
    client = sluice.Client("http://127.0.0.1:1")

    def snapshot(sink: str, partition: str, until: Any = None) -> Any:
        asked.append((sink, partition))
        return sluice.Snapshot.of({"sink": sink, "partition": partition, "nextOffset": 0, "fencingToken": 0})

    monkeypatch.setattr(client, "snapshot", snapshot)
    lane = client.partition("events", "eu:1+x", fence=False, batching=sluice.Batching(in_flight=1))
    lane.snapshot()
    assert asked and set(asked) == {("events", "eu:1+x")}
    assert (lane.partition, lane._path) == ("eu:1+x", "/sinks/events/partitions/eu%3A1%2Bx")
    client.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_fork(served: Any) -> None:
    script = served(SNAPSHOT)
    with sluice.Client(script.url) as client:
        lane = client.partition("events", "0", fence=False, batching=sluice.Batching(in_flight=1))
        child = os.fork()
        if child == 0:
            code = 1
            try:
                lane.write(1, 0)
            except RuntimeError:
                try:
                    client.snapshot("events", "0")
                except RuntimeError:
                    code = 0
            os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
        lane.abandon()


def test_interrupted_close(served: Any) -> None:
    """It does not wait for an answer, and says what is not acknowledged."""
    script = served(SNAPSHOT, {**write(0, when="never"), "name": "sent"})
    program = f"""
import logging, sys
import sluice
logging.basicConfig(stream=sys.stdout, level=logging.WARNING)
client = sluice.Client({script.url!r}, batching=sluice.Batching(in_flight=1))
lane = client.partition("events", "0", fence=False)
lane.write_many([1, 2, 3], 0)
try:
    lane.close()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1] / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )
    with script.changed:
        assert script.changed.wait_for(lambda: "sent" in script.times, 30)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=10)[0]
    assert "offsets 0 to 3 (exclusive) were written and are not acknowledged" in output
    assert output.endswith("interrupted\n")


def test_an_exception_in_the_block_waits_for_nothing(served: Any) -> None:
    script = served(SNAPSHOT)
    with sluice.Client(script.url, batching=sluice.Batching(in_flight=1, linger=60)) as client:
        with pytest.raises(KeyError), client.partition("events", "0", fence=False) as lane:
            lane.write(1, 0)
            raise KeyError
    assert [each["method"] for each in script.received] == ["GET"]


def test_numbering_is_the_callers(served: Any) -> None:
    script = served(SNAPSHOT, write(0), write(2))
    with sluice.Client(script.url, batching=sluice.Batching(in_flight=1, linger=60)) as client:
        lane = client.partition("events", "0", fence=False)
        with pytest.raises(TypeError, match="needs its offset"):
            lane.write(1)
        lane.write(1, 0)
        with pytest.raises(ValueError, match="offsets rise"):
            lane.write(1, 0)
        with pytest.raises(ValueError, match="expected offset 1, not 5"):
            lane.write(1, 5)
        with pytest.raises(ValueError, match="cannot advance"):
            lane.advance(0)
        lane.close()
        with pytest.raises(ValueError, match="closed"):
            lane.write(1, 1)


def test_a_failing_callback_is_told(served: Any) -> None:
    answer = {"problem": "record-rejected", "members": {"rejected": [{"offset": 0, "message": "no"}]}}
    script = served(SNAPSHOT, {"request": {"write": {"first": 0}}, "answer": answer})

    def ask(refused: sluice.RejectedRecord) -> Any:
        raise ZeroDivisionError(refused.message)

    with sluice.Client(script.url, batching=sluice.Batching(in_flight=1)) as client:
        lane = client.partition("events", "0", fence=False, on_rejected=ask)
        lane.write(1, 0)
        with pytest.raises(sluice.Error, match="ZeroDivisionError: no"):
            lane.flush()


def test_records() -> None:
    assert encode({"a": [1, None, "ü"]}) == '{"a":[1,null,"ü"]}'.encode()
    assert encode('{"a": 1}') == b'{"a": 1}'
    record = b"[1, 2]"
    assert encode(record) is record
    for wrong in (b"", " \n", float("nan"), {1, 2}):
        with pytest.raises((ValueError, TypeError)):
            encode(wrong)


def test_bodies_say_how_many_records_there_are() -> None:
    """A record that is two values, or none, must not pass for others than it is."""
    batch = Batch(7, 0.0)
    batch.add(b"1,2", 7)
    media_type, query, body = batch.body()
    assert (media_type, query) == ("application/json", {})
    assert json.loads(body) == {"first": 7, "end": 8, "offsets": [7], "records": [1, 2]}
    batch.add(b"3", 8)
    assert batch.body() == ("application/x-ndjson", {"offset": "7"}, b"1,2\n3")
    batch.add(b'{"a":\n1}', 9)
    media_type, query, body = batch.body()
    assert (media_type, query) == ("application/json", {})
    assert body == b'{"first":7,"end":10,"offsets":[7,8,9],"records":[1,2,3,{"a":\n1}]}'


def test_halves_cover_the_same() -> None:
    batch = Batch(0, 0.0)
    batch.extend(5)
    for offset in (5, 8, 9, 20):
        batch.add(b"1", offset)
    batch.extend(30)
    lower, upper = batch.halves()
    assert (lower.first, lower.end, lower.offsets) == (0, 9, [5, 8])
    assert (upper.first, upper.end, upper.offsets) == (9, 30, [9, 20])


def test_crc32c() -> None:
    # RFC 3720, B.4
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(b"123456789") == 0xE3069283


def test_pauses() -> None:
    retrying = sluice.Retrying(0.1, 10)
    chance = random.Random(1)
    for tries in (1, 5, 1000):
        found = [pause(retrying, tries, 0, chance) for _ in range(200)]
        most = min(10, 0.1 * 2**tries)
        assert 0 <= min(found) < most / 10 and most * 0.9 < max(found) <= most
    assert pause(retrying, 1, 7.5, chance) == 7.5
    assert pause(retrying, 1, 86_400, chance) == 60
    assert pause(retrying, 1, 86_400, chance, 300) == 300
    assert [_seconds(value) for value in ("7", " 7 ", "\u00b2", "\u0667", "-1", "x", None)] == [7, 7, 0, 0, 0, 0, 0]


def test_only_internal_errors_are_counted_towards_their_end(served: Any) -> None:
    def refused(problem: str) -> Any:
        return {"request": {"write": {"first": 0}}, "answer": {"problem": problem}}

    script = served(SNAPSHOT, *[refused("busy")] * 6, *[refused("internal-error")] * 4, write(0))
    retrying = sluice.Retrying(0.001, 0.001)
    with sluice.Client(script.url, batching=sluice.Batching(in_flight=1), retrying=retrying) as client:
        with client.partition("events", "0", fence=False) as lane:
            lane.write(1, 0)
        assert (lane.next_offset, lane.stats.retries) == (1, 10)


@pytest.mark.parametrize("order", ["any", "offset"])
def test_offsets_before_a_batch_may_be_missing_only_in_any_order(served: Any, order: str) -> None:
    sink = {"request": {"get": "/sinks/events"}, "answer": {"json": {"type": "table", "order": order}}}
    script = served(SNAPSHOT, sink, write(5, members={"nextOffset": 0}))
    with sluice.Client(script.url, batching=sluice.Batching(in_flight=1)) as client:
        lane = client.partition("events", "0", fence=False)
        lane.write(1, 5)
        if order == "any":
            lane.close()
            assert (lane.next_offset, lane.stats.written) == (0, 1)
        else:
            with pytest.raises(sluice.Refused, match="a next offset of 0"):
                lane.close()


def test_events_have_arrived_with_the_blank_line_behind_them(served: Any) -> None:
    def step(body: str, **wanted: Any) -> Any:
        return {"request": {"get": "/tail", **wanted}, "answer": {"body": body}}

    first = (
        'event: record\nid: 1\ndata: {"a":\ndata: 1}\n\n: nothing\n\ndata: {"b": 2}\n\nid: 9\nevent: record\ndata: {"c"'
    )
    script = served(step(first), step('id: 2\r\ndata: {"c": 3}\r\n\r\n', headers={"Last-Event-ID": "1"}))
    with sluice.Client(script.url, retrying=sluice.Retrying(0.001, 0.001)) as client:
        events = client.events("/tail")
        assert [next(events) for _ in range(3)] == [("record", {"a": 1}), ("message", {"b": 2}), ("message", {"c": 3})]
    assert script.failures == []


@pytest.mark.parametrize("closes", ["client", "partition"])
@pytest.mark.parametrize("outage", [True, False])
def test_closing_ends_what_waits_for_another_try(served: Any, closes: str, outage: bool) -> None:
    again: Any = {"problem": "busy"} if outage else {"snapshot": {"deliveredOffset": 0, "nextOffset": 1}}
    first = {"request": {"snapshot": True}, "answer": {"snapshot": {"nextOffset": 1}}}
    script = served(first, {"request": {"snapshot": True}, "answer": again, "repeated": True, "name": "again"})
    retrying = sluice.Retrying(60, 60)
    client = sluice.Client(script.url, batching=sluice.Batching(in_flight=1), retrying=retrying)
    lane = client.partition("events", "0", fence=False)
    raised = []

    def flush() -> None:
        try:
            lane.flush(delivered=True)
        except ValueError as failure:
            raised.append(str(failure))

    thread = threading.Thread(target=flush, daemon=True)
    thread.start()
    with script.changed:
        assert script.changed.wait_for(lambda: "again" in script.times, 10)
    (client.close if closes == "client" else lane.abandon)()
    thread.join(10)
    assert len(raised) == 1 and "is closed" in raised[0]
    client.close()


def test_closing_the_client_ends_a_flush(served: Any) -> None:
    script = served(SNAPSHOT, {**write(0), "answer": {"problem": "busy"}, "name": "sent"})
    retrying = sluice.Retrying(60, 60)
    client = sluice.Client(script.url, batching=sluice.Batching(in_flight=1), retrying=retrying)
    lane = client.partition("events", "0", fence=False)
    lane.write(1, 0)
    raised = threading.Event()

    def flush() -> None:
        try:
            lane.flush()
        except ValueError:
            raised.set()

    threading.Thread(target=flush, daemon=True).start()
    with script.changed:
        assert script.changed.wait_for(lambda: "sent" in script.times, 10)
    client.close()
    assert raised.wait(10)
    lane.abandon()


def test_snapshots_can_be_kept() -> None:
    snapshot = sluice.Snapshot(7, {"length": 3}, None, 2, 5, "x")
    assert sluice.Snapshot.of(json.loads(json.dumps(snapshot.as_json()))) == snapshot
    assert pickle.loads(pickle.dumps(snapshot)) == snapshot
    with pytest.raises(ValueError, match="no snapshot"):
        sluice.Snapshot.of({"state": None})


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://x", "http://"])
def test_addresses(url: str) -> None:
    with pytest.raises(ValueError, match="no address of a service"):
        sluice.Client(url)


@pytest.mark.parametrize(
    "host, compresses", [("localhost", False), ("127.3.2.1", False), ("::1", False), ("db.example.com", True)]
)
def test_nothing_is_compressed_to_loopback(host: str, compresses: bool) -> None:
    assert (Http._encoder("auto", host) is not None) is compresses


def certificate(directory: pathlib.Path, name: str) -> pathlib.Path:
    """A certificate that signs itself, with its key in the same file."""
    both = directory / f"{name}.pem"
    key, cert = directory / f"{name}.key", directory / f"{name}.crt"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )  # fmt: skip
    both.write_bytes(cert.read_bytes() + key.read_bytes())
    return both


def test_tls_with_a_client_certificate(served: Any, tmp_path: pathlib.Path) -> None:
    server, writer = certificate(tmp_path, "server"), certificate(tmp_path, "writer")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server)
    context.load_verify_locations(writer)
    context.verify_mode = ssl.CERT_REQUIRED
    script = served(SNAPSHOT, write(0), tls=context)
    once = sluice.Retrying(0.001, 0.001, give_up_after=0)
    wrongs: "list[dict[str, Any]]" = [{}, {"ca": str(writer), "certificate": str(writer)}, {"ca": str(server)}]
    for wrong in wrongs:
        with sluice.Client(script.url, retrying=once, **wrong) as client, pytest.raises(sluice.Unavailable):
            client.snapshot("events", "0")
    with sluice.Client(script.url, retrying=once, ca=str(server), certificate=str(writer)) as client:
        with client.partition("events", "0", fence=False, batching=sluice.Batching(in_flight=1)) as lane:
            lane.write(1, 0)
        assert lane.next_offset == 1


def test_a_key_that_changes(served: Any) -> None:
    script = served(SNAPSHOT)
    keys = iter(["one", "two"])
    with sluice.Client(script.url, token=lambda: next(keys)) as client:
        client.snapshot("events", "0")
        client.snapshot("events", "0")
    assert [each["headers"]["authorization"] for each in script.received] == ["Bearer one", "Bearer two"]


def test_what_would_look_like_an_attack_is_not_compressed(served: Any) -> None:
    script = served(SNAPSHOT, write(0), write(1))
    with sluice.Client(script.url, compress="gzip", batching=sluice.Batching(records=1, in_flight=1)) as client:
        with client.partition("events", "0", fence=False) as lane:
            lane.write(b'"' + b"x" * 500_000 + b'"', 0)
            lane.write(json.dumps([random.Random(1).random() for _ in range(1_000)]), 1)
    assert [each["headers"].get("content-encoding") for each in script.received] == [None, None, "gzip"]
