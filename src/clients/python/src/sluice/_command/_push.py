"""`sluice push`: the records of files, from where the partition stands on."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shlex
import socket
import sys
from typing import Any, List, Mapping, Union

from .._client import Client
from .._lane import SKIP, RejectedRecord, Skip
from .._partition import KeyedStream, Partition
from .._settings import Batching
from ._progress import Progress
from ._sources import FORMATS, Numbered, UnusableError, format_of, numbered, pointed, size
from ._target import Target, add_connection, connect, target


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser("push", help="write the records of files", description=__doc__)
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, one after the other; - is standard input")
    parser.add_argument("--to", required=True, metavar="SINK/PARTITION", help="or SINK with --key, or its address")
    parser.add_argument("--partition", help="in place of SINK/PARTITION")
    parser.add_argument("--key", metavar="POINTER", help="JSON pointer to the key of each record; --to is a sink then")
    parser.add_argument("--format", choices=sorted(FORMATS), help="by the name of the file, or else ndjson")
    parser.add_argument("--offsets", default="lines", help="lines, or json:/POINTER to an integer that rises")
    parser.add_argument("--from-start", action="store_true", help="standard input begins with the first record of all")
    parser.add_argument("--follow", action="store_true", help="wait for more at the end of the last file")
    parser.add_argument("--limit", type=int, metavar="N", help="the first N records only")
    parser.add_argument("--batch", type=int, default=1000, metavar="N", help="records of a batch (%(default)s)")
    parser.add_argument("--in-flight", type=int, metavar="N", help="batches under way at once (4, or 1 by the sink)")
    parser.add_argument("--compress", choices=["auto", "gzip", "zstd", "none"], default="auto")
    parser.add_argument("--owner", help="who writes, for people")
    parser.add_argument("--no-fence", action="store_true", help="do not open the partition")
    parser.add_argument(
        "--on-rejected",
        default="stop",
        metavar="stop|skip|file:PATH",
        help="leave refused records out, as holes, or put them into a file besides",
    )
    parser.add_argument("--quiet", action="store_true", help="tell failures only")
    add_connection(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Pushes; raises what the client raises."""
    place = target(options.to, options.url)
    if options.partition:
        place = place._replace(partition=options.partition)
    if (place.partition is None) == (options.key is None):
        raise ValueError("say either a partition (--to SINK/PARTITION) or, for keyed records, a sink and --key")
    if options.offsets != "lines" and not options.offsets.startswith("json:/"):
        raise ValueError(f"--offsets is lines or json:/POINTER, not {options.offsets}")
    if options.on_rejected not in ("stop", "skip") and not options.on_rejected.startswith("file:"):
        raise ValueError(f"--on-rejected is stop, skip or file:PATH, not {options.on_rejected}")
    if options.key is not None and (options.offsets != "lines" or options.on_rejected != "stop"):
        raise ValueError("keyed records are numbered by their lines, and none of them is skipped")
    if options.follow and (options.format or format_of(options.files)) == "json-array":
        raise ValueError("a JSON array is read once it has ended, so that it cannot be followed")
    batching = Batching(records=options.batch, in_flight=options.in_flight)
    with connect(options, place.url, batching) as client:
        lane = _lane(client, place, options)
        try:
            return _push(lane, options)
        except KeyboardInterrupt:
            lane.abandon()
            command = " ".join(shlex.quote(word) for word in ["sluice", *sys.argv[1:]])
            print(f"\nstopped at offset {lane.next_offset}, which is safe. To go on: {command}", file=sys.stderr)
            raise
        except BaseException:
            lane.abandon()
            raise


def _lane(client: Client, place: Target, options: argparse.Namespace) -> "Union[Partition, KeyedStream]":
    if place.partition is None:
        stream = client.keyed(place.sink)
        positions = client.get(f"/sinks/{place.sink}/partitions", "partitions")["partitions"]
        stream.begin_at(min(int(_snapshot_of(each)["nextOffset"]) for each in positions))
        return stream

    def skip(refused: RejectedRecord) -> Skip:
        print(f"offset {refused.offset} is left out: {refused.message}", file=sys.stderr)
        if options.on_rejected.startswith("file:"):
            with open(options.on_rejected[len("file:") :], "ab") as file:
                head = json.dumps({"offset": refused.offset, "code": refused.code, "message": refused.message})
                file.write(head[:-1].encode() + b', "value": ' + refused.record + b"}\n")
        return SKIP

    return client.partition(
        place.sink,
        place.partition,
        fence=not options.no_fence,
        owner=options.owner or f"{socket.gethostname()}:{os.getpid()}",
        sparse=options.offsets != "lines",
        on_rejected=None if options.on_rejected == "stop" else skip,
    )


def _snapshot_of(partition: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = partition.get("snapshot")
    return inner if isinstance(inner, dict) else partition


def _push(lane: "Union[Partition, KeyedStream]", options: argparse.Namespace) -> int:
    names: List[str] = options.files
    begun = lane.next_offset
    if "-" in names and begun and not options.from_start:
        raise ValueError(
            f"{begun} offsets are there already, and standard input cannot tell whether it begins with them:"
            " say --from-start if it does"
        )
    end = 0

    def reaches(begun_line: bool) -> None:
        # A file that is followed has no other end: lines that are still to come would pass for those sent before.
        if end + begun_line < begun:
            raise _another(end, begun)

    records = numbered(names, options.format or format_of(names), options.offsets, options.follow, reaches)
    if options.limit is not None:
        records = itertools.islice(records, options.limit)
    # What was sent last goes again: another file is a conflict then, not a splice. So would be what was left out.
    compares = options.on_rejected == "stop"
    start = max(0, begun - options.batch) if compares else begun
    if begun and not options.quiet and not options.json:
        how = f"comparing from {start} on" if compares else "not compared, since records may have been left out"
        print(f"{begun} offsets are there; {how}", file=sys.stderr)
    with Progress(names[0], lane, None if options.follow else size(names), options.json, options.quiet) as progress:
        try:
            for each in records:
                end = each.offset + 1
                if each.offset >= start:
                    _write(lane, each, options)
                    progress.position, progress.read = end, each.read
            if end < begun and options.limit is None:
                raise _another(end, begun)
        finally:
            if sys.exc_info()[0] is None or isinstance(sys.exc_info()[1], UnusableError):
                lane.close()
        if options.json:
            print(json.dumps(progress.figures()))
    return 0


def _another(end: int, begun: int) -> UnusableError:
    return UnusableError(f"the source ends at {end}, but {begun} offsets are there: this is another source")


def _write(lane: "Union[Partition, KeyedStream]", each: Numbered, options: argparse.Namespace) -> None:
    if isinstance(lane, Partition):
        lane.write(each.record, each.offset)
        return
    try:
        key = pointed(json.loads(each.record), options.key)
    except KeyError:
        raise UnusableError(f"record {each.offset} has no {options.key}: {each.record[:200]!r}") from None
    lane.write(each.record, each.offset, key=key if isinstance(key, str) else json.dumps(key))
