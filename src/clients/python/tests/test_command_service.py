"""The command against the real service."""

from __future__ import annotations

import json
import pathlib
import signal
import subprocess
import sys
import time
from typing import Any, List

import pytest
from service import ROOT, Service

import sluice
from sluice._command import main

pytestmark = pytest.mark.service
FLIGHTS = ROOT / "src" / "examples" / "flights-20k.ndjson"


def settled(service: Service, sink: str, partition: str) -> "tuple[int, int]":
    with sluice.Client(service.url) as client:
        balance = client.get(f"/sinks/{sink}/partitions/{partition}/balance?target=true", "settled")
    assert balance["difference"] == 0
    return balance["settled"], balance["holes"]


def push(service: Service, *arguments: str) -> int:
    return main(["push", *arguments, "--url", service.url])


def test_push_goes_on_where_it_was(
    service: Service, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert push(service, str(FLIGHTS), "--to", "pushed/0", "--limit", "7500") == 0
    assert settled(service, "pushed", "0") == (7_500, 0)
    assert push(service, str(FLIGHTS), "--to", f"{service.url}/sinks/pushed/partitions/0", "--json") == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert (figures["acknowledged"], figures["sent"], figures["share"]) == (20_000, 20_000, 1.0)
    assert all(json.loads(line)["acknowledged"] <= 20_000 for line in err.splitlines()[1:])
    assert settled(service, "pushed", "0") == (20_000, 0)
    # Another file, a shorter one, and one whose last lines were changed.
    lines = FLIGHTS.read_bytes().splitlines(True)
    other = tmp_path / "other.ndjson"
    for content in ([b"{}\n"] * 20_000, lines[:19_990], [*lines[:19_990], *[b"1\n"] * 10]):
        other.write_bytes(b"".join(content))
        assert push(service, str(other), "--to", "pushed/0") == 5
    assert settled(service, "pushed", "0") == (20_000, 0)


def test_interrupted_while_it_follows(service: Service, tmp_path: pathlib.Path) -> None:
    growing = tmp_path / "growing.ndjson"
    growing.write_bytes(b"".join(b"%d\n" % number for number in range(2_500)))
    arguments = [sys.executable, "-m", "sluice", "push", str(growing), "--to", "pushed/1", "--follow"]
    process = subprocess.Popen(
        [*arguments, "--url", service.url],
        env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1] / "src")},
        stderr=subprocess.PIPE,
        text=True,
    )
    with sluice.Client(service.url) as client:

        def arrives(count: int) -> None:
            deadline = time.monotonic() + 60
            while client.snapshot("pushed", "1").next_offset < count:
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.01)

        arrives(2_500)
        with growing.open("ab") as file:
            file.write(b"2500\n25")
        arrives(2_501)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    assert "stopped at offset 2501, which is safe. To go on: sluice push" in told
    with growing.open("ab") as file:
        file.write(b"01\n")
    assert push(service, str(growing), "--to", "pushed/1", "--quiet") == 0
    assert settled(service, "pushed", "1") == (2_502, 0)


def test_standard_input(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def piped(*arguments: str, lines: bytes) -> int:
        return subprocess.run(
            [sys.executable, "-m", "sluice", "push", "-", "--to", "pushed/2", "--url", service.url, *arguments],
            env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1] / "src")},
            input=lines,
            capture_output=True,
            check=False,
        ).returncode

    assert piped(lines=b"1\n2\n") == 0
    assert piped(lines=b"3\n") == 2
    assert piped("--from-start", lines=b"1\n2\n3\n") == 0
    assert settled(service, "pushed", "2") == (3, 0)


def test_keyed_csv(service: Service, tmp_path: pathlib.Path) -> None:
    table = tmp_path / "flights.csv"
    table.write_text("origin,delay\n" + "".join(f"K{number},{number}\n" for number in range(40)))
    expected = {"x": 0, "y": 0}
    with sluice.Client(service.url) as client:
        for number in range(40):
            expected[client.partition_for("routed", f"K{number}")] += 1
    for _ in range(2):
        assert push(service, str(table), "--to", "routed", "--key", "/origin") == 0
        assert {name: settled(service, "routed", name)[0] for name in expected} == expected


