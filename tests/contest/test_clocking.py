"""The talk clock: the server's time counts, presses count once, the last one can be undone, and what it proposes."""

from __future__ import annotations

import pytest

from contest import checking, clocking, queries, showing
from contest.errors import (
    AlreadyReleased,
    ClockMoved,
    ClockRunning,
    Malformed,
    NotChecked,
    NotFound,
    NotOnStage,
    RoundNotJudging,
)
from contest.ledger import Actor
from contest.models import Appearance, ClockAct, RoundState, Scene
from tests.builders import NOW, later
from tests.tablets import actions, running, stage_of, submit_all

TIMER = Actor("account:timer", "web")


@pytest.fixture
def on(db, contest) -> Appearance:
    """The first contestant, on stage."""
    first = running(db, contest)[0]
    showing.call(db, contest, appearance=first, now=NOW)
    return first


def press(db, contest, appearance, act, seconds, *, segment="time_own", id=""):
    return clocking.press(
        db, contest, appearance=appearance, segment=segment, act=ClockAct(act), press=id, by=TIMER, now=later(seconds)
    )


def undo(db, contest, appearance, seconds, *, which=-1):
    last = clocking.presses_of(db, appearance)[which]
    return clocking.undo(
        db, contest, appearance=appearance, public_id=last.public_id, by=TIMER, now=later(seconds)
    )


def clock(db, contest, appearance, seconds):
    rules = queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), appearance)
    return {each.id: (each.runs, each.seconds(later(seconds))) for each in clocking.read(db, rules, appearance)}


def own(db, contest, appearance, seconds):
    return clock(db, contest, appearance, seconds)["time_own"]


def test_a_clock_that_nobody_pressed_is_ready_and_proposes_nothing(db, contest, on):
    assert clock(db, contest, on, 99) == {"time_own": (False, 0), "time_random": (False, 0)}
    rules = queries.round_rules(queries.rules_of(queries.rule_version(db, contest)), on)
    assert [each.proposed for each in clocking.read(db, rules, on)] == [None, None]


def test_time_passes_between_start_and_pause_and_goes_on_after_a_resume(db, contest, on):
    press(db, contest, on, "start", 0)
    assert own(db, contest, on, 100) == (True, 100)
    press(db, contest, on, "pause", 120)
    assert own(db, contest, on, 500) == (False, 120)
    press(db, contest, on, "start", 600)
    press(db, contest, on, "pause", 606.9)
    assert own(db, contest, on, 900) == (False, 126)


@pytest.mark.parametrize("seconds, proposed", [(246, 0), (250.9, 0), (251, -2), (252, -2), (170, -2)])
def test_a_stopped_clock_proposes_what_the_rule_says_of_its_whole_seconds(db, contest, on, seconds, proposed):
    press(db, contest, on, "start", 0)
    running_ = press(db, contest, on, "start", 1)
    stopped = press(db, contest, on, "pause", seconds)
    assert (running_[0].proposed, stopped[0].proposed, stopped[1].proposed) == (None, proposed, None)


def test_the_same_press_counts_once_whoever_sends_it(db, contest, on):
    press(db, contest, on, "start", 0, id="a")
    press(db, contest, on, "pause", 10, id="b")
    press(db, contest, on, "start", 20, id="a")
    press(db, contest, on, "pause", 30, id="b")
    assert own(db, contest, on, 60) == (False, 10)
    assert actions(db, contest).count("clock_pressed") == 2


def test_two_who_start_at_once_start_it_once(db, contest, on):
    press(db, contest, on, "start", 0, id="a")
    press(db, contest, on, "start", 2, id="b")
    assert own(db, contest, on, 12) == (True, 12)


def test_starting_another_part_stops_the_first_and_one_undo_takes_both_back(db, contest, on):
    press(db, contest, on, "start", 0)
    press(db, contest, on, "start", 240, segment="time_random")
    assert clock(db, contest, on, 250) == {"time_own": (False, 240), "time_random": (True, 10)}
    undo(db, contest, on, 255)
    assert clock(db, contest, on, 260) == {"time_own": (True, 260), "time_random": (False, 0)}


def test_a_stop_that_is_undone_was_never_made(db, contest, on):
    press(db, contest, on, "start", 0)
    press(db, contest, on, "pause", 100)
    undo(db, contest, on, 108)
    assert own(db, contest, on, 110) == (True, 110)
    undo(db, contest, on, 111)
    assert own(db, contest, on, 200) == (False, 0)
    assert actions(db, contest).count("clock_undone") == 2


def test_only_the_last_press_is_undone_and_only_once(db, contest, on):
    press(db, contest, on, "start", 0)
    press(db, contest, on, "pause", 100)
    first, last = clocking.presses_of(db, on)
    with pytest.raises(ClockMoved):
        clocking.undo(db, contest, appearance=on, public_id=first.public_id, by=TIMER, now=later(101))
    for seconds in (102, 103):
        clocking.undo(db, contest, appearance=on, public_id=last.public_id, by=TIMER, now=later(seconds))
    assert (own(db, contest, on, 110), last.undone_at) == ((True, 110), later(102))
    with pytest.raises(NotFound):
        clocking.undo(db, contest, appearance=on, public_id="unknown", by=TIMER, now=later(104))


