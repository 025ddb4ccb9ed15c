"""A seat off the panel: for one appearance or from now on, back again, and what the rule then makes of six judges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest import excusing, facts, queries, showing
from contest.errors import AlreadyReleased, Malformed, NotFound, ReasonMissing, SheetsMissing
from contest.ledger import Actor
from contest.models import RulingKind
from contest.rules import compute
from tests.builders import NOW, add_contest, later
from tests.tablets import MARKS, actions, running, sit

CHIEF = Actor("account:chief", "web")


@pytest.fixture
def seven(db):
    """A final of three entries before seven judges."""
    return add_contest(db, slug="seven", judges=7)


@pytest.fixture
def three(db, seven):
    return running(db, seven)


def seat(db, appearance, number):
    return next(s.seat.public_id for s in queries.sittings_for(db, appearance) if s.seat.number == number)


def excuse(db, contest, appearance, number=6, *, kind=RulingKind.ABSENT, reason="突发不适", onwards=False):
    return excusing.excuse(
        db, contest, appearance=appearance, seat=seat(db, appearance, number), kind=kind, reason=reason,
        onwards=onwards, by=CHIEF, now=NOW,
    )


def judge(db, contest, appearance, *without):
    totals = {1: "30.00", 2: "28.00", 3: "27.00", 4: "26.00", 5: "25.00", 6: "24.00", 7: "20.00"}
    for number, content in totals.items():
        if number not in without:
            assert sit(db, contest, number).submit(appearance, marks=MARKS | {"content": content})["result"]


def test_six_judges_score_by_the_same_drops_as_seven(db, seven, three):
    one = three[0]
    judge(db, seven, one, 6)
    with pytest.raises(SheetsMissing):
        showing.release(db, seven, appearance=one, by=CHIEF, now=NOW)
    excuse(db, seven, one)
    assert showing.release(db, seven, appearance=one, by=CHIEF, now=NOW).is_released
    rules = queries.rules_of(queries.rule_version(db, seven))
    outcome = compute(rules, facts.read(db, seven, appearances={one.id}))
    # Without the highest 89.75 and the lowest 79.75: (87.75 + 86.75 + 85.75 + 84.75) / 4.
    assert outcome.rounds["final"].scores["01"].score == Decimal("86.25")
    standing = next(each for each in outcome.rounds["final"].standings if each.entry == "01")
    assert [step.code for step in standing.steps][:2] == ["absent", "reduced_panel"]


def test_five_judges_still_score_and_four_are_too_few(db, seven, three):
    one = three[0]
    judge(db, seven, one, 5, 6, 7)
    scores = []
    for number in (6, 7, 5):
        excuse(db, seven, one, number)
        rules = queries.rules_of(queries.rule_version(db, seven))
        outcome = compute(rules, facts.read(db, seven, appearances={one.id})).rounds["final"]
        scores.append(next(each.status for each in outcome.standings if each.entry == "01"))
    assert scores == ["incomplete", "incomplete", "too_few_marks"]


def test_from_now_on_leaves_those_before_as_they_are(db, seven, three):
    excuse(db, seven, three[1], onwards=True)
    assert [6 in showing.missing_seats(db, each) for each in three] == [True, False, False]
    assert excuse(db, seven, three[1], onwards=True) == [], "once is enough"
    excusing.take_back(db, seven, appearance=three[2], seat=seat(db, three[2], 6), onwards=True, by=CHIEF, now=later(1))
    assert [6 in showing.missing_seats(db, each) for each in three] == [True, False, True]
    assert actions(db, seven)[-2:] == ["ruled", "ruling_cancelled"]


def test_a_seat_comes_back_for_one_appearance(db, seven, three):
    excuse(db, seven, three[0], kind=RulingKind.RECUSED)
    assert 6 not in showing.missing_seats(db, three[0])
    for _ in range(2):
        excusing.take_back(db, seven, appearance=three[0], seat=seat(db, three[0], 6), onwards=False, by=CHIEF, now=NOW)
    assert 6 in showing.missing_seats(db, three[0])
    assert actions(db, seven).count("ruling_cancelled") == 1


def test_a_seat_is_not_taken_off_without_a_reason_or_after_the_release(db, seven, three):
    with pytest.raises(ReasonMissing):
        excuse(db, seven, three[0], reason=" ")
    with pytest.raises(Malformed):
        excuse(db, seven, three[0], kind=RulingKind.ZERO)
    with pytest.raises(NotFound):
        excusing.excuse(db, seven, appearance=three[0], seat="unknown", kind=RulingKind.ABSENT, reason="x",
                        onwards=False, by=CHIEF, now=NOW)  # fmt: skip
    judge(db, seven, three[0])
    showing.release(db, seven, appearance=three[0], by=CHIEF, now=NOW)
    with pytest.raises(AlreadyReleased):
        excuse(db, seven, three[0])
