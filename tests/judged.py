"""A small final with marks that are reckoned by hand, for the tests of the results page and its browser."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from contest.models import Role, RoundState
from contest.rules import AdjustmentFact, Facts, MarkFact
from tests import builders
from tests.builders import final_facts
from web.db import writing

ROOM = "/admin/contests/xinghe/results"
RULES = """
format = 1
title = "科普讲解大赛"
[criteria.lecture]
title = { zh = "讲解", en = "Lecture" }
max = 100
step = 0.01
[adjustments.quiz]
title = { zh = "答题", en = "Quiz" }
max = 0
[rounds.final]
title = { zh = "决赛", en = "Final" }
criteria = ["lecture"]
after = [ { adjust = ["quiz"] } ]
tie_break = [ { by = "marks", from = 2 } ]
[rounds.final.panel]
drop_high = 1
drop_low = 1
take = "mean"
round = { decimals = 2, mode = "half_up" }
[[awards]]
id = "first"
title = { zh = "一等奖", en = "First prize" }
count = 1
ties = "extend"
[[awards]]
id = "second"
title = { zh = "二等奖", en = "Second prize" }
count = 2
ties = "extend"
"""
# Means of the middle three: 01 89.00, 02 88.00, 03 88.00 (its second mark is lower), 04 85.00, 05 80.00 less 1, 06 70.
MARKS = {
    "01": "95 89 90 88 80", "02": "90 90 88 86 80", "03": "89 89 88 87 80", "04": "85 85 85 85 85",
    "05": "80 80 80 80 80", "06": "70 70 70 70 70",
}  # fmt: skip


def judged(marks: dict[str, str] = MARKS, judges: int = 5) -> Facts:
    """A final with these marks of J1, J2, …; a dash is a mark not given."""
    given = tuple(
        MarkFact("final", entry, f"J{seat}", "lecture", None, "mark", Decimal(mark))
        for entry, row in marks.items() for seat, mark in enumerate(row.split(), start=1) if mark != "-"
    )  # fmt: skip
    quiz = AdjustmentFact("final", "05", None, None, "quiz", Decimal(-1))
    return replace(final_facts(len(marks), judges), marks=given, adjustments=(quiz,) if "05" in marks else ())


def make(
    app: Flask, facts: Facts, rules: str | bytes = RULES, state: RoundState = RoundState.LOCKED
) -> FlaskClient:
    """An organizer's browser in a contest of these facts."""
    source = rules if isinstance(rules, bytes) else rules.encode()
    with app.app_context(), writing() as db:
        builders.add_contest(db, facts=facts, rules=source, with_judging=True, state=state)
    return builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest="xinghe"))


def page(client: FlaskClient, query: str = "") -> str:
    """The page as it is sent."""
    answer = client.get(f"{ROOM}{query}")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def rows(found: str) -> list[str]:
    """The rows of the tables in words, entries and award lines alike."""
    body = re.findall(r"<tr.*?</tr>", found, re.DOTALL)
    return [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))).strip() for row in body]
