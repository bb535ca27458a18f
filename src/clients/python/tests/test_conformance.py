"""Every scenario of the suite that all clients share."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import time
from typing import Any

import pytest

import sluice

SUITE = pathlib.Path(__file__).resolve().parents[2] / "conformance"
SPEC = importlib.util.spec_from_file_location("scripted_server", SUITE / "server.py")
assert SPEC is not None and SPEC.loader is not None
SERVER: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SERVER)
SCENARIOS = [
    (path, scenario)
    for path in sorted((SUITE / "scenarios").glob("*.json"))
    for scenario in json.loads(path.read_text())["scenarios"]
]


def text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Runner:
    def __init__(self, url: str, settings: "dict[str, Any]") -> None:
        least, most = settings["backoff"]
        batching = sluice.Batching(
            settings["batch_records"], settings.get("batch_bytes", 1_000_000), settings["linger"], settings["in_flight"]
        )
        self.client = sluice.Client(
            url,
            token=settings.get("token"),
            compress=settings.get("compress", "auto"),
            timeout=10,
            batching=batching,
            retrying=sluice.Retrying(least, most, settings.get("give_up_after")),
            seed=1,
        )
        self.lane: Any = None

    def partition(
        self,
        fence: bool = True,
        owner: Any = None,
        resume: Any = None,
        on_behind: str = "raise",
        offsets: str = "writer",
        on_rejected: Any = None,
    ) -> None:
        def decide(record: sluice.RejectedRecord) -> Any:
            return sluice.SKIP if on_rejected == "skip" else on_rejected[str(record.offset)]

        self.lane = self.client.partition(
            "events",
            "0",
            fence=fence,
            owner=owner,
            resume=resume,
            on_behind=on_behind,
            offsets=offsets,
            on_rejected=decide if on_rejected else None,
        )

    def keyed(self, token: Any = None) -> None:
        self.lane = self.client.keyed("events", token=token)

    def write(self, first: Any = None, values: Any = None, keyed: Any = None) -> None:
        if keyed is not None:
            self.lane.write_many([(each["key"], each["value"]) for each in keyed], first)
        else:
            self.lane.write_many([text(value) for value in values], first)

    def advance(self, end: int) -> None:
        self.lane.advance(end)

    def flush(self, **options: Any) -> None:
        self.lane.flush(**options)

    def close(self) -> None:
        self.lane.close()

    def snapshot(self) -> None:
        self.lane.snapshot()

    def wait(self, next_offset: int) -> None:
        deadline = time.monotonic() + 20
        while self.lane.next_offset < next_offset and time.monotonic() < deadline:
            time.sleep(0.005)
        assert self.lane.next_offset >= next_offset

    def act(self, action: "dict[str, Any]") -> None:
        name = next(key for key in action if key != "raises")
        call = self.wait if name == "await" else getattr(self, name)
        expected = action.get("raises")
        if expected is None:
            call(**action[name])
            return
        with pytest.raises(getattr(sluice, expected["kind"])) as raised:
            call(**action[name])
        error = raised.value
        if "problem" in expected:
            assert error.type == expected["problem"]
        for member, value in expected.get("members", {}).items():
            found = error.status if member == "status" else error.body.get(member)
            assert found == value, member

    def told(self) -> "dict[str, Any]":
        stats = self.lane.stats
        return {
            "next_offset": self.lane.next_offset,
            "delivered_offset": self.lane.delivered_offset,
            "duplicates": stats.duplicates,
            "unverified": stats.unverified,
            "dead_lettered": stats.dead_lettered,
            "retries": stats.retries,
        }


def run(port: int, scenario: "dict[str, Any]") -> "dict[str, Any]":
    runner = Runner(f"http://127.0.0.1:{port}", scenario["client"])
    try:
        for action in scenario["do"]:
            runner.act(action)
        return runner.told() if runner.lane is not None else {}
    finally:
        if runner.lane is not None:
            runner.lane.abandon()
        runner.client.close()


@pytest.mark.parametrize("path, scenario", SCENARIOS, ids=[f"{path.stem}:{each['name']}" for path, each in SCENARIOS])
def test_scenario(path: pathlib.Path, scenario: "dict[str, Any]") -> None:
    server, script = SERVER.start(scenario)
    try:
        told = run(server.server_port, scenario)
    finally:
        server.shutdown()
        server.server_close()
    assert script.report()["failures"] == []
    then = scenario.get("then", {})
    assert {name: told[name] for name in then} == then


def test_the_server_as_a_process() -> None:
    path, scenario = SCENARIOS[0]
    with subprocess.Popen(
        [sys.executable, str(SUITE / "server.py"), str(path), scenario["name"]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        run(json.loads(process.stdout.readline())["port"], scenario)
        report = json.loads(process.communicate(timeout=30)[0])
    assert report["failures"] == []
    assert [each["method"] for each in report["received"]] == ["GET", "POST", "POST"]


def test_the_server_tells_what_is_wrong() -> None:
    """Without this a suite that compares nothing would pass."""
    scenario = {
        **SCENARIOS[0][1],
        "do": [{"partition": {"fence": False}}, {"write": {"first": 0, "values": [1, 2]}}, {"flush": {}}],
    }
    server, script = SERVER.start(scenario)
    run(server.server_port, scenario)
    server.shutdown()
    server.server_close()
    failures = script.report()["failures"]
    assert any("expected records" in each for each in failures)
    assert any(each.startswith("never received") for each in failures)


def test_every_problem_has_a_scenario() -> None:
    answered = {
        step["answer"]["problem"]
        for _, scenario in SCENARIOS
        for step in scenario["server"]
        if "problem" in step["answer"]
    }
    known = json.loads((SUITE / "problems.json").read_text())
    assert answered == set(known)
    described = (SUITE.parents[1] / "docs" / "openapi.yaml").read_text()
    assert set(re.findall(r"^ +- /problems/([a-z-]+)$", described, re.M)) == set(known)


def test_names_are_unique() -> None:
    names = [(path.stem, scenario["name"]) for path, scenario in SCENARIOS]
    assert len(names) == len(set(names))
