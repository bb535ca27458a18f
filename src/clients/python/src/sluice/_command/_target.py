"""Which service, sink and partition a command is about."""

from __future__ import annotations

import argparse
import os
import pathlib
from typing import NamedTuple, Optional
from urllib.parse import unquote, urlsplit

from .._client import Client
from .._settings import Batching, Retrying


class Target(NamedTuple):
    """A place at a service; partition is None for the whole sink."""

    url: str
    sink: str
    partition: Optional[str]


def target(text: str, url: str) -> Target:
    """Reads `events`, `events/0` or http://host/sinks/events/partitions/0; raises ValueError for anything else."""
    if "://" in text:
        parts = urlsplit(text)
        prefix, found, path = parts.path.partition("/sinks/")
        if not found:
            raise ValueError(f"{text} names no sink; expected http://…/sinks/SINK or …/sinks/SINK/partitions/PARTITION")
        url = f"{parts.scheme}://{parts.netloc}{prefix}"
        sink, _, partition = path.strip("/").partition("/partitions/")
    else:
        sink, _, partition = text.partition("/")
    if not sink or "/" in sink or "/" in partition:
        raise ValueError(f"{text} names no partition; expected SINK or SINK/PARTITION")
    return Target(url, unquote(sink), unquote(partition) or None)


def add_connection(parser: argparse.ArgumentParser) -> None:
    """Options that all commands have."""
    parser.add_argument(
        "--url",
        default=os.environ.get("SLUICE_URL", "http://localhost:8080"),
        help="the service (SLUICE_URL; %(default)s)",
    )
    parser.add_argument("--token-file", help="file with the key; without it SLUICE_TOKEN, if it is set")
    parser.add_argument("--ca", help="file with certificates to trust")
    parser.add_argument("--certificate", help="file with a client certificate and its key")
    parser.add_argument("--give-up-after", type=float, metavar="SECONDS", help="without it never")
    parser.add_argument("--json", action="store_true", help="for programs")


def connect(options: argparse.Namespace, url: str, batching: Optional[Batching] = None) -> Client:
    """A client by the options."""
    token = os.environ.get("SLUICE_TOKEN")
    if options.token_file:
        token = pathlib.Path(options.token_file).read_text(encoding="utf-8").strip()
    return Client(
        url,
        token=token,
        ca=options.ca,
        certificate=options.certificate,
        batching=batching,
        in_flight=(batching and batching.in_flight) or 4,
        retrying=Retrying(give_up_after=options.give_up_after),
        compress=getattr(options, "compress", "auto"),
    )
