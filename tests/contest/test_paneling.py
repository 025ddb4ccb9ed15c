"""Judges on their seats: added, renamed, removed, replaced from a number on, absent for a whole round."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import facts, paneling, queries
from contest.errors import NotFound, ReasonMissing, RoundNotJudging, TextRefused
from contest.ledger import SYSTEM
from contest.models import Action, LedgerRow, Panel, Round, RoundState, RulingKind, Seat, Sheet, Sitting
from contest.refusals import JudgeHasMarked, SeatInUse, SubstituteMisplaced
from contest.rules import compute
from tests.builders import NOW, _submit


def seat(db, contest, number):
    return db.scalars(
        select(Seat).join(Panel).where(Panel.contest_id == contest.id, Seat.number == number)
    ).one()  # fmt: skip


def final(db, contest):
    return queries.round_of(db, contest, "final")


def mark(db, contest, position, number):
    """Let the seat's judge submit a sheet for the appearance at this position."""
    appearance = queries.appearances_in_order(db, final(db, contest))[position - 1]
    sitting = next(s for s in queries.sittings_for(db, appearance) if s.seat.number == number)
    _submit(db, contest, appearance, sitting, "27.00")
    return appearance


def actions(db, contest):
    return [row.action for row in db.scalars(select(LedgerRow).where(LedgerRow.contest_id == contest.id))]


def judges_of(db, contest):
    """Who sits for each appearance, by name code."""
    return [
        [sitting.code for sitting in queries.sittings_for(db, each)]
        for each in queries.appearances_in_order(db, final(db, contest))
    ]


def test_a_new_judge_sits_on_the_next_seat_and_the_ledger_says_so(db, contest):
    panel = paneling.panel_of(db, contest, None)
    made = paneling.add_judge(db, contest, panel=panel, name=" 陶望 ", by=SYSTEM, now=NOW)
    assert (made.seat.number, made.code, made.person.name) == (4, "J4", "陶望")
    assert actions(db, contest)[-1] is Action.PANEL_CHANGED
    with pytest.raises(TextRefused):
        paneling.add_judge(db, contest, panel=panel, name=" ", by=SYSTEM, now=NOW)


def test_names_one_per_line_rename_add_and_remove(db, contest):
    paneling.seat_judges(db, contest, names=["甲", "乙", "丙", "丁"], by=SYSTEM, now=NOW)
    panel = paneling.panel_of(db, contest, None)
    db.expire_all()
    assert [each.sittings[0].person.name for each in panel.seats] == ["甲", "乙", "丙", "丁"]
    paneling.seat_judges(db, contest, names=["甲"], by=SYSTEM, now=NOW)
    db.expire_all()
    assert [each.sittings[0].person.name for each in panel.seats] == ["甲"]


def test_a_seat_that_has_marked_stays(db, contest):
    mark(db, contest, 1, 2)
    with pytest.raises(SeatInUse):
        paneling.remove_seat(db, contest, seat=seat(db, contest, 2), by=SYSTEM, now=NOW)
    paneling.remove_seat(db, contest, seat=seat(db, contest, 3), by=SYSTEM, now=NOW)
    assert judges_of(db, contest)[0] == ["J1", "J2"]


def test_a_substitute_judges_from_a_number_on_and_the_result_has_one_mark_of_the_seat_each(db, contest):
    mark(db, contest, 1, 2)
    made = paneling.substitute(
        db, contest, seat=seat(db, contest, 2), round_=final(db, contest), first=2, name="陶望之", by=SYSTEM, now=NOW
    )
    assert made.code == "J2b"
    assert judges_of(db, contest) == [["J1", "J2", "J3"], ["J1", "J2b", "J3"], ["J1", "J2b", "J3"]]
    third = paneling.substitute(
        db, contest, seat=seat(db, contest, 2), round_=final(db, contest), first=3, name="罗星", by=SYSTEM, now=NOW
    )
    assert third.code == "J2c"
    assert [each[1] for each in judges_of(db, contest)] == ["J2", "J2b", "J2c"]
    compute(queries.rules_of(queries.rule_version(db, contest)), facts.read(db, contest))


