"""Commands that look: `snapshot`, `sinks`, `letters`, `tail`."""

from __future__ import annotations

import argparse
import json
from typing import Any, Dict, List
from urllib.parse import quote, urlencode

from ._target import add_connection, connect, target
from ._texts import member


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the commands."""
    parser = commands.add_parser("snapshot", help="where a partition, or each of a sink, stands")
    parser.add_argument("place", metavar="SINK[/PARTITION]")
    add_connection(parser)
    parser.set_defaults(run=snapshot)

    parser = commands.add_parser("sinks", help="which sinks there are")
    add_connection(parser)
    parser.set_defaults(run=sinks)

    parser = commands.add_parser("letters", help="records that the target has refused")
    parser.add_argument("place", metavar="SINK[/PARTITION]")
    parser.add_argument("--state", choices=["open", "sending", "replayed", "discarded", "all"], default="open")
    parser.add_argument("--code", help="only those refused with this code")
    parser.add_argument("--field", help="only those refused for this column or constraint")
    add_connection(parser)
    parser.set_defaults(run=letters)

    parser = commands.add_parser("tail", help="records as they arrive")
    parser.add_argument("place", metavar="SINK/PARTITION")
    parser.add_argument("--from", dest="from_", default="now", metavar="OFFSET", help="now, or an offset")
    add_connection(parser)
    parser.set_defaults(run=tail)


def _columns(rows: List[List[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(value.ljust(width) for value, width in zip(row, widths)).rstrip())


def snapshot(options: argparse.Namespace) -> int:
    """Prints snapshots, one a line."""
    place = target(options.place, options.url)
    base = f"/sinks/{quote(place.sink, safe='')}/partitions"
    with connect(options, place.url) as client:
        if place.partition is not None:
            print(json.dumps(client.get(f"{base}/{quote(place.partition, safe='')}/snapshot", "nextOffset")))
            return 0
        query = ""
        while True:
            page = client.get(base + query, "partitions")
            for partition in page["partitions"]:
                print(json.dumps(partition))
            if "next" not in page:
                return 0
            query = "?" + urlencode({"from": page["next"]})


def sinks(options: argparse.Namespace) -> int:
    """Prints sinks with their guarantees."""
    with connect(options, options.url) as client:
        found = client.sinks()
    if options.json:
        for sink in found:
            print(json.dumps(sink))
    else:
        _columns(
            [
                ["SINK", "TYPE", "PARTITIONS", "GUARANTEE"],
                *(
                    [
                        str(sink.get("id")),
                        str(sink.get("type")),
                        str(len(sink.get("partitions") or []) or sink.get("workers", "")),
                        str(sink.get("guarantee")),
                    ]
                    for sink in found
                ),
            ]
        )
    return 0


def letters(options: argparse.Namespace) -> int:
    """Prints dead letters without their records, which are the service's to hand out one by one."""
    place = target(options.place, options.url)
    query: Dict[str, str] = {"state": options.state}
    for name, value in (("partition", place.partition), ("code", options.code), ("field", options.field)):
        if value is not None:
            query[name] = value
    found: List[Any] = []
    with connect(options, place.url) as client:
        while True:
            page = client.get(f"/sinks/{quote(place.sink, safe='')}/dead-letters?{urlencode(query)}", "deadLetters")
            found += page["deadLetters"]
            if not page.get("next"):
                break
            query["from"] = str(page["next"])
    if options.json:
        for letter in found:
            print(json.dumps(letter))
    elif found:
        names = ["partition", "offset", "state", "code", "field", "message"]
        _columns(
            [[name.upper() for name in names], *([str(letter.get(name, "")) for name in names] for letter in found)]
        )
    return 0


def tail(options: argparse.Namespace) -> int:
    """Prints records, one a line; with --json all events."""
    place = target(options.place, options.url)
    if place.partition is None:
        raise ValueError("a tail is of one partition: SINK/PARTITION")
    path = f"/sinks/{quote(place.sink, safe='')}/partitions/{quote(place.partition, safe='')}/tail?" + urlencode(
        {"from": options.from_}
    )
    with connect(options, place.url) as client:
        for kind, text in client.event_texts(path):
            # A line break of JSON is space between its values.
            line = text.strip().replace("\n", " ")
            if options.json:
                named = json.dumps({"event": kind})[:-1]
                print(named + ("}" if not json.loads(line) else ", " + line[1:].lstrip()), flush=True)
            elif kind == "record":
                value = member(line, "value")
                print(json.loads(line).get("beginning") if value is None else value, flush=True)
    return 0
