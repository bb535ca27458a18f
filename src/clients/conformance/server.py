#!/usr/bin/env python3
"""A scripted Sluice, for tests of clients: answers what a scenario says, and compares what it receives with it.

    server.py FILE NAME

prints {"port": n} on a line of its own, serves until its standard input ends, then prints what it received and what
was wrong with it as one JSON document. README.md tells the format.
"""

from __future__ import annotations

import gzip
import json
import pathlib
import re
import socket
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PROBLEMS = json.loads((pathlib.Path(__file__).parent / "problems.json").read_text())
DECODER = json.JSONDecoder()
# How long an answer waits for another request to arrive, in seconds; a client that never sends it fails there.
PATIENCE = 20


def raw_values(text: str, at: int) -> list[str]:
    """The values of the array that begins at `at`, each as it was sent."""
    values = []
    at = re.compile(r"\s*").match(text, at + 1).end()
    while text[at] != "]":
        _, end = DECODER.raw_decode(text, at)
        values.append(text[at:end])
        at = re.compile(r"\s*,?\s*").match(text, end).end()
    return values


def decode(body: bytes, headers: dict[str, str], query: dict[str, str]) -> dict[str, Any]:
    """Any form of a batch as its range, its offsets and its records, each record as it was sent."""
    if headers.get("content-encoding") in ("gzip", "x-gzip"):
        body = gzip.decompress(body)
    text = body.decode()
    media_type = headers.get("content-type", "").split(";")[0]
    offsets: list[int] = []
    if media_type == "application/x-ndjson":
        records = [line for line in text.splitlines() if line.strip()]
        if query.get("offsets") == "inline":
            lines = [json.loads(line) for line in records]
            offsets = [int(line["offset"]) for line in lines]
            # Compared as values: the value's own bytes stand somewhere within the line.
            records = [json.dumps(line["value"], separators=(",", ":"), ensure_ascii=False) for line in lines]
            return {"first": int(query["first"]), "end": int(query["end"]), "offsets": offsets, "records": records}
        first = int(query["offset"])
    elif text.lstrip().startswith("["):
        records = raw_values(text, text.index("["))
        first = int(query["offset"])
    else:
        document = json.loads(text)
        records = raw_values(text, re.search(r'"records"\s*:\s*\[', text).end() - 1)
        if "offsets" in document:
            offsets = [int(offset) for offset in document["offsets"]]
            return {
                "first": int(document["first"]),
                "end": int(document["end"]),
                "offsets": offsets,
                "records": records,
            }
        first = int(document["offset"])
    return {
        "first": first,
        "end": first + len(records),
        "offsets": list(range(first, first + len(records))),
        "records": records,
    }


