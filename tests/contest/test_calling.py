"""Calling contestants: marks and calls with their undo, and who comes next."""

from __future__ import annotations

import pytest

from contest import calling, showing
from contest.errors import AlreadyBeenOn, Malformed, RoundNotJudging
from contest.models import AppearanceStatus, RoundState, Ruling, RulingKind
from tests.builders import NOW, later
from tests.tablets import running


@pytest.fixture
def three(db, contest):
    return running(db, contest)


def mark(db, contest, appearance, status):
    return calling.mark(db, contest, appearance=appearance, status=AppearanceStatus(status))


def codes(db, contest, three, on=None):
    return [each.entry.code for each in calling.to_come(three, on, calling.out_of(db, three[0].round))]


def test_marks_lead_to_the_stage_and_back(db, contest, three):
    for status in ("arrived", "standby", "arrived", "waiting"):
        assert mark(db, contest, three[1], status).status.value == status


def test_whoever_is_or_was_on_stage_is_not_marked(db, contest, three):
    showing.call(db, contest, appearance=three[0], now=NOW)
    showing.call(db, contest, appearance=three[1], now=NOW)
    for each in three[:2]:
        with pytest.raises(AlreadyBeenOn):
            mark(db, contest, each, "arrived")
        with pytest.raises(AlreadyBeenOn):
            calling.call_out(db, contest, appearance=each, nth=1, now=NOW)
    for status in ("on_stage", "done"):
        with pytest.raises(Malformed):
            mark(db, contest, three[2], status)


def test_a_round_that_is_ready_takes_marks_and_a_locked_one_does_not(db, contest, three):
    three[0].round.state = RoundState.OPEN
    mark(db, contest, three[0], "arrived")
    three[0].round.state = RoundState.LOCKED
    with pytest.raises(RoundNotJudging):
        mark(db, contest, three[0], "waiting")


def test_a_call_counts_once_in_its_order_and_can_be_taken_back(db, contest, three):
    one = three[0]
    for nth, seconds in ((1, 0), (1, 3), (2, 60), (3, 120), (3, 121)):
        calling.call_out(db, contest, appearance=one, nth=nth, now=later(seconds))
    assert (one.calls, one.called_at) == (3, later(120))
    with pytest.raises(Malformed):
        calling.call_out(db, contest, appearance=one, nth=5, now=NOW)
    for nth in (3, 3, 2, 1):
        calling.take_call_back(db, contest, appearance=one, nth=nth)
    assert (one.calls, one.called_at) == (0, None)


def test_the_next_ones_come_after_who_is_on_and_then_whoever_was_left_out(db, contest, three):
    one, two, _three = three
    assert codes(db, contest, three) == ["01", "02", "03"]
    showing.call(db, contest, appearance=two, now=NOW)
    assert codes(db, contest, three, two) == ["03", "01"]
    db.add(Ruling(contest_id=contest.id, entry_id=one.entry_id, kind=RulingKind.WITHDRAWN, created_at=NOW))
    db.flush()
    assert codes(db, contest, three, two) == ["03"]
