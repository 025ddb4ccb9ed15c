"""iCalendar files: stable ids, so that a changed date moves in place; times in UTC, long lines folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

LINE_BYTES = 73


@dataclass(frozen=True)
class Event:
    """Something with a time: `id` stays when its time changes; `reminder` is how long before ("-PT30M"), or none."""

    id: str
    begins: datetime
    ends: datetime
    title: str
    place: str = ""
    address: str = ""
    reminder: str = ""


def calendar(events: list[Event], *, now: datetime) -> str:
    """The events as one file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lectern//Contest//EN", "METHOD:PUBLISH"]
    for event in events:
        lines += _lines(event, now)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _lines(event: Event, now: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT", f"UID:{event.id}@lectern", f"DTSTAMP:{_instant(now)}", f"SEQUENCE:{int(now.timestamp()) // 60}",
        f"DTSTART:{_instant(event.begins)}", f"DTEND:{_instant(event.ends)}", f"SUMMARY:{_escaped(event.title)}",
    ]  # fmt: skip
    lines += [f"LOCATION:{_escaped(event.place)}"] if event.place else []
    lines += [f"URL:{event.address}"] if event.address else []
    if event.reminder:
        lines += [
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_escaped(event.title)}", f"TRIGGER:{event.reminder}",
            "END:VALARM",
        ]  # fmt: skip
    return [*lines, "END:VEVENT"]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 bytes, going on after a break and a space; no character is torn."""
    parts, part = [], ""
    for c in line:
        if len((part + c).encode()) > LINE_BYTES:
            parts.append(part)
            part = ""
        part += c
    return "\r\n ".join([*parts, part])