class Script:
    """The steps of a scenario, and what has been received so far. All members are guarded by `changed`."""

    def __init__(self, scenario: dict[str, Any]) -> None:
        self.steps = [dict(step) for step in scenario["server"]]
        self.changed = threading.Condition()
        self.received: list[dict[str, Any]] = []
        self.failures: list[str] = []
        self.times: dict[str, float] = {}
        self.owner = ""

    def take(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The first step that is left and whose request this is."""
        with self.changed:
            request["index"] = len(self.received)
            if request["path"].endswith("/open"):
                self.owner = json.loads(request["body"]).get("owner", "")
            self.received.append(request)
            for step in self.steps:
                if not step.get("taken") and self.matches(step["request"], request):
                    step["taken"] = step.get("repeated", False) is False
                    step["seen"] = True
                    self.check(step, request)
                    if "name" in step:
                        self.times.setdefault(step["name"], request["at"])
                        step["body"] = request["body"]
                    self.changed.notify_all()
                    return step
            self.failures.append(
                f"no step is left for {request['method']} {request['target']} {request.get('batch', '')}"
            )
            self.changed.notify_all()
            return None

    @staticmethod
    def matches(wanted: dict[str, Any], request: dict[str, Any]) -> bool:
        kind = next(key for key in ("write", "keyed", "open", "snapshot", "close", "get") if key in wanted)
        base = f"/sinks/{wanted.get('sink', 'events')}"
        lane = f"{base}/partitions/{wanted.get('partition', '0')}"
        method, path = {
            "write": ("POST", lane),
            "keyed": ("POST", f"{base}/records"),
            "open": ("POST", f"{lane}/open"),
            "snapshot": ("GET", f"{lane}/snapshot"),
            "close": ("POST", f"{lane}/close"),
            "get": ("GET", wanted.get("get")),
        }[kind]
        if (request["method"], request["path"]) != (method, path):
            return False
        if kind in ("write", "keyed"):
            batch = request.get("batch")
            return (
                batch is not None
                and batch["first"] == wanted[kind]["first"]
                and batch["end"] == wanted[kind].get("end", batch["end"])
            )
        return True

    def check(self, step: dict[str, Any], request: dict[str, Any]) -> None:
        wanted = step["request"]
        where = f"{request['method']} {request['target']}"

        def compare(what: str, expected: Any, found: Any) -> None:
            if expected != found:
                self.failures.append(f"{where}: expected {what} {expected!r}, found {found!r}")

        for kind in ("write", "keyed"):
            for member, value in wanted.get(kind, {}).items():
                compare(member, value, request["batch"][member])
        for member, value in (wanted.get("open") or {}).items():
            found = json.loads(request["body"]).get(member)
            if member == "owner" and isinstance(found, str) and found.startswith(value):
                continue
            compare(f"member {member}", value, found)
        for header, value in wanted.get("headers", {}).items():
            compare(f"header {header}", value, request["headers"].get(header.lower()))
        for name, value in wanted.get("query", {}).items():
            compare(f"parameter {name}", value, request["query"].get(name))
        if "same-as" in wanted:
            other = next(each for each in self.steps if each.get("name") == wanted["same-as"])
            compare("the same body as that of " + wanted["same-as"], other.get("body"), request["body"])
        for name, seconds in wanted.get("not-before", {}).items():
            passed = request["at"] - self.times.get(name, request["at"])
            if passed < seconds:
                self.failures.append(f"{where}: came {passed:.3f} s after {name}, expected at least {seconds} s")

    def wait_for(self, name: str) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: name in self.times, PATIENCE):
                self.failures.append(f"{name} was never received")

    def report(self) -> dict[str, Any]:
        with self.changed:
            unused = [step["request"] for step in self.steps if not step.get("seen") and not step.get("optional")]
            failures = self.failures + [f"never received: {json.dumps(request)}" for request in unused]
            received = [
                {key: value for key, value in request.items() if key not in ("at", "body")} for request in self.received
            ]
            return {"failures": failures, "received": received}


def answer_of(answer: dict[str, Any], request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer as a scenario tells it."""
    headers = {"Content-Type": "application/json", **answer.get("headers", {})}
    lane = {"sink": "events", "partition": "0"}
    if "problem" in answer:
        kind = PROBLEMS[answer["problem"]]
        headers["Content-Type"] = "application/problem+json"
        document = {
            "type": "/problems/" + answer["problem"],
            "title": kind["title"],
            "status": kind["status"],
            "detail": "as the scenario says",
            "retryable": kind["retryable"],
            **lane,
            "instance": "urn:trace:4bf92f3577b34da6a3ce929d0e0e4736",
            **answer.get("members", {}),
        }
        return kind["status"], headers, json.dumps(document).encode()
    if "written" in answer:
        batch = request["batch"]
        count = len(batch["records"])
        document = {
            **lane,
            "status": answer["written"],
            "offset": batch["first"],
            "end": batch["end"],
            "written": 0 if answer["written"] == "duplicate" else count,
            "duplicates": count if answer["written"] == "duplicate" else 0,
            "deadLettered": 0,
            "nextOffset": batch["end"],
            "fencingToken": int(request["headers"].get("sluice-fencing-token", 0)),
            "version": 1,
            "guarantee": "exactly-once",
            **answer.get("members", {}),
        }
        return answer.get("status", 200), headers, json.dumps(document).encode()
    if "snapshot" in answer:
        document = {
            **lane,
            "nextOffset": 0,
            "deliveredOffset": None,
            "fencingToken": 0,
            "version": 0,
            "state": None,
            "owner": None,
            "updatedAt": None,
            **answer["snapshot"],
        }
        return 200, headers, json.dumps(document).encode()
    if "json" in answer:
        return answer.get("status", 200), headers, json.dumps(answer["json"]).encode()
    return answer.get("status", 200), headers, answer.get("body", "").encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    script: Script

    def log_message(self, format: str, *arguments: Any) -> None:
        pass

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def handle_any(self) -> None:
        target = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(target.query, keep_blank_values=True).items()}
        headers = {key.lower(): value for key, value in self.headers.items()}
        body = self.body()
        request: dict[str, Any] = {
            "method": self.command,
            "target": self.path,
            "path": unquote(target.path),
            "query": query,
            "headers": headers,
            "at": time.monotonic(),
            "body": body,
        }
        if self.command == "POST" and not request["path"].endswith(("/open", "/close")):
            try:
                request["batch"] = decode(body, headers, query)
            except (ValueError, KeyError, AttributeError, IndexError, UnicodeDecodeError) as failure:
                self.script.failures.append(f"{self.path}: the body cannot be read: {failure!r}")
        step = self.script.take(request)
        if step is None:
            step = {"answer": {"status": 418, "body": "the scenario does not expect this request"}}
        answer = step["answer"]
        if "when" in answer:
            self.script.wait_for(answer["when"])
        time.sleep(answer.get("delay", 0))
        if answer.get("cut") == "before":
            return self.cut()
        status, answer_headers, answer_body = answer_of(answer, request)
        # Whoever opened last, as the client has named itself.
        answer_body = answer_body.replace(b'"$owner"', json.dumps(self.script.owner).encode())
        length = len(answer_body) + answer.get("length", 0)
        self.send_response(status)
        for header, value in answer_headers.items():
            self.send_header(header, str(value))
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if answer.get("cut") == "middle":
            self.wfile.write(answer_body[: len(answer_body) // 2])
            return self.cut()
        self.wfile.write(answer_body)
        # "after" takes the connection away without having said so; a length that is wrong leaves it useless.
        if answer.get("cut") == "after" or "length" in answer:
            return self.cut()

    def cut(self) -> None:
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    do_GET = do_POST = do_PUT = do_DELETE = handle_any


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away is part of many scenarios.
        pass


def start(scenario: dict[str, Any], tls: ssl.SSLContext | None = None) -> tuple[Server, Script]:
    """Starts a server for one scenario on a free port of the loopback interface."""
    script = Script(scenario)
    server = Server(("127.0.0.1", 0), type("ScriptedHandler", (Handler,), {"script": script}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server, script


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    scenarios = json.loads(pathlib.Path(sys.argv[1]).read_text())["scenarios"]
    chosen = [scenario for scenario in scenarios if scenario["name"] == sys.argv[2]]
    if not chosen:
        print(
            f"{sys.argv[1]} has no scenario {sys.argv[2]!r}; it has "
            + ", ".join(scenario["name"] for scenario in scenarios),
            file=sys.stderr,
        )
        return 2
    server, script = start(chosen[0])
    print(json.dumps({"port": server.server_port}), flush=True)
    sys.stdin.read()
    server.shutdown()
    print(json.dumps(script.report(), indent=2), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
