"""What a registration form asks: its fields, the page each is on, and how the answers read as values.

Answers are kept as typed, a text per field; `problems` in contest/registering.py says what stands in the way of
submitting them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Field:
    """One question: the page it is on, how long an answer may be, and whether it must be answered by everybody."""

    name: str
    page: int
    most: int
    needed: bool = True


# Page 1 who, page 2 the talk, page 3 files and consents; page 4 checks, page 5 is the receipt.
FIELDS = {
    field.name: field for field in (
        Field("name", 1, 60), Field("reading", 1, 60, needed=False), Field("gender", 1, 8, needed=False),
        Field("birth_date", 1, 10), Field("phone", 1, 20), Field("unit", 1, 100), Field("post", 1, 60, needed=False),
        Field("division", 2, 64), Field("title", 2, 20), Field("delegation", 2, 200),
        Field("teacher", 2, 60, needed=False), Field("teacher_phone", 2, 20, needed=False),
        Field("guardian", 3, 60, needed=False), Field("guardian_phone", 3, 20, needed=False),
        Field("portrait", 3, 3), Field("truthful", 3, 3),
    )
}  # fmt: skip
GENDERS = ("female", "male")
YES = "yes"
Answers = Mapping[str, str]


def read(text: str) -> dict[str, str]:
    """Stored answers; what a form of today does not ask is left out."""
    stored = json.loads(text)
    return {name: str(stored[name]) for name in FIELDS if stored.get(name)}


def write(answers: Answers) -> str:
    """Answers as they are stored: fields in the form's order, empty ones left out."""
    kept = {name: answers[name] for name in FIELDS if answers.get(name)}
    return json.dumps(kept, ensure_ascii=False)


def birth_date(answers: Answers) -> date | None:
    """The day of birth, None where it is missing or no date of the calendar."""
    try:
        return date.fromisoformat(answers.get("birth_date", ""))
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Full years on a day; who was born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def changed(before: Answers, after: Answers) -> list[str]:
    """The fields whose answers differ, in the form's order."""
    return [name for name in FIELDS if before.get(name, "") != after.get(name, "")]
