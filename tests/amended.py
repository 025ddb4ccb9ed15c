"""Builders of a change of rules: rule files that differ from the lecture final, and a final that they would move."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contest.models import Contest
from contest.rules import Rules, read_rules
from tests.builders import RULES, add_contest
from tests.tablets import MARKS, running, sit, submit_all

ALL_COUNT = RULES.replace(b"drop_high = 1\ndrop_low = 1", b"drop_high = 0\ndrop_low = 0")


def rules(*changes: tuple[bytes, bytes]) -> Rules:
    """The lecture final's rules with these parts replaced."""
    source = RULES
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return read_rules(source)


def lowered(to: bytes) -> Rules:
    """The rules with another maximum of the first criterion."""
    at = RULES.index(b"[criteria.content]")
    changed = RULES[at:].replace(b"max = 30", b"max = " + to, 1).replace(b"from = 27", b"from = 26.5", 1)
    return read_rules(RULES[:at] + changed)


def judge_five(db: Session, slug: str = "five") -> Contest:
    """Three entries of five judges: 01 leads because its one low sheet is dropped; 02 is second, 03 third."""
    contest = add_contest(db, slug=slug, judges=5)
    first, second, third = running(db, contest)
    for seat in range(1, 6):
        low = {"content": "10.00"} if seat == 5 else {}
        sit(db, contest, seat).submit(first, marks=MARKS | {"content": "27.00"} | low)
    submit_all(db, contest, second, content="26.00")
    submit_all(db, contest, third, content="20.00")
    return contest