def test_refused_records(service: Service, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.ndjson"
    source.write_bytes(b'{"delay":1}\n{"delay":"late"}\n{"delay":3}\n')
    assert push(service, str(source), "--to", "typed/0") == 3
    assert settled(service, "typed", "0") == (0, 0)
    aside = tmp_path / "aside.ndjson"
    for _ in range(2):
        assert push(service, str(source), "--to", "typed/0", "--on-rejected", f"file:{aside}") == 0
        assert settled(service, "typed", "0") == (2, 1)
    assert "offset 1 is left out" in capsys.readouterr().err
    (left_out,) = [json.loads(line) for line in aside.read_bytes().splitlines()]
    assert (left_out["offset"], left_out["value"]) == (1, {"delay": "late"})


def test_opened_by_another_writer(service: Service, tmp_path: pathlib.Path) -> None:
    source = tmp_path / "a.ndjson"
    source.write_bytes(b'{"delay":1}\n')
    with sluice.Client(service.url) as client:
        client.partition("typed", "1", owner="other").abandon()
    assert push(service, str(source), "--to", "typed/1", "--no-fence") == 4
    assert push(service, str(source), "--to", "typed/1") == 0


def test_offsets_of_the_records(service: Service, tmp_path: pathlib.Path) -> None:
    """Goes on in the middle of a stream with holes, and compares the holes, too."""
    source = tmp_path / "a.ndjson"
    lines = [b'{"lsn":%d}\n' % (10 + 7 * number) for number in range(2_000)]
    for count in (1_500, 2_000, 2_000):
        source.write_bytes(b"".join(lines[:count]))
        assert push(service, str(source), "--to", "spaced/0", "--offsets", "json:/lsn", "--batch", "500") == 0
        assert settled(service, "spaced", "0")[0] == count


def test_looking(service: Service, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "a.ndjson"
    source.write_bytes(b'{"a":1}\n"\\u0000"\n')
    assert push(service, str(source), "--to", "pushed/3") == 0
    capsys.readouterr()

    def looked(*arguments: str) -> List[Any]:
        assert main([*arguments, "--url", service.url, "--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert looked("snapshot", "pushed/3")[0]["nextOffset"] == 2
    assert [each["partition"] for each in looked("snapshot", "pushed")] == ["0", "1", "2", "3"]
    assert "pushed" in [each["id"] for each in looked("sinks")]
    assert [each["offset"] for each in looked("letters", "pushed/3")] == [1]
    assert main(["sinks", "--url", service.url]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["SINK", "TYPE", "PARTITIONS", "GUARANTEE"]
    assert main(["letters", "pushed", "--url", service.url]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[:3] == ["3", "1", "open"]
    assert main(["snapshot", "pushed/9", "--url", service.url]) == 1
    assert "unknown-partition" in capsys.readouterr().err


def test_tail(service: Service) -> None:
    """Shows what is there and what comes."""
    with sluice.Client(service.url) as client, client.partition("pushed", "3") as lane:
        start = lane.next_offset
        lane.write_many([{"tail": 1}, {"tail": 2}], start)
        lane.flush()
        process = subprocess.Popen(
            [sys.executable, "-m", "sluice", "tail", "pushed/3", "--from", str(start), "--url", service.url],
            env={"PYTHONPATH": str(pathlib.Path(__file__).parents[1] / "src")},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert [json.loads(process.stdout.readline()) for _ in range(2)] == [{"tail": 1}, {"tail": 2}]
        lane.write({"tail": 3}, start + 2)
        lane.flush()
        assert json.loads(process.stdout.readline()) == {"tail": 3}
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 130
