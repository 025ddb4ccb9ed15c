"""What a registration form asks: its fields, the page each is on, and how the answers read as values.

Answers are kept as typed, a text per field; `problems` in contest/registering.py says what stands in the way of
submitting them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contest.naming import clean


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
PHONES = ("phone", "teacher_phone", "guardian_phone")
YES = "yes"
# What is kept of an answer that is far too long; whoever sees it cut off sees that it is too long as well.
MOST_KEPT = 500
DATE = re.compile(r"(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))")
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
    return as_date(answers.get("birth_date", ""))


def as_date(typed: str) -> date | None:
    """A date as people type it (2012-03-04, 20120304, 2012/3/4, 2012年3月4日); None for anything else."""
    found = DATE.fullmatch(unicodedata.normalize("NFKC", clean(typed)))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_phone(typed: str) -> str:
    """A phone number without spaces and hyphens; +86 and 0086 before a mainland number are left out."""
    number = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", clean(typed)))
    return re.sub(r"^(?:\+|00)86(?=1\d{10}$)", "", number)


def storable(typed: str) -> str:
    """A text as typed, but for what no database holds (NUL, half a character) and for what is beyond any answer."""
    return "".join(c for c in typed[:MOST_KEPT] if c != "\x00" and not "\ud800" <= c <= "\udfff")


def cleaned(answers: Answers) -> dict[str, str]:
    """Answers as they are submitted: lines cleaned, the date of birth as 2012-03-04, phones as digits."""
    kept = {name: clean(answers.get(name, "")) for name in FIELDS}
    born = birth_date(answers)
    if born is not None:
        kept["birth_date"] = born.isoformat()
    kept |= {name: as_phone(kept[name]) for name in PHONES}
    return {name: text for name, text in kept.items() if text}


def age_on(born: date, day: date) -> int:
    """Full years on a day; who was born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def changed(before: Answers, after: Answers) -> list[str]:
    """The fields whose answers differ, in the form's order."""
    return [name for name in FIELDS if before.get(name, "") != after.get(name, "")]