def test_a_reset_makes_a_part_ready_and_leaves_the_other(db, contest, on):
    press(db, contest, on, "start", 0)
    press(db, contest, on, "start", 240, segment="time_random")
    clocking.reset(db, contest, appearance=on, segment="time_random", by=TIMER, now=later(250))
    assert clock(db, contest, on, 300) == {"time_own": (False, 240), "time_random": (False, 0)}


def test_the_clock_runs_only_for_who_is_on_stage(db, contest, on):
    second = running(db, contest)[1]
    with pytest.raises(NotOnStage):
        press(db, contest, second, "start", 1)
    press(db, contest, on, "start", 1)
    showing.call(db, contest, appearance=second, now=later(61))
    assert own(db, contest, on, 500) == (False, 60)
    with pytest.raises(NotOnStage):
        undo(db, contest, on, 501)


def test_what_is_no_part_of_the_talk_is_refused(db, contest, on):
    for segment in ("quiz", "", "x" * 99):
        with pytest.raises(Malformed):
            press(db, contest, on, "start", 1, segment=segment)
    press(db, contest, on, "start", 1, id="a")
    with pytest.raises(Malformed):
        press(db, contest, running(db, contest)[1], "pause", 1, id="a")
    on.round.state = RoundState.LOCKED
    with pytest.raises(RoundNotJudging):
        press(db, contest, on, "pause", 5)


def test_an_automatic_screen_shows_the_clock_while_it_runs(db, contest, on):
    press(db, contest, on, "start", 0)
    assert stage_of(db, contest)[0] == "timer"
    submit_all(db, contest, on)
    showing.follow(db, contest, appearance=on, now=later(20))
    assert stage_of(db, contest)[0] == "timer"
    press(db, contest, on, "pause", 240)
    assert stage_of(db, contest)[0] == "dots"
    showing.choose_scene(db, contest, scene=Scene.RANKING, now=later(241))
    press(db, contest, on, "start", 242, segment="time_random")
    assert stage_of(db, contest)[0] == "ranking"


def confirm(db, contest, appearance, seconds=300, **reasons):
    return checking.confirm(db, contest, appearance=appearance, reasons=reasons, by=TIMER, now=later(seconds))


def release(db, contest, appearance):
    return showing.release(db, contest, appearance=appearance, by=TIMER, now=later(400))


def test_a_confirmed_proposal_is_deducted_once_with_its_reason(db, contest, on):
    press(db, contest, on, "start", 0)
    with pytest.raises(ClockRunning):
        confirm(db, contest, on)
    press(db, contest, on, "pause", 252)
    for seconds in (300, 301):
        confirm(db, contest, on, seconds, time_own="计时 4:12")
    entered = checking.entered_for(db, on)
    assert [(each.kind, each.value, each.reason) for each in entered] == [("time_own", -2, "计时 4:12")]
    assert on.checked_at == later(300)


def test_a_proposal_may_be_waived_and_what_is_in_order_costs_nothing(db, contest, on):
    press(db, contest, on, "start", 0)
    press(db, contest, on, "pause", 252)
    press(db, contest, on, "start", 260, segment="time_random")
    press(db, contest, on, "pause", 372, segment="time_random")
    confirm(db, contest, on, 400, time_random="计时 1:52")
    assert list(checking.entered_for(db, on)) == []


def test_every_later_change_asks_for_a_new_confirmation(db, contest, on):
    made = showing.adjust(db, contest, appearance=on, kind="quiz", value="-1", reason="x", press="", by=TIMER, now=NOW)
    changes = (
        lambda: press(db, contest, on, "start", 500),
        lambda: press(db, contest, on, "pause", 700),
        lambda: undo(db, contest, on, 701) and press(db, contest, on, "pause", 702),
        lambda: showing.cancel_adjustment(db, contest, public_id=made.public_id, by=TIMER, now=NOW),
        lambda: checking.take_back(db, contest, appearance=on),
    )
    for at, change in enumerate(changes):
        on.checked_at = NOW
        change()
        assert on.checked_at is None, at


def test_a_timed_talk_is_released_once_its_clock_stands_and_is_confirmed(db, contest, on):
    submit_all(db, contest, on)
    press(db, contest, on, "start", 0)
    with pytest.raises(ClockRunning):
        release(db, contest, on)
    press(db, contest, on, "pause", 240)
    with pytest.raises(NotChecked):
        release(db, contest, on)
    confirm(db, contest, on)
    assert release(db, contest, on).is_released
    for act in (lambda: press(db, contest, on, "start", 500), lambda: undo(db, contest, on, 500),
                lambda: checking.take_back(db, contest, appearance=on)):  # fmt: skip
        with pytest.raises(AlreadyReleased):
            act()
