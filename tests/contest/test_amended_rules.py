"""What follows new rules at once: the board, the rounds, and the tablets of judges who are marking meanwhile."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from contest import amending, board, entering, queries, showing
from contest.ledger import Actor
from contest.models import Account, Stage
from contest.rules import read_rules
from tests.amended import ALL_COUNT, judge_five, rules
from tests.builders import NOW, RULES, add_contest
from tests.tablets import running, sit

DESK = Actor("account:desk", "web")


@pytest.fixture
def judged(db):
    return judge_five(db)


def change(db, contest, new):
    """New rules by two people."""
    for username in ("p1", "p2"):
        if db.scalars(select(Account).where(Account.username == username)).one_or_none() is None:
            db.add(Account(username=username, display_name=username, password_hash="", created_at=NOW))
    one, two = db.scalars(select(Account).where(Account.username.in_(("p1", "p2"))).order_by(Account.username))
    given = {"by": DESK, "now": NOW}
    made = amending.propose(db, contest, rules=new, reason="核对通知", account=one, **given)
    amending.confirm(db, contest, public_id=made.public_id, account=two, **given)


def test_the_board_counts_by_the_new_rules_at_once(db, judged):
    for each in running(db, judged):
        showing.release(db, judged, appearance=each, by=DESK, now=NOW)
    board.refresh(db, judged, now=NOW)
    change(db, judged, read_rules(ALL_COUNT))
    frames = {frame.audience.value: json.loads(frame.board) for frame in board.refresh(db, judged, now=NOW)}
    rows = frames["public"]["rounds"][0]["rows"]
    assert [(row["entry"], row["place"]) for row in rows] == [("02", 1), ("01", 2), ("03", 3)]


def test_new_rounds_appear_and_the_stage_stays_where_it_is(db, judged):
    first = RULES[RULES.index(b"[rounds.final]") : RULES.index(b"# Awards from")]
    heats = first.replace(b"rounds.final", b"rounds.heats")
    two = RULES.replace(first, heats + first + b'[result]\nrounds = ["final"]\n')
    change(db, judged, read_rules(two))
    assert [(round_.code, round_.position, round_.state.value) for round_ in judged.rounds] == [
        ("heats", 1, "draft"), ("final", 2, "judging"),
    ]  # fmt: skip
    stage = db.scalars(select(Stage).where(Stage.contest_id == judged.id)).one()
    assert stage.round.code == "final"


def test_a_judge_who_marks_by_the_older_version_loses_nothing(db, judged):
    contest = add_contest(db, slug="live", judges=5)
    one, two, _three = running(db, contest)
    tablet = sit(db, contest, 1)
    assert tablet.save(one, marks={"content": "27.00"})["result"] == "saved"
    change(db, contest, read_rules(ALL_COUNT))
    # How sheets are counted changed, not what a judge may give: the older version's message is applied.
    answer = tablet.submit(one, rules=1, base=1)
    assert (answer["result"], answer["current"]["state"]) == ("submitted", "submitted")
    more = read_rules(ALL_COUNT.replace(b"max = 30", b"max = 40").replace(b"band_step = 0.5\n", b""))
    change(db, contest, more)
    # What may be given changed: the message is kept as a stray, and the judge sends it again by the new version.
    stray = tablet.submit(two, rules=1)
    assert (stray["result"], stray["reason"]["code"]) == ("stray", "rules_changed")
    assert tablet.submit(two, rules=3)["result"] == "submitted"


def test_a_message_by_a_version_without_its_round_is_kept(db):
    old = RULES.replace(b"rounds.final", b"rounds.grand")
    contest = add_contest(db, slug="renamed", judges=5)
    version = queries.rule_version(db, contest)
    version.source, version.sha256 = old, read_rules(old).sha256
    entering.adopt_rules(db, contest, rules=rules(), by=DESK, now=NOW)
    stray = sit(db, contest, 1).submit(running(db, contest)[0], rules=1)
    assert (stray["result"], stray["reason"]["code"]) == ("stray", "rules_changed")
