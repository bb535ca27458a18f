"""The scripted server, within the process of the tests."""

from __future__ import annotations

import importlib.util
import pathlib
import ssl
from typing import Any, Iterator, Optional

import pytest
from service import Service, jar

SERVER = pathlib.Path(__file__).resolve().parents[2] / "conformance" / "server.py"


@pytest.fixture
def served() -> Iterator[Any]:
    """Serves the steps that it is called with; what it returns has `url` and what was received."""
    spec = importlib.util.spec_from_file_location("scripted", SERVER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    running = []

    def serve(*steps: Any, tls: Optional[ssl.SSLContext] = None) -> Any:
        server, script = module.start({"server": list(steps)}, tls)
        running.append(server)
        script.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
        return script

    yield serve
    for server in running:
        server.shutdown()
        server.server_close()


SINKS = """
sluice:
  sinks:
    events: {type: table, partitions: ["0", "1", "2", "3", gzip, zstd, large]}
    lines: {type: file, partitions: ["0", "1"], directory: data/lines}
    delays: {type: table, partitions: ["0"], table: delays, columns: {delay: {from: /delay, type: integer}}}
    keyed: {type: table, partitions: ["b", "a", "c"]}
    late: {type: table, partitions: ["0"], table: late}
    waits: {type: batching, target: late, flush-interval: 100ms}
    pushed: {type: table, partitions: ["0", "1", "2", "3"], table: pushed, on-rejected: dead-letter}
    spaced: {type: table, partitions: ["0"], table: spaced}
    routed: {type: table, partitions: [x, y], table: routed}
    typed: {type: table, partitions: ["0", "1"], table: typed, columns: {delay: {from: /delay, type: integer}}}
"""


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    assert jar().is_file(), f"{jar()} is not there: build it, or say in SLUICE_JAR where one is"
    started = Service(tmp_path_factory.mktemp("service"), SINKS)
    started.start()
    yield started
    started.stop()
