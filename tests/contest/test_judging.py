"""The rules of the tablet's message: applied once, in each lease's own order, never over what it has not seen."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contest import correcting, entering, queries, sealing, showing
from contest.ledger import SYSTEM, Actor
from contest.models import Action, LedgerRow, Message, RoundState, Sheet
from contest.rules import read_rules
from tests.builders import NOW, RULES, add_contest, later
from tests.tablets import MARKS, actions, running, sheets, sit, submit_all

CHIEF = Actor("account:chief", "web")


@pytest.fixture
def tablet(db, contest):
    return sit(db, contest, 1)


@pytest.fixture
def first(db, contest):
    return running(db, contest)[0]


def counted(db: Session) -> tuple[int, int, int]:
    """How many sheets, messages and ledger rows there are."""
    sheets_, messages, rows = (db.scalar(select(func.count()).select_from(t)) or 0 for t in (Sheet, Message, LedgerRow))
    return sheets_, messages, rows


def test_a_submitted_sheet_is_in_the_ledger_whole_and_with_its_rule_version(db, contest, tablet, first):
    answer = tablet.submit(first, note="不进台账")
    row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED)).one()
    assert answer["ledger"] == {"seq": row.seq, "hash": row.hash} == answer["current"]["ledger"]
    assert (row.actor, row.device) == (f"sitting:{tablet.sitting.public_id}", f"lease:{tablet.lease_id}")
    assert (row.subject, row.at) == (f"appearance:{first.public_id}", NOW)
    assert json.loads(row.payload or "") == {
        "attempt": 1, "kind": "mark", "marks": MARKS, "rules": 1, "sitting": tablet.sitting.public_id, "version": 1,
    }  # fmt: skip
    assert sheets(db, first) == {"J1": ("submitted", 1, MARKS)}


def test_a_draft_is_stored_but_is_no_ledger_row(db, contest, tablet, first):
    before = actions(db, contest)
    tablet.save(first)
    assert actions(db, contest) == before


@pytest.mark.parametrize("kind", ["save", "submit"])
def test_the_same_id_again_gets_the_same_bytes_and_changes_nothing(db, tablet, first, kind):
    message = tablet.message(first, kind)
    answer = tablet.raw(message)
    before = counted(db)
    assert tablet.raw(message, now=later(60)) == answer
    assert tablet.raw(message | {"marks": {"content": "1"}, "n": 99, "kind": "save"}) == answer
    assert counted(db) == before
    assert sheets(db, first)["J1"][1:] == (1, MARKS)


def test_the_same_id_twice_in_one_batch_is_applied_once(db, tablet, first):
    message = tablet.message(first, "submit")
    one, two = tablet.raw(message, message)
    assert one == two
    assert sheets(db, first)["J1"] == ("submitted", 1, MARKS)


@pytest.mark.parametrize("junk", [{"kind": "?"}, {"entry": "99"}, {"marks": {"content": "31"}}])
def test_a_refusal_is_remembered_like_any_other_answer(db, tablet, first, junk):
    message = tablet.message(first, **junk)
    assert tablet.raw(message) == tablet.raw(message | {"kind": "save", "entry": "01", "marks": MARKS})
    assert sheets(db, first) == {}


def test_the_same_id_again_after_later_changes_still_gets_its_first_answer(db, contest, tablet, first):
    message = tablet.message(first, "submit")
    answer = tablet.raw(message)
    correcting.return_sheet(
        db, contest, appearance=first, seat=tablet.sitting.seat.public_id, reason="看错一行", by=CHIEF, now=NOW
    )
    tablet.save(first, base=2, marks={"content": "1.00"})
    assert tablet.raw(message) == answer
    assert sheets(db, first)["J1"] == ("returned", 3, {"content": "1.00"})


def test_messages_of_one_lease_are_applied_in_the_order_of_n_even_when_they_come_out_of_order(db, tablet, first):
    older, newer = tablet.message(first, marks={"content": "1"}), tablet.message(first, marks={"content": "2"})
    assert [answer["result"] for answer in tablet.send(newer, older)] == ["saved", "superseded"]
    assert sheets(db, first)["J1"] == ("draft", 1, {"content": "2"})


def test_a_superseded_message_is_answered_with_the_sheet_as_it_stands(tablet, first):
    older = tablet.message(first, marks={"content": "1"})
    tablet.submit(first)
    answer = tablet.send(older)[0]
    assert (answer["result"], answer["reason"], answer["ledger"]) == ("superseded", None, None)
    assert (answer["current"]["state"], answer["current"]["marks"]) == ("submitted", MARKS)


def test_the_order_of_n_matters_within_a_sheet_only(db, contest, tablet):
    one, two, _three = running(db, contest)
    earlier, later_ = tablet.message(one), tablet.message(two)
    assert [answer["result"] for answer in tablet.send(later_, earlier)] == ["saved", "saved"]


def test_a_whole_outbox_in_one_batch_with_a_base_from_before_it_is_applied(db, tablet, first):
    answers = tablet.send(tablet.message(first), tablet.message(first), tablet.message(first, "submit"))
    done = [(answer["result"], answer["version"]) for answer in answers]
    assert done == [("saved", 1), ("saved", 2), ("submitted", 3)]


def test_after_submitting_the_judge_cannot_change_the_sheet(db, contest, tablet, first):
    tablet.submit(first)
    for kind in ("save", "submit"):
        answer = tablet.send(tablet.message(first, kind, base=1, marks=MARKS | {"content": "1"}))[0]
        assert (answer["result"], answer["reason"]) == ("stray", {"code": "sheet_locked", "args": {}})
    assert sheets(db, first)["J1"] == ("submitted", 1, MARKS)
    assert actions(db, contest)[-2:] == ["message_strayed", "message_strayed"]


def test_a_stray_is_kept_whole_and_in_the_ledger(db, tablet, first):
    tablet.submit(first)
    message = tablet.message(first, "submit", base=1, marks=MARKS | {"content": "1"})
    tablet.send(message)
    kept = db.scalars(select(Message).where(Message.uid == message["id"])).one()
    row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.MESSAGE_STRAYED)).one()
    assert (json.loads(kept.body), kept.result.value, kept.decision) == (message, "stray", None)
    assert json.loads(row.payload or "") == {
        "marks": MARKS | {"content": "1"}, "message": message["id"], "reason": "sheet_locked", "submits": 1,
    }  # fmt: skip


def test_what_others_changed_must_have_been_seen(db, contest, first):
    one, two = sit(db, contest, 1), sit(db, contest, 1)
    one.save(first, marks={"content": "1"})
    assert two.save(first, base=1, marks={"content": "2"})["result"] == "saved"
    late = one.save(first, base=1, marks={"content": "3"})
    assert (late["result"], late["reason"]["code"], late["current"]["marks"]) == (
        "stray", "newer_version", {"content": "2"},
    )  # fmt: skip
    assert one.save(first, base=2, marks={"content": "4"})["result"] == "saved"
    assert two.save(first, base=2, marks={"content": "5"})["result"] == "stray"
    assert sheets(db, first)["J1"] == ("draft", 3, {"content": "4"})


def test_an_old_tablet_may_flush_the_sheets_that_the_new_one_has_not_touched(db, contest):
    one, two, three = running(db, contest)
    old, new = sit(db, contest, 2), sit(db, contest, 2)
    waiting = [old.message(each, "submit") for each in (one, two, three)]
    new.save(two, marks={"content": "5"})
    assert [a["result"] for a in old.send(*waiting)] == ["submitted", "stray", "submitted"]
    assert sheets(db, two)["J2"] == ("draft", 1, {"content": "5"})


def test_a_message_of_the_own_lease_needs_no_newer_base(db, tablet, first):
    assert [tablet.save(first, base=0)["version"] for _ in range(4)] == [1, 2, 3, 4]


def test_a_return_raises_the_version_so_late_copies_become_strays(db, contest, tablet, first):
    tablet.submit(first)
    late = tablet.message(first, "submit", base=1, marks=MARKS | {"content": "1"})
    seat = tablet.sitting.seat.public_id
    correcting.return_sheet(db, contest, appearance=first, seat=seat, reason="漏看一项", by=CHIEF, now=NOW)
    assert sheets(db, first)["J1"] == ("returned", 2, MARKS)
    assert tablet.send(late)[0]["reason"]["code"] == "newer_version"
    again = tablet.submit(first, base=2, marks=MARKS | {"content": "20"})
    assert (again["result"], again["version"], again["current"]["reason"]) == ("submitted", 3, None)


def test_an_accepted_stray_raises_the_version_so_late_copies_become_strays(db, contest, tablet, first):
    tablet.submit(first)
    stray = tablet.message(first, "submit", base=1, marks=MARKS | {"content": "20.00"})
    late = tablet.message(first, "submit", base=1, marks=MARKS | {"content": "10.00"})
    tablet.send(stray)
    name = f"{tablet.sitting.public_id}.{stray['id']}"
    correcting.decide_stray(db, contest, message_id=name, accept=True, reason="评委确认", by=CHIEF, now=NOW)
    assert sheets(db, first)["J1"] == ("submitted", 2, MARKS | {"content": "20.00"})
    assert tablet.send(late)[0]["result"] == "stray"
    assert sheets(db, first)["J1"] == ("submitted", 2, MARKS | {"content": "20.00"})


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.DRAFT, RoundState.LOCKED, RoundState.SEALED])
def test_a_mark_outside_judging_is_kept_as_a_stray(db, contest, tablet, first, state):
    first.round.state = state
    answer = tablet.submit(first)
    assert (answer["result"], answer["reason"]) == ("stray", {"code": "round_closed", "args": {}})
    assert sheets(db, first) == {}


def test_a_draft_of_a_closed_round_strays_and_a_mark_above_the_maximum_is_refused_even_then(db, contest, tablet, first):
    sealing.move(db, contest, round_=first.round, to=RoundState.LOCKED, by=SYSTEM, now=NOW)
    assert tablet.save(first)["reason"]["code"] == "round_closed"
    assert tablet.save(first, marks={"content": "31"})["reason"]["code"] == "above_max"


def test_release_locks_the_sheets(db, contest, first):
    submit_all(db, contest, first)
    tablet = sit(db, contest, 1)
    showing.release(db, contest, appearance=first, by=CHIEF, now=NOW)
    assert sheets(db, first)["J1"] == ("locked", 1, MARKS)
    assert tablet.save(first, base=1, marks={"content": "1"})["reason"]["code"] == "sheet_locked"


def test_a_released_appearance_takes_no_first_sheet_either(db):
    contest = add_contest(db, slug="other", rules=RULES.replace(b'"incomplete"', b'"leave_out"'))
    one = running(db, contest)[0]
    one.visibility, one.released_at = showing.Visibility.RELEASED, NOW
    assert sit(db, contest, 1).submit(one)["reason"]["code"] == "sheet_locked"


@pytest.mark.parametrize("change, result", [
    ((b"min_marks = 5", b"min_marks = 3"), "submitted"), ((b"drop_high = 1", b"drop_high = 2"), "submitted"),
    ((b"max = 30\nstep = 0.01\nband_step = 0.5\nbands", b"max = 40\nstep = 0.01\nband_step = 0.5\nbands"), "stray"),
    ((b"step = 0.01", b"step = 0.25"), "stray"),
])  # fmt: skip
def test_an_older_rule_version_counts_while_it_asks_for_the_same_sheet(db, contest, tablet, first, change, result):
    rules = read_rules(RULES.replace(*change))
    entering.adopt_rules(db, contest, rules=rules, by=SYSTEM, now=NOW)
    answer = tablet.submit(first, rules=1)
    assert (answer["result"], (answer["reason"] or {}).get("code")) == (
        result, "rules_changed" if result == "stray" else None,
    )  # fmt: skip
    assert queries.rule_version(db, contest).number == 2


def test_marks_that_only_the_older_rules_allowed_are_kept_as_strays_not_refused(db, contest, tablet, first):
    entering.adopt_rules(db, contest, rules=read_rules(RULES.replace(b"max = 30", b"max = 28")), by=SYSTEM, now=NOW)
    marks = MARKS | {"content": "29.00"}
    assert tablet.submit(first, rules=1, marks=marks)["reason"]["code"] == "rules_changed"
    assert tablet.submit(first, rules=1, marks=MARKS | {"content": "30.01"})["reason"]["code"] == "above_max"
    assert tablet.submit(first, rules=2, marks=marks)["reason"]["code"] == "above_max"


def test_a_rule_version_that_never_was_makes_a_stray(tablet, first):
    assert tablet.submit(first, rules=9)["reason"]["code"] == "rules_changed"


def test_a_sheet_confirmed_before_a_restore_waits_for_the_chief_judge_who_lets_it_count(db, contest, tablet, first):
    offered = tablet.submit(first, epoch="the life before the copy")
    assert (offered["result"], offered["reason"]["code"], sheets(db, first)) == ("stray", "restored", {})
    stray = db.scalars(select(Message)).one()
    correcting.decide_stray(
        db, contest, message_id=correcting.stray_id(stray), accept=True, reason="备份", by=SYSTEM, now=NOW
    )
    assert sheets(db, first)["J1"] == ("submitted", 1, MARKS)
    # A second life's sheet waits too, also where the copy has one already: the judge may have put it right since.
    assert tablet.submit(first, epoch="another life")["reason"]["code"] == "restored"
    assert tablet.submit(first, epoch=contest.epoch)["reason"]["code"] == "sheet_locked"


def test_a_sheet_of_this_life_of_the_server_counts_at_once(db, contest, tablet, first):
    assert tablet.submit(first, epoch=contest.epoch)["result"] == "submitted"


@pytest.mark.parametrize("epoch", ["", 1, [], "x" * 65])
def test_an_epoch_that_is_none_is_malformed(tablet, first, epoch):
    assert tablet.submit(first, epoch=epoch)["reason"] == {"code": "malformed", "args": {"what": "epoch"}}
