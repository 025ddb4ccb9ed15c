"""Fixtures of the record's tests: a supervisor who reads it, a chief judge who does things, and its lines as text."""

from __future__ import annotations

import re
from html import unescape

import pytest

from contest import queries
from contest.ledger import Actor
from contest.models import Role
from tests import builders
from tests.builders import NOW
from web.db import writing

ROOM = "/admin/contests/xinghe/audit"


@pytest.fixture
def supervisor(as_role):
    return as_role(Role.SUPERVISOR)


@pytest.fixture
def act(app, final):
    """Do something to the final as an account: `act(lambda db, contest, appearance: …)`."""
    public_id = builders.make_account(app, "zhao", Role.CHIEF, contest=final, name="赵总裁")

    def do(what, at=0, now=NOW):
        with app.app_context(), writing() as db:
            contest = queries.contest_by_slug(db, final)
            appearance = queries.appearance_of(db, contest, builders.appearances(app)[at])
            return what(db, contest, appearance, {"by": Actor(f"account:{public_id}"), "now": now})

    return do


def lines(answer) -> list[str]:
    """The rows of the record's page, newest first, each as its cells' text."""
    body = re.findall(r'<tr id="row-\d+">.*?</tr>', answer.text, re.DOTALL)
    return [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))).strip() for row in body]


def seat(db, contest, appearance, number):
    return next(each for each in queries.sittings_for(db, appearance) if each.seat.number == number)
