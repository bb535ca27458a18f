"""Where a partition stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Mapping, Optional


@dataclass(frozen=True)
class Snapshot:
    """A partition's committed position: JSON- and pickle-able, so that it can be kept as a resume state.

    `next_offset` is the exclusive end of what is settled; `state` is the sink's own, to be handed back as it is.
    """

    next_offset: int
    state: Any = None
    delivered_offset: Optional[int] = None
    fencing_token: int = 0
    version: int = 0
    owner: Optional[str] = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Snapshot":
        """Reads the service's document, or what `as_json` gave; raises ValueError where it is neither."""
        try:
            delivered = document.get("deliveredOffset")
            return cls(
                int(document["nextOffset"]),
                document.get("state"),
                None if delivered is None else int(delivered),
                int(document.get("fencingToken") or 0),
                int(document.get("version") or 0),
                document.get("owner"),
            )
        except (KeyError, TypeError, ValueError) as failure:
            raise ValueError(f"this is no snapshot: {document!r}") from failure

    def as_json(self) -> "dict[str, Any]":
        """The snapshot with the names that the service uses."""
        names = {"next_offset": "nextOffset", "delivered_offset": "deliveredOffset", "fencing_token": "fencingToken"}
        return {names.get(name, name): value for name, value in asdict(self).items()}
