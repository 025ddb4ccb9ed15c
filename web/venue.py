"""What a venue's instance folder remembers: the addresses it was started with, which its printed codes carry."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from settings import VENUE_FILE


@dataclass(frozen=True)
class Start:
    """An address the venue was started with: what it was bound to, what codes carry, and since when.

    `secure` is the https address that judges' cards carry; empty where they carry `url` as all other codes do.
    """

    host: str
    port: int
    url: str
    since: str
    secure: str = ""

    @property
    def cards(self) -> str:
        """The address under which judges' tablets keep what is not sent yet."""
        return self.secure or self.url


def starts(instance: Path) -> list[Start]:
    """The addresses of this folder, the newest last; empty where it is no venue's, or its file is damaged."""
    try:
        found = json.loads((instance / VENUE_FILE).read_text(encoding="utf-8"))
        return [Start(**each) for each in found["starts"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def remember(instance: Path, host: str, port: int, url: str, secure: str = "") -> None:
    """Remember an address as the newest one; the same as before is remembered once."""
    before = starts(instance)
    new = Start(host, port, url, datetime.now(UTC).isoformat(timespec="seconds"), secure)
    if before and replace(before[-1], since=new.since) == new:
        return
    body = {"starts": [asdict(each) for each in [*before, new]]}
    instance.mkdir(parents=True, exist_ok=True)
    part = instance / f".{VENUE_FILE}"
    part.write_text(json.dumps(body, indent=1), encoding="utf-8")
    part.replace(instance / VENUE_FILE)
