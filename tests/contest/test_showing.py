"""Running the stage: what is called, adjusted, released and taken back, and what a second press does not do."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from sqlalchemy import select

from contest import correcting, queries, sealing, showing
from contest.errors import (
    AdjustmentRefused,
    AlreadyReleased,
    Malformed,
    NotFound,
    NotReleased,
    ReasonMissing,
    RoundNotJudging,
    SheetsMissing,
)
from contest.ledger import Actor
from contest.models import Adjustment, AppearanceStatus, LedgerRow, RoundState, Ruling, RulingKind, Scene, Visibility
from tests.builders import NOW, add_contest, later
from tests.tablets import MARKS, actions, running, sheets, sit, stage_of, submit_all

DESK = Actor("account:desk", "web")


@pytest.fixture
def three(db, contest):
    return running(db, contest)


def call(db, contest, appearance, now=NOW):
    return showing.call(db, contest, appearance=appearance, now=now)


def release(db, contest, appearance, now=NOW):
    return showing.release(db, contest, appearance=appearance, by=DESK, now=now)


def adjust(db, contest, appearance, value="-1", kind="quiz", press="", reason="答错一题"):
    return showing.adjust(
        db, contest, appearance=appearance, kind=kind, value=value, reason=reason, press=press, by=DESK, now=NOW
    )


def follow(db, contest, appearance):
    showing.follow(db, contest, appearance=appearance, now=NOW)


def rule(db, contest, kind, *, entry=None, sitting=None):
    db.add(Ruling(
        contest_id=contest.id, entry_id=entry.id if entry else None, sitting_id=sitting.id if sitting else None,
        kind=kind, created_at=NOW,
    ))  # fmt: skip
    db.flush()


def test_calling_brings_one_on_and_sends_the_one_before_off(db, contest, three):
    one, two, three_ = three
    call(db, contest, one)
    call(db, contest, two)
    assert [each.status for each in three] == [
        AppearanceStatus.DONE, AppearanceStatus.ON_STAGE, AppearanceStatus.WAITING,
    ]  # fmt: skip
    assert stage_of(db, contest) == ("contestant", two.entry.code)
    assert three_.visibility is Visibility.HELD


def test_calling_twice_changes_nothing(db, contest, three):
    call(db, contest, three[0])
    submit_all(db, contest, three[0])
    follow(db, contest, three[0])
    again = call(db, contest, three[0], now=later(9))
    assert (stage_of(db, contest), again.changed_at) == (("dots", "01"), NOW)


def test_one_who_is_off_again_can_be_called_back(db, contest, three):
    for each in (three[0], three[1], three[0]):
        call(db, contest, each)
    assert (stage_of(db, contest)[1], three[0].status) == ("01", AppearanceStatus.ON_STAGE)
    three[0].status = AppearanceStatus.DONE  # As locking the round leaves it.
    call(db, contest, three[0])
    assert three[0].status is AppearanceStatus.ON_STAGE


@pytest.mark.parametrize("state", [s for s in RoundState if s is not RoundState.JUDGING])
def test_outside_judging_nobody_is_called_adjusted_released_or_taken_back(db, contest, three, state):
    submit_all(db, contest, three[0])
    three[0].round.state = state
    for act in (call, adjust, release):
        with pytest.raises(RoundNotJudging) as refused:
            act(db, contest, three[0])
        assert refused.value.args_ == {"state": state.value}
    with pytest.raises(RoundNotJudging):
        showing.withdraw_release(db, contest, appearance=three[0], note="x", by=DESK, now=NOW)


def test_an_automatic_screen_follows_the_event(db, contest, three):
    one = three[0]
    seen = [stage_of(db, contest)]
    for act in (call, submit_all, follow, release):
        act(db, contest, one)
        seen.append(stage_of(db, contest))
    showing.withdraw_release(db, contest, appearance=one, note="漏计扣分", by=DESK, now=NOW)
    seen.append(stage_of(db, contest))
    call(db, contest, three[1])
    assert [*seen, stage_of(db, contest)] == [
        ("waiting", None), ("contestant", "01"), ("contestant", "01"), ("dots", "01"), ("score", "01"), ("dots", "01"),
        ("contestant", "02"),
    ]  # fmt: skip


def test_a_draft_does_not_bring_the_dots(db, contest, three):
    call(db, contest, three[0])
    sit(db, contest, 1).save(three[0])
    follow(db, contest, three[0])
    assert stage_of(db, contest) == ("contestant", "01")


def test_a_held_scene_stays_until_it_is_let_go_and_then_is_what_it_would_have_been(db, contest, three):
    call(db, contest, three[0])
    showing.choose_scene(db, contest, scene=Scene.RANKING, now=NOW)
    submit_all(db, contest, three[0])
    follow(db, contest, three[0])
    release(db, contest, three[0])
    assert stage_of(db, contest) == ("ranking", "01")
    showing.choose_scene(db, contest, scene=None, now=NOW)
    assert stage_of(db, contest) == ("score", "01")


def test_releasing_another_than_the_one_on_stage_leaves_the_scene(db, contest, three):
    submit_all(db, contest, three[0])
    call(db, contest, three[1])
    release(db, contest, three[0])
    assert stage_of(db, contest) == ("contestant", "02")


def test_a_release_waits_for_every_seat_and_names_those_it_waits_for(db, contest, three):
    sit(db, contest, 2).submit(three[0])
    sit(db, contest, 3).save(three[0])
    with pytest.raises(SheetsMissing) as refused:
        release(db, contest, three[0])
    assert (refused.value.args_, three[0].visibility) == ({"seats": [1, 3]}, Visibility.HELD)
    assert "released" not in actions(db, contest)


def test_a_returned_sheet_is_missing_again(db, contest, three):
    submit_all(db, contest, three[0])
    seat = sit(db, contest, 2).sitting.seat.public_id
    correcting.return_sheet(db, contest, appearance=three[0], seat=seat, reason="看错", by=DESK, now=NOW)
    assert showing.missing_seats(db, three[0]) == [2]


@pytest.mark.parametrize("kind", [RulingKind.ABSENT, RulingKind.VOID, RulingKind.RECUSED])
def test_a_seat_that_a_ruling_takes_off_the_panel_is_not_waited_for(db, contest, three, kind):
    tablet = sit(db, contest, 1)
    rule(db, contest, kind, sitting=tablet.sitting, entry=three[0].entry)
    assert [showing.missing_seats(db, each) for each in three[:2]] == [[2, 3], [1, 2, 3]]


def test_an_entry_out_of_the_ranking_is_released_without_sheets(db, contest, three):
    rule(db, contest, RulingKind.WITHDRAWN, entry=three[0].entry)
    assert release(db, contest, three[0]).is_released


def test_a_release_is_in_the_ledger_once_however_often_it_is_pressed(db, contest, three):
    submit_all(db, contest, three[0])
    release(db, contest, three[0])
    release(db, contest, three[0], now=later(5))
    assert (actions(db, contest).count("released"), three[0].released_at) == (1, NOW)
    assert {state for state, _v, _m in sheets(db, three[0]).values()} == {"locked"}


def test_taking_back_needs_a_release_and_a_note(db, contest, three):
    submit_all(db, contest, three[0])
    with pytest.raises(NotReleased):
        showing.withdraw_release(db, contest, appearance=three[0], note="x", by=DESK, now=NOW)
    release(db, contest, three[0])
    for note in ("", "  \n"):
        with pytest.raises(ReasonMissing):
            showing.withdraw_release(db, contest, appearance=three[0], note=note, by=DESK, now=NOW)
    showing.withdraw_release(db, contest, appearance=three[0], note=" 漏计扣分 ", by=DESK, now=NOW)
    with pytest.raises(NotReleased):
        showing.withdraw_release(db, contest, appearance=three[0], note="x", by=DESK, now=NOW)
    assert (three[0].visibility, three[0].note) == (Visibility.WITHDRAWN, "漏计扣分")
    assert {state for state, _v, _m in sheets(db, three[0]).values()} == {"submitted"}
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).one()
    assert (row.action.value, json.loads(row.payload or "")) == ("release_withdrawn", {"note": "漏计扣分"})


def test_the_three_clocks_do_not_drive_each_other(db, contest, three):
    one, two, _ = three
    submit_all(db, contest, one)
    submit_all(db, contest, two)
    release(db, contest, one)
    sealing.move(db, contest, round_=one.round, to=RoundState.LOCKED, by=DESK, now=NOW)
    assert [each.visibility for each in (one, two)] == [Visibility.RELEASED, Visibility.HELD]
    assert [next(iter(sheets(db, each).values()))[0] for each in (one, two)] == ["locked", "locked"]
    sealing.move(db, contest, round_=one.round, to=RoundState.JUDGING, by=DESK, now=NOW)
    assert [next(iter(sheets(db, each).values()))[0] for each in (one, two)] == ["locked", "submitted"]
    assert [each.visibility for each in (one, two)] == [Visibility.RELEASED, Visibility.HELD]


@pytest.mark.parametrize("kind, value, args", [
    ("quiz", "-3", {"why": "below_min", "limit": "-2"}), ("quiz", "1", {"why": "above_max", "limit": "0"}),
    ("quiz", "-0.5", {"why": "off_step", "limit": "1"}), ("quiz", "", {"why": "not_a_number", "limit": ""}),
    ("quiz", "NaN", {"why": "not_a_number", "limit": ""}), ("quiz", "-1e0", {"why": "not_a_number", "limit": ""}),
    ("time_own", "-1", {"why": "off_step", "limit": "2"}), ("charm", "-1", {"why": "kind_unknown"}),
])  # fmt: skip
def test_an_adjustment_that_does_not_fit_its_kind_is_refused(db, contest, three, kind, value, args):
    with pytest.raises(AdjustmentRefused) as refused:
        adjust(db, contest, three[0], value, kind)
    assert refused.value.args_ == {"kind": kind} | args
    assert db.scalars(select(Adjustment)).all() == []


def test_an_adjustment_needs_a_reason_and_keeps_it(db, contest, three):
    with pytest.raises(ReasonMissing):
        adjust(db, contest, three[0], reason=" ")
    made = adjust(db, contest, three[0], " -1 ", reason=" 第二题 ")
    assert (made.kind, made.value, made.reason) == ("quiz", Decimal("-1"), "第二题")


def test_one_press_makes_one_adjustment_and_two_presses_make_two(db, contest, three):
    one, same, other = (adjust(db, contest, three[0], press=press) for press in ("a", "a", "b"))
    assert (one is same, one is other, actions(db, contest).count("adjusted")) == (True, False, 2)


def test_the_press_of_another_contestants_form_is_refused(db, contest, three):
    adjust(db, contest, three[0], press="a")
    for press in ("a", "x" * 37):
        with pytest.raises(Malformed):
            adjust(db, contest, three[1], press=press)


def test_a_released_score_is_not_adjusted_before_it_is_taken_back(db, contest, three):
    made = adjust(db, contest, three[0])
    submit_all(db, contest, three[0])
    release(db, contest, three[0])
    with pytest.raises(AlreadyReleased):
        adjust(db, contest, three[0])
    with pytest.raises(AlreadyReleased):
        showing.cancel_adjustment(db, contest, public_id=made.public_id, by=DESK, now=NOW)


def test_a_cancelled_adjustment_stays_and_counts_no_more(db, contest, three):
    made = adjust(db, contest, three[0])
    for seconds in (1, 2):
        showing.cancel_adjustment(db, contest, public_id=made.public_id, by=DESK, now=later(seconds))
    assert (made.cancelled_at, actions(db, contest)[-2:]) == (later(1), ["adjusted", "adjustment_cancelled"])


def test_an_adjustment_of_another_contest_is_not_found(db, contest):
    other = add_contest(db, slug="other")
    made = adjust(db, other, running(db, other)[0])
    with pytest.raises(NotFound):
        showing.cancel_adjustment(db, contest, public_id=made.public_id, by=DESK, now=NOW)
    with pytest.raises(NotFound):
        queries.appearance_of(db, contest, running(db, other)[0].public_id)


def test_marks_of_the_usual_sheet_add_up():
    assert sum(Decimal(mark) for mark in MARKS.values()) == Decimal("87.25")
