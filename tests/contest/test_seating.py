"""Cards, leases and substitutions: who may write on whose sheet, and what becomes of what a revoked device holds."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from contest import judging, seating
from contest.errors import CardRevoked, LeaseUnknown, NotFound, TooManyMessages
from contest.ledger import SYSTEM
from contest.models import Lease, LedgerRow, Message, Sheet, Sitting
from contest.rules import AppearanceFact, AssignmentFact, EntryFact, Facts, SittingFact
from tests.builders import NOW, add_contest, later
from tests.tablets import MARKS, actions, running, sheets, sit, submit_all


def revoke(db, contest, tablet):
    seating.revoke_card(db, contest, seat=tablet.sitting.seat, by=SYSTEM, now=NOW)


@pytest.fixture
def substituted(db):
    """Four appearances; J2 sits on seat 2 for the first two, J2b for the rest."""
    codes = ("01", "02", "03", "04")
    return add_contest(db, slug="substituted", facts=Facts(
        entries=tuple(EntryFact(code) for code in codes),
        appearances=tuple(AppearanceFact("final", code, at, code, "A") for at, code in enumerate(codes, start=1)),
        sittings=(
            SittingFact("final", "A", "J1", "1"), SittingFact("final", "A", "J2", "2", last=2),
            SittingFact("final", "A", "J2b", "2", first=3), SittingFact("final", "A", "J3", "3"),
        ),
    ))  # fmt: skip


@pytest.fixture
def panels(db):
    """Two panels, each with an appearance of its own and judges on seats 1 and 2."""
    return add_contest(db, slug="panels", facts=Facts(
        entries=(EntryFact("01"), EntryFact("02")),
        appearances=(AppearanceFact("final", "01", 1, "1", "A"), AppearanceFact("final", "02", 1, "2", "B")),
        sittings=tuple(SittingFact("final", panel, f"{panel}{seat}", str(seat)) for panel in "AB" for seat in (1, 2)),
    ))  # fmt: skip


def test_sitting_down_is_in_the_ledger_and_the_secret_is_nowhere(db, contest):
    tablet = sit(db, contest, 1)
    row = db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1)).one()
    assert (row.action.value, row.actor, row.subject) == (
        "seat_taken", f"sitting:{tablet.sitting.public_id}", f"seat:{tablet.sitting.seat.public_id}",
    )  # fmt: skip
    assert json.loads(row.payload or "") == {"generation": 1, "lease": tablet.lease_id}
    lease = db.scalars(select(Lease).where(Lease.public_id == tablet.lease_id)).one()
    assert tablet.secret not in lease.secret_hash


@pytest.mark.parametrize("part", ["seat", "lease", "secret"])
@pytest.mark.parametrize("wrong", ["", "x", "\ud800", "a\x00b", "字", "A" * 5000])
def test_a_lease_with_any_part_wrong_is_unknown(db, contest, part, wrong):
    tablet = sit(db, contest, 1)
    proof = {"seat": tablet.sitting.seat.public_id, "lease": tablet.lease_id, "secret": tablet.secret}
    with pytest.raises(LeaseUnknown):
        seating.lease_of(db, **(proof | {part: wrong}))


def test_the_lease_and_secret_of_another_seat_open_nothing(db, contest):
    one, two = sit(db, contest, 1), sit(db, contest, 2)
    for seat, lease, secret in (
        (one.sitting.seat, two.lease_id, two.secret), (one.sitting.seat, two.lease_id, one.secret),
        (two.sitting.seat, two.lease_id, one.secret),
    ):  # fmt: skip
        with pytest.raises(LeaseUnknown):
            seating.lease_of(db, seat=seat.public_id, lease=lease, secret=secret)


def test_the_newest_lease_of_a_seat_is_the_active_one(db, contest):
    old, new = sit(db, contest, 1), sit(db, contest, 1)
    leases = [db.scalars(select(Lease).where(Lease.public_id == each.lease_id)).one() for each in (old, new)]
    assert [seating.is_active(db, lease) for lease in leases] == [False, True]


def test_messages_of_one_sitting_are_never_readable_through_another_lease(db, contest):
    first = running(db, contest)[0]
    one, two = sit(db, contest, 1), sit(db, contest, 2)
    message = one.message(first, "submit", note="只给自己看")
    one.send(message)
    answer = two.send(two.message(first, id=message["id"], marks={"content": "5"}))[0]
    assert (answer["result"], answer["current"]["marks"], answer["current"]["note"]) == ("saved", {"content": "5"}, "")
    assert sheets(db, first) == {"J1": ("submitted", 1, MARKS), "J2": ("draft", 1, {"content": "5"})}


def test_a_new_device_of_the_same_sitting_gets_the_stored_answer_of_the_old_one(db, contest):
    first = running(db, contest)[0]
    old, new = sit(db, contest, 1), sit(db, contest, 1)
    message = old.message(first, "submit")
    assert old.raw(message) == new.raw(message)
    assert db.scalar(select(func.count()).select_from(Message)) == 1


def test_a_judge_cannot_mark_another_panels_entry(db, panels):
    ours, theirs = (next(a for a in running(db, panels) if a.panel.code == code) for code in "AB")
    tablet = sit(db, panels, 1)
    assert tablet.submit(theirs)["reason"] == {"code": "not_your_seat", "args": {"entry": "02"}}
    assert tablet.submit(ours)["result"] == "submitted"
    assert (sheets(db, theirs), list(sheets(db, ours))) == ({}, ["A1"])


def test_after_a_substitution_each_judge_counts_for_their_own_appearances_only(db, substituted):
    one, two, three, four = running(db, substituted)
    before, after = sit(db, substituted, 2, judge="J2"), sit(db, substituted, 2, judge="J2b")
    assert [before.submit(each)["result"] for each in (one, two)] == ["submitted", "submitted"]
    assert [before.submit(each)["reason"]["code"] for each in (three, four)] == ["outside_sitting"] * 2
    assert [after.submit(each)["reason"]["code"] for each in (one, two)] == ["outside_sitting"] * 2
    assert [after.submit(each)["result"] for each in (three, four)] == ["submitted", "submitted"]
    assert [list(sheets(db, each)) for each in (one, three)] == [["J2"], ["J2b"]]


def test_the_card_of_a_seat_opens_for_the_judge_of_the_number_on_stage(db, substituted):
    final = running(db, substituted)[0].round
    seat = sit(db, substituted, 2, judge="J2").sitting.seat
    sitters = [seating.sitting_now(seat, (final, number)).code for number in (1, 2, 3, 4)]
    assert (sitters, seating.sitting_now(seat, None).code) == (["J2", "J2", "J2b", "J2b"], "J2")


def test_a_judge_who_is_not_assigned_to_an_appearance_makes_strays(db):
    contest = add_contest(db, slug="assigned", facts=Facts(
        entries=(EntryFact("01"), EntryFact("02")),
        appearances=(AppearanceFact("final", "01", 1, "1", "A"), AppearanceFact("final", "02", 2, "2", "A")),
        sittings=tuple(SittingFact("final", "A", f"J{seat}", str(seat)) for seat in (1, 2)),
        assignments=(AssignmentFact("final", "01", "J1"),),
    ))  # fmt: skip
    one, two = running(db, contest)
    assert sit(db, contest, 2).submit(one)["reason"]["code"] == "outside_sitting"
    assert [sit(db, contest, seat).submit(two)["result"] for seat in (1, 2)] == ["submitted", "submitted"]


def test_a_revoked_card_cannot_sit_down_and_nobody_finds_its_seat(db, contest):
    tablet = sit(db, contest, 1)
    seat = tablet.sitting.seat
    revoke(db, contest, tablet)
    with pytest.raises(CardRevoked):
        seating.seat_of_card(db, seat.public_id, 1)
    with pytest.raises(CardRevoked):
        seating.sit_down(db, contest, seat=seat, generation=1, sitting=tablet.sitting, device="", now=NOW)
    assert seating.seat_of_card(db, seat.public_id, 2) is seat
    with pytest.raises(NotFound):
        seating.seat_by_id(db, "nowhere")
    assert actions(db, contest)[-1] == "card_revoked"


def test_what_a_revoked_device_still_holds_becomes_strays_that_show_it_nothing(db, contest):
    one, two, _three = running(db, contest)
    tablet = sit(db, contest, 1)
    tablet.submit(one)
    revoke(db, contest, tablet)
    for appearance in (one, two):
        answer = tablet.submit(appearance)
        assert answer == {
            "id": answer["id"], "result": "stray", "version": 0, "ledger": None, "current": None,
            "reason": {"code": "card_revoked", "args": {}},
        }  # fmt: skip
    assert (sheets(db, one), sheets(db, two)) == ({"J1": ("submitted", 1, MARKS)}, {})
    assert actions(db, contest)[-2:] == ["message_strayed", "message_strayed"]


def test_what_was_sent_before_the_card_was_revoked_does_not_use_up_what_may_be_left_behind(db, contest, monkeypatch):
    monkeypatch.setattr(judging, "MOST_REVOKED", 3)
    one, two, _three = running(db, contest)
    tablet = sit(db, contest, 1)
    for _ in range(5):
        tablet.save(one)
    revoke(db, contest, tablet)
    assert [tablet.submit(two)["result"] for _ in range(3)] == ["stray"] * 3
    with pytest.raises(TooManyMessages):
        tablet.submit(two)


@pytest.mark.parametrize("junk", [{"sheet": "?"}, {"entry": "99"}, {"marks": 7}])
def test_a_revoked_device_cannot_fill_the_database_with_junk_either(db, contest, monkeypatch, junk):
    monkeypatch.setattr(judging, "MOST_REVOKED", 3)
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    revoke(db, contest, tablet)
    assert [tablet.save(first, **junk)["result"] for _ in range(3)] == ["refused"] * 3
    with pytest.raises(TooManyMessages):
        tablet.save(first, **junk)
    with pytest.raises(TooManyMessages):
        tablet.save(first, filler="x" * judging.LARGEST_REVOKED_BODY)


def test_a_message_that_a_revoked_device_sends_again_is_still_answered_when_its_allowance_is_used_up(
    db, contest, monkeypatch
):
    monkeypatch.setattr(judging, "MOST_REVOKED", 1)
    first = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    revoke(db, contest, tablet)
    message = tablet.message(first)
    answer = tablet.raw(message)
    assert tablet.raw(message, now=later(5)) == answer


def test_the_seats_next_card_works_after_the_old_one_was_revoked(db, contest):
    first = running(db, contest)[0]
    old = sit(db, contest, 1)
    old.save(first)
    revoke(db, contest, old)
    new = sit(db, contest, 1)
    assert new.submit(first, base=1)["result"] == "submitted"
    assert db.scalar(select(func.count()).select_from(Sheet)) == 1
    assert len(db.scalars(select(Sitting).where(Sitting.seat_id == new.sitting.seat_id)).all()) == 1


def test_a_whole_panel_on_one_address_is_told_apart_by_its_leases(db, contest):
    first = running(db, contest)[0]
    submit_all(db, contest, first)
    assert {code: state for code, (state, _v, _m) in sheets(db, first).items()} == {
        "J1": "submitted", "J2": "submitted", "J3": "submitted",
    }  # fmt: skip
