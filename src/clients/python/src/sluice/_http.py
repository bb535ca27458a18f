"""Requests and their answers, without an opinion on what they mean."""

from __future__ import annotations

import email.utils
import gzip
import json
import ssl
import time
from dataclasses import dataclass
from typing import Any, Callable, Iterator, Mapping, Optional, Tuple, Union
from urllib.parse import urlsplit

import urllib3

Key = Union[None, str, Callable[[], str]]


@dataclass(frozen=True)
class Answer:
    """An answer that has arrived to its end, or why there is none (`status` 0 and `failure`)."""

    status: int
    document: Optional[Mapping[str, Any]] = None
    retry_after: float = 0.0
    failure: Optional[str] = None

    @property
    def problem(self) -> Optional[str]:
        """The name of the problem that the document tells, without `/problems/`."""
        kind = (self.document or {}).get("type")
        return kind[len("/problems/") :] if isinstance(kind, str) and kind.startswith("/problems/") else None

    def __str__(self) -> str:
        if self.failure:
            return self.failure
        document = self.document or {}
        text = ": ".join(str(document[name]) for name in ("title", "detail") if name in document)
        return f"{self.status} {self.problem or ''} {text}".replace("  ", " ").rstrip()


def _seconds(value: Optional[str]) -> float:
    """`Retry-After` in seconds from now; what cannot be read asks for nothing."""
    if not value:
        return 0.0
    if value.isascii() and value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return 0.0


def _zstd() -> Optional[Callable[[bytes], bytes]]:
    try:
        import zstandard  # noqa: PLC0415 - an extra
    except ImportError:
        return None
    return lambda data: bytes(zstandard.ZstdCompressor(level=1).compress(data))


class Http:
    """One service. A request is sent once: whoever asks decides whether to repeat it. May be used by many threads."""

    LEAST_COMPRESSED = 4096
    MOST_RATIO = 200

    def __init__(
        self,
        url: str,
        token: Key,
        timeout: float,
        connections: int,
        compress: str,
        ca: Optional[str],
        certificate: "Union[str, Tuple[str, str], None]",
        user_agent: str,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a service; expected something like http://localhost:8080")
        if compress not in ("auto", "gzip", "zstd", "none"):
            raise ValueError(f"compress is auto, gzip, zstd or none, not {compress!r}")
        self._base = url.rstrip("/")
        self._token = token
        self._user_agent = user_agent
        options: "dict[str, Any]" = {}
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca)
            if certificate is not None:
                context.load_cert_chain(*([certificate] if isinstance(certificate, str) else certificate))
            options["ssl_context"] = context
        self._pool = urllib3.PoolManager(
            maxsize=connections, retries=False, timeout=urllib3.Timeout(connect=5, read=timeout), **options
        )
        self._encode = self._encoder(compress, parts.hostname)

    @staticmethod
    def _encoder(compress: str, host: str) -> "Optional[Tuple[str, Callable[[bytes], bytes]]]":
        if compress == "none" or (compress == "auto" and (host in ("localhost", "::1") or host.startswith("127."))):
            return None
        zstd = _zstd() if compress in ("auto", "zstd") else None
        if zstd is not None:
            return "zstd", zstd
        if compress == "zstd":
            raise ValueError("compress='zstd' needs the package zstandard: install sluice-client[zstd]")
        return "gzip", lambda data: gzip.compress(data, 1, mtime=0)

    def request(
        self,
        method: str,
        path: str,
        query: Optional[Mapping[str, str]] = None,
        headers: Optional[Mapping[str, str]] = None,
        body: Optional[bytes] = None,
    ) -> Answer:
        """Sends a request, and returns what came of it; raises nothing for what a network can do."""
        sent = self._sent(headers or {})
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            if self._encode is not None and len(body) >= self.LEAST_COMPRESSED:
                encoded = self._encode[1](body)
                # Beyond that the service takes it for an attack.
                if len(body) <= self.MOST_RATIO * len(encoded):
                    sent["Content-Encoding"], body = self._encode[0], encoded
        url = self._base + path
        if query:
            url += "?" + "&".join(f"{name}={value}" for name, value in query.items())
        try:
            response = self._pool.request(method, url, body=body, headers=sent, redirect=False)
        except (urllib3.exceptions.HTTPError, OSError) as failure:
            return Answer(0, failure=f"no answer from {self._base}: {failure}")
        return self._answer(response)

    def _sent(self, headers: Mapping[str, str]) -> "dict[str, str]":
        sent = {"Accept": "application/json", "User-Agent": self._user_agent, **headers}
        token = self._token() if callable(self._token) else self._token
        if token:
            sent["Authorization"] = "Bearer " + token
        return sent

    @staticmethod
    def _answer(response: urllib3.BaseHTTPResponse) -> Answer:
        try:
            document = json.loads(response.data)
        except ValueError:
            document = None
        return Answer(
            response.status,
            document if isinstance(document, dict) else None,
            _seconds(response.headers.get("Retry-After")),
        )

    def lines(self, path: str, headers: Mapping[str, str]) -> "Iterator[Union[str, Answer]]":
        """Lines of an answer as they arrive; an `Answer` where it is no success, or why it has ended early."""
        sent = self._sent({"Accept": "text/event-stream", **headers})
        try:
            response = self._pool.request("GET", self._base + path, headers=sent, redirect=False, preload_content=False)
            try:
                if response.status != 200:
                    yield self._answer(response)
                    return
                rest = b""
                for piece in response.stream(65536):
                    *whole, rest = (rest + piece).split(b"\n")
                    for line in whole:
                        yield line.decode().rstrip("\r")
            finally:
                response.close()
        except (urllib3.exceptions.HTTPError, OSError) as cause:
            yield Answer(0, failure=f"no answer from {self._base}: {cause}")

    def close(self) -> None:
        """Closes connections that nothing is under way on."""
        self._pool.clear()
