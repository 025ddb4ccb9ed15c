"""Release modes: at once, one behind, held for the ceremony; and a correction in each of them."""

from __future__ import annotations

import json

import pytest

from contest import board, opening, queries, releasing, showing
from contest.errors import ReleaseTooEarly, RoundNotJudging, ScoresNotReady, SheetsMissing
from contest.ledger import Actor
from contest.models import Audience, ReleaseMode, RoundState, Ruling, RulingKind
from tests.builders import NOW, add_contest, later
from tests.tablets import actions, running, stage_of, submit_all

DESK = Actor("account:desk", "web")


@pytest.fixture
def five(db):
    """A final of three entries before five judges, as many as its rule needs."""
    return add_contest(db, slug="five", judges=5)


@pytest.fixture
def three(db, five):
    return running(db, five)


def call(db, contest, appearance):
    showing.call(db, contest, appearance=appearance, now=NOW)
    submit_all(db, contest, appearance)


def release(db, contest, appearance, now=NOW, opening=False):
    return showing.release(db, contest, appearance=appearance, by=DESK, now=now, opening=opening)


def refused(db, contest, appearance):
    assert not releasing.is_time(db, contest, appearance)
    with pytest.raises(ReleaseTooEarly) as error:
        release(db, contest, appearance)
    return error.value.args_["mode"] == contest.release_mode.value


def test_one_behind_a_score_waits_for_the_next_contestant(db, five, three):
    five.release_mode = ReleaseMode.LAG_1
    one, two, last = three
    call(db, five, one)
    assert refused(db, five, one)
    call(db, five, two)
    assert release(db, five, one).is_released
    assert stage_of(db, five) == ("score", "02")
    assert refused(db, five, two)
    call(db, five, last)
    assert release(db, five, last, now=later(9)).is_released, "nobody is left to come"
    assert release(db, five, two).is_released


def test_one_behind_nobody_waits_for_one_who_withdrew(db, five, three):
    five.release_mode = ReleaseMode.LAG_1
    call(db, five, three[0])
    for each in three[1:]:
        db.add(Ruling(contest_id=five.id, entry_id=each.entry_id, kind=RulingKind.WITHDRAWN, created_at=NOW))
    db.flush()
    assert release(db, five, three[0]).is_released


def test_held_scores_wait_for_the_chief_who_opens_them_one_by_one(db, five, three):
    five.release_mode = ReleaseMode.HELD
    for each in three:
        call(db, five, each)
    assert all(refused(db, five, each) for each in three)
    assert not releasing.is_opened(db, three[0].round)
    release(db, five, three[2], opening=True)
    assert releasing.is_opened(db, three[0].round)
    assert release(db, five, three[0]).is_released


def test_held_scores_go_out_together_in_running_order(db, five, three):
    five.release_mode = ReleaseMode.HELD
    for each in three:
        call(db, five, each)
    out = opening.release_all(db, five, round_=three[0].round, by=DESK, now=NOW)
    assert [each.entry.code for each in out] == ["01", "02", "03"]
    assert (actions(db, five).count("released"), stage_of(db, five)[0]) == (3, "ranking")
    assert opening.release_all(db, five, round_=three[0].round, by=DESK, now=NOW) == []


def test_all_go_out_or_none(db, five, three):
    five.release_mode = ReleaseMode.HELD
    call(db, five, three[0])
    with pytest.raises(ScoresNotReady) as error:
        opening.release_all(db, five, round_=three[0].round, by=DESK, now=NOW)
    assert error.value.args_ == {"numbers": ["02", "03"]}
    assert [each.is_released for each in three] == [False] * 3
    for each in three[1:]:
        db.add(Ruling(contest_id=five.id, entry_id=each.entry_id, kind=RulingKind.WITHDRAWN, created_at=NOW))
    db.flush()
    three[0].round.state = RoundState.LOCKED
    with pytest.raises(RoundNotJudging):
        opening.release_all(db, five, round_=three[0].round, by=DESK, now=NOW)


def test_opening_still_needs_every_sheet(db, five, three):
    five.release_mode = ReleaseMode.HELD
    showing.call(db, five, appearance=three[0], now=NOW)
    with pytest.raises(SheetsMissing):
        release(db, five, three[0], opening=True)


@pytest.mark.parametrize("mode", list(ReleaseMode))
def test_in_every_mode_a_score_is_corrected_with_a_note_and_goes_out_again(db, five, three, mode):
    five.release_mode = mode
    one, two, _three = three
    call(db, five, one)
    call(db, five, two)
    release(db, five, one, opening=True)
    showing.withdraw_release(db, five, appearance=one, note="漏计一次扣分", by=DESK, now=later(1))
    showing.adjust(db, five, appearance=one, kind="quiz", value="-1", reason="漏计", press="", by=DESK, now=later(2))
    release(db, five, one, now=later(3))
    board.refresh(db, five, now=later(3))
    row = json.loads(board.frame_of(db, five, Audience.PUBLIC).board)["rounds"][0]["rows"][0]
    assert (row["score"], row["note"]) == ("86.25", "漏计一次扣分")


def test_a_score_that_may_not_go_out_is_in_no_bytes_of_the_public(db, five, three):
    five.release_mode = ReleaseMode.HELD
    for each in three:
        call(db, five, each)
    board.refresh(db, five, now=NOW)
    for audience in (Audience.PUBLIC, Audience.SCREEN):
        stored = board.frame_of(db, five, audience)
        assert b"87.25" not in stored.frame + stored.board
    assert queries.contest_by_slug(db, "five").release_mode is ReleaseMode.HELD
