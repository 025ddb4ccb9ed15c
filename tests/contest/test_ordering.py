"""An order by hand, published, and what happens after it: 弃权, moved to the end, late, breaks; numbers stay."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import absences, ordering, queries, showing
from contest.errors import Malformed, NotFound, ReasonMissing, RoundNotJudging, TextRefused
from contest.ledger import Actor
from contest.models import AppearanceStatus, Break, Entry, RoundState
from contest.refusals import AlreadyInRound, AlreadyWithdrawn, BreakTaken, NobodyTakesPart, OrderFixed
from tests.builders import NOW, add_contest
from tests.registrations import add_reviewer
from tests.tablets import actions, running

DESK = Actor("account:desk", "web")
WHY = {"reason": "三次点名未到", "by": DESK, "now": NOW}


@pytest.fixture
def account(db):
    return add_reviewer(db)


@pytest.fixture
def final(db):
    return add_contest(db, slug="five", entries=5, state=RoundState.OPEN)


@pytest.fixture
def round_(db, final):
    return queries.round_of(db, final, "final")


def arrange(db, contest, round_, account, codes, reason=""):
    by_code = {each.entry.code: each for each in running(db, contest)}
    return ordering.arrange(
        db, contest, round_=round_, panel=running(db, contest)[0].panel, account=account, reason=reason, by=DESK,
        now=NOW, entries=[by_code[code].entry for code in codes.split()],
    )  # fmt: skip


def shown(db, contest):
    return " ".join(f"{each.number}:{each.entry.code}" for each in running(db, contest))


def add_entry(db, contest):
    entry = Entry(contest_id=contest.id, code="99", position=99, name="晚到")
    db.add(entry)
    db.flush()
    return entry


def test_an_order_by_hand_gives_numbers_and_is_recorded_as_such(db, final, round_, account):
    made = arrange(db, final, round_, account, "03 01 05 02 04")
    assert shown(db, final) == "01:03 02:01 03:05 04:02 05:04"
    assert (made.by_hand, made.is_drawn, made.account) == (True, True, account)
    arrange(db, final, round_, account, "01 02 03 04 05")
    assert ordering.last_draw(db, round_).number == 1
    assert actions(db, final)[-2:] == ["order_changed", "order_changed"]


@pytest.mark.parametrize("position, expected", [
    (1, "01:04 02:01 03:02 04:03 05:05"), (3, "01:01 02:02 03:04 04:03 05:05"), (99, "01:01 02:02 03:03 04:05 05:04"),
    (-7, "01:04 02:01 03:02 04:03 05:05"),
])  # fmt: skip
def test_one_is_moved_to_a_typed_place(db, final, account, position, expected):
    ordering.place(
        db, final, appearance=running(db, final)[3], position=position, account=account, reason="", by=DESK, now=NOW
    )
    assert shown(db, final) == expected


def test_an_order_that_leaves_somebody_out_is_refused(db, final, round_, account):
    for codes in ("01 02 03 04", "01 01 02 03 04"):
        with pytest.raises(Malformed):
            arrange(db, final, round_, account, codes)
    assert shown(db, final) == "01:01 02:02 03:03 04:04 05:05"


def test_a_published_order_is_not_moved_by_hand(db, final, round_, account):
    arrange(db, final, round_, account, "03 01 05 02 04")
    for _ in range(2):
        published = ordering.publish(db, final, round_=round_, by=DESK, now=NOW)
    assert (published.published_at, actions(db, final).count("order_changed")) == (NOW, 2)
    with pytest.raises(OrderFixed) as refused:
        arrange(db, final, round_, account, "01 02 03 04 05")
    assert refused.value.args_ == {"why": "published"}


def test_an_order_that_nobody_laid_is_not_published(db, final, round_):
    with pytest.raises(NobodyTakesPart):
        ordering.publish(db, final, round_=round_, by=DESK, now=NOW)


def test_a_withdrawal_keeps_the_gap_and_is_taken_back(db, final, round_):
    one = running(db, final)[1]
    absences.withdraw(db, final, round_=round_, entry=one.entry, **WHY)
    assert shown(db, final) == "01:01 02:02 03:03 04:04 05:05"
    assert (showing.is_out(db, one), list(ordering.withdrawn(db, final, round_))) == (True, [one.entry_id])
    with pytest.raises(AlreadyWithdrawn):
        absences.withdraw(db, final, round_=round_, entry=one.entry, **WHY)
    with pytest.raises(AlreadyWithdrawn):
        absences.to_end(db, final, appearance=one, **WHY)
    absences.reinstate(db, final, round_=round_, entry=one.entry, **WHY)
    assert (showing.is_out(db, one), actions(db, final)[-2:]) == (False, ["ruled", "ruling_cancelled"])
    with pytest.raises(NotFound):
        absences.reinstate(db, final, round_=round_, entry=one.entry, **WHY)


def test_who_was_not_there_comes_last_under_the_same_number(db, final):
    one = running(db, final)[1]
    one.status = AppearanceStatus.STANDBY
    absences.to_end(db, final, appearance=one, **WHY)
    assert shown(db, final) == "01:01 03:03 04:04 05:05 02:02"
    assert one.status is AppearanceStatus.WAITING
    absences.to_end(db, final, appearance=one, **WHY)
    assert actions(db, final).count("order_changed") == 1


def test_a_late_entry_gets_the_next_number_at_the_end(db, final, round_):
    absences.to_end(db, final, appearance=running(db, final)[4], **WHY)
    late = absences.add_late(db, final, round_=round_, entry=add_entry(db, final), **WHY)
    assert (late.number, shown(db, final)) == ("06", "01:01 02:02 03:03 04:04 05:05 06:99")
    with pytest.raises(AlreadyInRound):
        absences.add_late(db, final, round_=round_, entry=late.entry, **WHY)


def test_a_late_entry_needs_an_order_to_come_after(db):
    empty = add_contest(db, slug="none", entries=0, state=RoundState.DRAFT)
    with pytest.raises(NobodyTakesPart):
        absences.add_late(
            db, empty, round_=queries.round_of(db, empty, "final"), entry=add_entry(db, empty), **WHY
        )


def test_nothing_changes_for_who_is_or_was_on_stage(db, final, round_):
    round_.state = RoundState.JUDGING
    one, two, *_rest = running(db, final)
    showing.call(db, final, appearance=one, now=NOW)
    showing.call(db, final, appearance=two, now=NOW)
    for each in (one, two):
        with pytest.raises(OrderFixed) as refused:
            absences.withdraw(db, final, round_=round_, entry=each.entry, **WHY)
        assert refused.value.args_ == {"why": "on_stage", "number": each.number}
        with pytest.raises(OrderFixed):
            absences.to_end(db, final, appearance=each, **WHY)


def test_every_change_needs_a_reason_and_a_round_that_still_runs(db, final, round_):
    one, entry = running(db, final)[0], add_entry(db, final)
    acts = (
        lambda **why: absences.withdraw(db, final, round_=round_, entry=one.entry, **why),
        lambda **why: absences.reinstate(db, final, round_=round_, entry=one.entry, **why),
        lambda **why: absences.to_end(db, final, appearance=one, **why),
        lambda **why: absences.add_late(db, final, round_=round_, entry=entry, **why),
    )
    for act in acts:
        with pytest.raises(ReasonMissing):
            act(**(WHY | {"reason": " "}))
    round_.state = RoundState.LOCKED
    for act in acts:
        with pytest.raises(RoundNotJudging):
            act(**WHY)
    assert shown(db, final) == "01:01 02:02 03:03 04:04 05:05"


def test_a_break_stands_once_after_a_place(db, final, round_):
    made = ordering.add_break(db, final, round_=round_, after=3, title=" 茶歇 ", minutes=15)
    assert (made.title, made.minutes) == ("茶歇", 15)
    with pytest.raises(BreakTaken):
        ordering.add_break(db, final, round_=round_, after=3, title="午休", minutes=None)
    for wrong in ({"after": 0}, {"after": 6}, {"minutes": 0}):
        with pytest.raises(Malformed):
            ordering.add_break(db, final, round_=round_, **({"after": 2, "title": "x", "minutes": 5} | wrong))
    with pytest.raises(TextRefused):
        ordering.add_break(db, final, round_=round_, after=2, title=" ", minutes=5)
    for _ in range(2):
        ordering.remove_break(db, final, round_=round_, public_id=made.public_id)
    assert db.scalars(select(Break)).all() == []