@pytest.mark.parametrize("first", [1, 0])
def test_a_substitute_cannot_begin_before_the_judge_has(db, contest, first):
    with pytest.raises(SubstituteMisplaced):
        paneling.substitute(
            db, contest, seat=seat(db, contest, 2), round_=final(db, contest), first=first, name="某", by=SYSTEM,
            now=NOW,
        )


def test_a_substitute_does_not_take_over_what_is_marked(db, contest):
    mark(db, contest, 2, 2)
    with pytest.raises(JudgeHasMarked):
        paneling.substitute(
            db, contest, seat=seat(db, contest, 2), round_=final(db, contest), first=2, name="某", by=SYSTEM, now=NOW
        )


def test_a_substitute_stays_in_later_rounds_and_not_in_earlier_ones(db, contest):
    rounds = [Round(contest_id=contest.id, code=code, position=at) for code, at in (("before", 0), ("after", 9))]
    db.add_all(rounds)
    db.flush()
    made = paneling.substitute(
        db, contest, seat=seat(db, contest, 2), round_=final(db, contest), first=2, name="某", by=SYSTEM, now=NOW
    )
    before = made.seat.sittings[0]
    assert {span.round.code: (span.first, span.last) for span in before.spans} == {
        "before": (None, None), "final": (None, 1),
    }  # fmt: skip
    assert {span.round.code: (span.first, span.last) for span in made.spans} == {
        "final": (2, None), "after": (None, None),
    }  # fmt: skip


def test_an_absence_is_noted_once_and_can_be_cancelled(db, contest):
    judge, round_ = seat(db, contest, 1).sittings[0], final(db, contest)
    with pytest.raises(ReasonMissing):
        paneling.note_absent(db, contest, sitting=judge, round_=round_, reason=" ", by=SYSTEM, now=NOW)
    noted = paneling.note_absent(db, contest, sitting=judge, round_=round_, reason="生病", by=SYSTEM, now=NOW)
    again = paneling.note_absent(db, contest, sitting=judge, round_=round_, reason="生病", by=SYSTEM, now=NOW)
    assert (noted.kind, again.id, len(paneling.absences(db, contest))) == (RulingKind.ABSENT, noted.id, 1)
    paneling.cancel_absence(db, contest, public_id=noted.public_id, by=SYSTEM, now=NOW)
    assert paneling.absences(db, contest) == []
    assert actions(db, contest)[-2:] == [Action.RULED, Action.RULING_CANCELLED]
    with pytest.raises(NotFound):
        paneling.cancel_absence(db, contest, public_id=noted.public_id, by=SYSTEM, now=NOW)


def test_who_has_marked_is_not_absent(db, contest):
    mark(db, contest, 3, 1)
    with pytest.raises(JudgeHasMarked):
        paneling.note_absent(
            db, contest, sitting=seat(db, contest, 1).sittings[0], round_=final(db, contest), reason="生病", by=SYSTEM,
            now=NOW,
        )  # fmt: skip


def test_a_sealed_round_takes_no_change(db, contest):
    final(db, contest).state = RoundState.SEALED
    judge = seat(db, contest, 1)
    for act in (
        lambda: paneling.note_absent(
            db, contest, sitting=judge.sittings[0], round_=final(db, contest), reason="生病", by=SYSTEM, now=NOW
        ),
        lambda: paneling.substitute(
            db, contest, seat=judge, round_=final(db, contest), first=2, name="某", by=SYSTEM, now=NOW
        ),
    ):
        with pytest.raises(RoundNotJudging):
            act()
    assert db.scalars(select(Sheet)).all() == []
    assert len(db.scalars(select(Sitting)).all()) == 3
