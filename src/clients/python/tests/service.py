"""The real service, which can be killed and started again."""

from __future__ import annotations

import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import Optional

ROOT = pathlib.Path(__file__).resolve().parents[4]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def jar() -> pathlib.Path:
    """The jar to test with: of SLUICE_JAR, or what the build has made."""
    return pathlib.Path(os.environ.get("SLUICE_JAR", ROOT / "target" / "sluice.jar"))


class Service:
    """A process with a database of its own below a directory."""

    def __init__(self, directory: pathlib.Path, sinks: str) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: "Optional[subprocess.Popen[bytes]]" = None
        (directory / "application.yaml").write_text(sinks)

    def start(self) -> None:
        """Starts it, and returns once it is ready."""
        with (self.directory / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["java", "-Xmx384m", "-XX:TieredStopAtLevel=1", "-jar", str(jar()), f"--server.port={self.port}"],
                cwd=self.directory,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            assert self._process.poll() is None, (self.directory / "service.log").read_text()[-4000:]
            try:
                with urllib.request.urlopen(self.url + "/actuator/health/readiness", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the service was not ready in three minutes")

    def kill(self) -> None:
        """kill -9: nothing is flushed, nobody is told."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Ends it in good order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)
