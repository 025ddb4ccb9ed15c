"""What stands in the way of submitting a registration: each fault a field, a code and its numbers, never a sentence."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import answers, queries
from contest.answers import FIELDS, Answers
from contest.consenting import CONSENT_BELOW
from contest.models import Contest, Delegation, Slot
from contest.naming import clean
from contest.rules.shape import Text

# The page of the form on which a file is asked for, and whether a form can be submitted without it: slides may follow.
SLOT_PAGES = {Slot.PHOTO: 2, Slot.SLIDES: 3, Slot.VIDEO: 3, Slot.CONSENT: 3}
NEEDED_TO_SUBMIT = (Slot.PHOTO,)
EARLIEST_YEAR = 1900
MAINLAND, ABROAD = re.compile(r"1\d{10}"), re.compile(r"\+[1-9]\d{5,14}")


@dataclass(frozen=True)
class Fault:
    """Something to mend before submitting. `field` is a field's or a file slot's name."""

    field: str
    code: str
    args: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def page(self) -> int:
        """The page of the form on which it is mended."""
        return FIELDS[self.field].page if self.field in FIELDS else SLOT_PAGES[Slot(self.field)]


@dataclass(frozen=True)
class Form:
    """What a contest's form asks: its divisions and delegations, and the ages that may enter on `day`."""

    divisions: Mapping[str, Text]
    delegations: tuple[str, ...]
    day: date
    today: date
    min_age: int | None
    max_age: int | None

    def asks(self, name: str) -> bool:
        """Whether the form has this question: without divisions there is nothing to choose."""
        return name != "division" or bool(self.divisions)

    def needs(self, name: str, given: Answers) -> bool:
        """Whether these answers cannot be submitted without one to this question."""
        if name in ("guardian", "guardian_phone"):
            return self.is_child(given)
        if name == "delegation":
            return bool(self.delegations)
        return FIELDS[name].needed and self.asks(name)

    def is_child(self, given: Answers) -> bool:
        """Whether a guardian has to agree: on the day of the contest, as minors are masked by that day too."""
        born = answers.birth_date(given)
        return born is not None and answers.age_on(born, self.day) < CONSENT_BELOW


def form_of(db: Session, contest: Contest, *, now: datetime) -> Form:
    """The form of a contest."""
    zone = ZoneInfo(contest.time_zone)
    names = select(Delegation.name).where(Delegation.contest_id == contest.id).order_by(Delegation.position)
    return Form(
        queries.rules_of(queries.rule_version(db, contest)).divisions, tuple(db.scalars(names)),
        (contest.starts_at or now).astimezone(zone).date(), now.astimezone(zone).date(), contest.min_age,
        contest.max_age,
    )  # fmt: skip


def faults(form: Form, given: Answers) -> Iterator[Fault]:
    """What is wrong with the answers alone, in the form's order."""
    for name in FIELDS:
        if not form.asks(name):
            continue
        text = clean(given.get(name, ""))
        if text:
            yield from _wrong(form, name, text)
        elif form.needs(name, given):
            yield Fault(name, "empty")


def _wrong(form: Form, name: str, text: str) -> Iterator[Fault]:
    if len(text) > FIELDS[name].most and name not in ("birth_date", *answers.PHONES):
        yield Fault(name, "too_long", {"most": FIELDS[name].most, "found": len(text)})
    elif name in ("name", "teacher", "guardian") and not any(unicodedata.category(c)[0] == "L" for c in text):
        yield Fault(name, "no_name")
    elif name == "birth_date":
        yield from _wrong_birth(form, answers.as_date(text))
    elif name in answers.PHONES:
        yield from _wrong_phone(name, answers.as_phone(text))
    elif (
        (name == "division" and text not in form.divisions)
        or (name == "delegation" and form.delegations and text not in form.delegations)
        or (name == "gender" and text not in answers.GENDERS)
    ):
        yield Fault(name, "not_listed")


def _wrong_birth(form: Form, born: date | None) -> Iterator[Fault]:
    if born is None:
        yield Fault("birth_date", "no_date")
    elif born > form.today or born.year < EARLIEST_YEAR:
        yield Fault("birth_date", "not_lived")
    elif form.min_age is not None and answers.age_on(born, form.day) < form.min_age:
        yield Fault("birth_date", "too_young", {"age": answers.age_on(born, form.day), "limit": form.min_age})
    elif form.max_age is not None and answers.age_on(born, form.day) > form.max_age:
        yield Fault("birth_date", "too_old", {"age": answers.age_on(born, form.day), "limit": form.max_age})


def _wrong_phone(name: str, number: str) -> Iterator[Fault]:
    if MAINLAND.fullmatch(number) or ABROAD.fullmatch(number):
        return
    if number.isascii() and number.isdigit() and len(number) != 11:
        yield Fault(name, "phone_length", {"found": len(number)})
    else:
        yield Fault(name, "no_phone")
