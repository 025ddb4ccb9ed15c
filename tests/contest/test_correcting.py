"""What the chief judge mends: sheets given back, and stray messages that count after all or are set aside."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from contest import correcting, queries, seating, showing
from contest.errors import (
    AlreadyReleased,
    NotFound,
    ReasonMissing,
    RoundNotJudging,
    SheetNotSubmitted,
    StrayUnusable,
)  # fmt: skip
from contest.ledger import SYSTEM, Actor
from contest.models import Contest, LedgerRow, Message, MessageResult, RoundState, StrayDecision
from tests.builders import NOW, later
from tests.tablets import MARKS, actions, running, sheets, sit, submit_all

CHIEF = Actor("account:chief")


def give_back(db: Session, contest: Contest, appearance, seat, reason="漏评一项"):
    return correcting.return_sheet(
        db, contest, appearance=appearance, seat=seat, reason=reason, by=CHIEF, now=later(60)
    )


def decide(db: Session, contest: Contest, message: Message, accept=True, reason="评委确认"):
    return correcting.decide_stray(
        db, contest, message_id=correcting.stray_id(message), accept=accept, reason=reason, by=CHIEF, now=later(60)
    )


def the_stray(db: Session) -> Message:
    return db.scalars(select(Message).where(Message.result == MessageResult.STRAY)).one()


def newest(db: Session, contest: Contest) -> dict:
    statement = select(LedgerRow.payload).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq.desc())
    return json.loads(db.scalar(statement.limit(1)))


def test_a_returned_sheet_is_the_judges_again_and_the_ledger_says_why(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    sheet = give_back(db, contest, first, tablet.sitting.seat.public_id)
    assert sheets(db, first) == {"J1": ("returned", 2, MARKS)}
    assert sheet.returned_reason == "漏评一项"
    assert actions(db, contest)[-1] == "sheet_returned"
    assert newest(db, contest) == {"sitting": tablet.sitting.public_id, "version": 2, "reason": "漏评一项"}


def test_a_late_copy_of_a_returned_sheet_becomes_a_stray_and_the_next_one_counts(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    give_back(db, contest, first, tablet.sitting.seat.public_id)
    assert tablet.submit(first, base=1)["result"] == "stray"
    assert tablet.submit(first, base=2, marks=MARKS | {"content": "20.00"})["result"] == "submitted"
    assert sheets(db, first) == {"J1": ("submitted", 3, MARKS | {"content": "20.00"})}


def test_a_sheet_is_returned_only_with_a_reason(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    with pytest.raises(ReasonMissing):
        give_back(db, contest, first, tablet.sitting.seat.public_id, reason="  ")
    assert sheets(db, first)["J1"][0] == "submitted"


def test_what_is_not_submitted_cannot_be_returned_nor_returned_twice(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    seat = tablet.sitting.seat.public_id
    for before in (lambda: None, lambda: tablet.save(first)):
        before()
        with pytest.raises(SheetNotSubmitted):
            give_back(db, contest, first, seat)
    tablet.submit(first, base=1)
    give_back(db, contest, first, seat)
    with pytest.raises(SheetNotSubmitted):
        give_back(db, contest, first, seat)
    with pytest.raises(SheetNotSubmitted):
        give_back(db, contest, first, "another seat")


def test_after_the_release_or_outside_judging_no_sheet_is_returned(db, contest):
    first = running(db, contest)[0]
    submit_all(db, contest, first)
    seat = queries.sittings_for(db, first)[0].seat.public_id
    showing.release(db, contest, appearance=first, by=SYSTEM, now=NOW)
    with pytest.raises(AlreadyReleased):
        give_back(db, contest, first, seat)
    first.round.state = RoundState.LOCKED
    with pytest.raises(RoundNotJudging):
        give_back(db, contest, first, seat)


def test_an_accepted_stray_becomes_the_newest_version_with_a_correction_that_names_it(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    tablet.submit(first, base=0, marks=MARKS | {"content": "21.00"})
    stray = decide(db, contest, the_stray(db))
    assert sheets(db, first) == {"J1": ("submitted", 2, MARKS | {"content": "21.00"})}
    assert (stray.decision, stray.decided_at) == (StrayDecision.ACCEPTED, later(60))
    assert actions(db, contest)[-2:] == ["sheet_corrected", "stray_decided"]
    correction = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).offset(1).limit(1)).one()
    assert json.loads(correction.payload) == {
        "sitting": tablet.sitting.public_id, "attempt": 1, "kind": "mark", "version": 2, "rules": 1,
        "marks": MARKS | {"content": "21.00"}, "message": stray.uid, "reason": "评委确认", "submits": 1,
    }  # fmt: skip
    assert queries.sheets_of(db, first)[tablet.sitting.id].ledger_seq == correction.seq


def test_an_accepted_stray_makes_the_sheet_where_there_was_none(db, contest):
    first = running(db, contest)[0]
    first.round.state = RoundState.LOCKED
    sit(db, contest, 1).submit(first)
    assert sheets(db, first) == {}
    first.round.state = RoundState.JUDGING
    decide(db, contest, the_stray(db))
    assert sheets(db, first) == {"J1": ("submitted", 1, MARKS)}


def test_a_draft_that_is_accepted_stays_a_draft(db, contest):
    first = running(db, contest)[0]
    first.round.state = RoundState.LOCKED
    sit(db, contest, 1).save(first, marks={"content": "20.00"})
    first.round.state = RoundState.JUDGING
    decide(db, contest, the_stray(db))
    assert sheets(db, first) == {"J1": ("draft", 1, {"content": "20.00"})}


def test_a_stray_that_is_set_aside_changes_no_sheet(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    tablet.submit(first, base=0, marks=MARKS | {"content": "21.00"})
    stray = decide(db, contest, the_stray(db), accept=False, reason="误触")
    assert stray.decision is StrayDecision.SET_ASIDE
    assert sheets(db, first) == {"J1": ("submitted", 1, MARKS)}
    assert actions(db, contest)[-1] == "stray_decided"
    assert newest(db, contest) == {
        "message": stray.uid, "sitting": tablet.sitting.public_id, "decision": "set_aside", "reason": "误触"
    }


def test_a_decision_is_made_once(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    tablet.submit(first, base=0, marks=MARKS | {"content": "21.00"})
    stray = the_stray(db)
    decide(db, contest, stray, accept=False)
    rows = len(actions(db, contest))
    assert decide(db, contest, stray, accept=True).decision is StrayDecision.SET_ASIDE
    assert (len(actions(db, contest)), sheets(db, first)) == (rows, {"J1": ("submitted", 1, MARKS)})


def test_a_decision_needs_a_reason(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    tablet.submit(first, base=0)
    with pytest.raises(ReasonMissing):
        decide(db, contest, the_stray(db), reason="")


def test_a_stray_cannot_count_once_the_score_is_out_or_the_round_is_locked_but_can_be_set_aside(db, contest):
    first = running(db, contest)[0]
    submit_all(db, contest, first)
    sit(db, contest, 1).submit(first, base=0)
    stray = the_stray(db)
    showing.release(db, contest, appearance=first, by=SYSTEM, now=NOW)
    with pytest.raises(AlreadyReleased):
        decide(db, contest, stray)
    first.round.state = RoundState.LOCKED
    with pytest.raises(RoundNotJudging):
        decide(db, contest, stray)
    assert decide(db, contest, stray, accept=False).decision is StrayDecision.SET_ASIDE


@pytest.mark.parametrize("marks, why", [
    ({"content": "27.50"}, "incomplete"), (MARKS | {"content": "99"}, "above_max"),
    (MARKS | {"content": "NaN"}, "not_a_number"), (MARKS | {"style": "1"}, "criterion_unknown"),
])  # fmt: skip
def test_a_revoked_cards_stray_is_checked_before_it_counts(db, contest, marks, why):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    seating.revoke_card(db, contest, seat=tablet.sitting.seat, by=SYSTEM, now=NOW)
    tablet.submit(first, marks=marks)
    with pytest.raises(StrayUnusable) as refused:
        decide(db, contest, the_stray(db))
    assert refused.value.args_ == {"why": why}
    assert sheets(db, first) == {}


def test_a_draft_may_not_make_a_submitted_sheet_incomplete(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    tablet.save(first, base=0, marks={"content": "20.00"})
    with pytest.raises(StrayUnusable):
        decide(db, contest, the_stray(db))
    assert sheets(db, first) == {"J1": ("submitted", 1, MARKS)}


def test_only_strays_of_this_contest_can_be_decided(db, contest):
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    tablet.submit(first)
    applied = db.scalars(select(Message)).one()
    for unknown in (correcting.stray_id(applied), "nothing", f"{tablet.sitting.public_id}.nothing"):
        with pytest.raises(NotFound):
            correcting.decide_stray(
                db, contest, message_id=unknown, accept=True, reason="x", by=CHIEF, now=NOW
            )
