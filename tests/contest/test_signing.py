"""A judge signs own sheets: what may be signed, what a correction does to it, and what is no signature."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy.orm import Session

from contest import correcting, excusing, ledger, queries, seating, signing
from contest.errors import NotFound
from contest.ledger import Actor
from contest.models import Contest, LedgerRow, RoundState, RulingKind
from contest.refusals import SheetsChanged, SheetsNotIn, SignatureRefused, SigningClosed
from contest.signing import Signed
from tests.builders import JUDGES, NOW, later
from tests.tablets import Tablet, actions, running, sit

CHIEF = Actor("account:chief")
INK = json.dumps([[100, 200, 180, 90, 260, 200], [120, 150, 240, 150]])


def lease_of(db: Session, tablet: Tablet):
    return seating.lease_of(
        db, seat=tablet.sitting.seat.public_id, lease=tablet.lease_id, secret=tablet.secret
    )


def own(db: Session, contest: Contest, tablet: Tablet) -> signing.OwnSheets:
    return next(iter(signing.own_sheets(db, contest, sitting=tablet.sitting)))


def sign(db: Session, contest: Contest, tablet: Tablet, **changed: str) -> signing.Signature:
    sent = {"strokes": INK, "typed": ""} | changed
    if "digest" not in sent:
        sent["digest"] = own(db, contest, tablet).digest
    return signing.sign(
        db, contest, lease=lease_of(db, tablet), round_=queries.round_of(db, contest, "final"), now=NOW, **sent
    )


@pytest.fixture
def tablet(db, contest) -> Tablet:
    """A judge all of whose three sheets are in."""
    found = sit(db, contest, 1)
    for appearance in running(db, contest):
        assert found.submit(appearance)["result"] == "submitted"
    return found


def test_a_signature_is_bound_to_the_ledgers_rows_of_the_own_sheets(db, contest, tablet):
    made = sign(db, contest, tablet)
    listed = json.loads(made.sheets)
    rows = [db.query(LedgerRow).filter_by(contest_id=contest.id, seq=seq).one() for *_, seq, _ in listed[4]]
    assert [row.hash for row in rows] == [hash_ for *_, hash_ in listed[4]]
    assert [row.subject for row in rows] == [f"appearance:{name}" for name, *_ in listed[4]]
    assert listed[:4] == [1, contest.public_id, "final", tablet.sitting.public_id]
    assert made.digest == hashlib.sha256(made.sheets.encode()).hexdigest()
    assert own(db, contest, tablet).standing is Signed.SIGNED
    row = db.query(LedgerRow).filter_by(contest_id=contest.id, seq=made.ledger_seq).one()
    assert (row.action.value, json.loads(row.payload)["sheets"], json.loads(row.payload)["count"]) == (
        "sheets_signed", made.digest, 3
    )  # fmt: skip
    assert ledger.verify(db, contest) is None


def test_pressed_twice_it_is_one_signature(db, contest, tablet):
    assert sign(db, contest, tablet) is sign(db, contest, tablet)
    assert actions(db, contest).count("sheets_signed") == 1


def test_nobody_signs_before_all_own_sheets_are_in(db, contest):
    found = sit(db, contest, 1)
    found.submit(running(db, contest)[0])
    with pytest.raises(SheetsNotIn) as refused:
        sign(db, contest, found)
    assert refused.value.args_ == {"numbers": ["02", "03"]}


def test_a_seat_that_is_excused_for_a_contestant_signs_without_that_sheet(db, contest):
    found, (first, second, third) = sit(db, contest, 1), running(db, contest)
    for appearance in (first, second):
        found.submit(appearance)
    excusing.excuse(
        db, contest, appearance=third, seat=found.sitting.seat.public_id, kind=RulingKind.RECUSED, reason="师生",
        onwards=False, by=CHIEF, now=NOW,
    )  # fmt: skip
    assert len(json.loads(sign(db, contest, found).sheets)[4]) == 2


def test_a_returned_sheet_makes_the_signature_out_of_date_and_the_judge_signs_again(db, contest, tablet):
    first = running(db, contest)[0]
    before = sign(db, contest, tablet)
    correcting.return_sheet(
        db, contest, appearance=first, seat=tablet.sitting.seat.public_id, reason="漏项", by=CHIEF, now=later(9)
    )
    assert own(db, contest, tablet).standing is Signed.OUT_OF_DATE
    with pytest.raises(SheetsNotIn):
        sign(db, contest, tablet)
    assert tablet.submit(first, base=2)["result"] == "submitted"
    assert own(db, contest, tablet).standing is Signed.OUT_OF_DATE
    with pytest.raises(SheetsChanged):
        sign(db, contest, tablet, digest=before.digest)
    after = sign(db, contest, tablet)
    assert (before.number, after.number, own(db, contest, tablet).standing) == (1, 2, Signed.SIGNED)
    assert own(db, contest, tablet).signature is after


@pytest.mark.parametrize("state", [RoundState.OPEN, RoundState.PUBLISHED])
def test_a_round_that_is_not_judged_yet_or_is_published_takes_no_signature(db, contest, tablet, state):
    digest = own(db, contest, tablet).digest
    queries.round_of(db, contest, "final").state = state
    db.flush()
    with pytest.raises(SigningClosed):
        sign(db, contest, tablet, digest=digest)


def test_a_judge_without_a_sheet_in_the_round_signs_nothing(db, contest, tablet):
    for appearance in running(db, contest):
        appearance.round.state = RoundState.DRAFT
    db.flush()
    with pytest.raises(NotFound):
        sign(db, contest, tablet, digest="0" * 64)


@pytest.mark.parametrize(("strokes", "why"), [
    ("[]", "empty"), ("[[5, 5]]", "too_short"), ("[[0, 0, 50, 0]]", "too_short"), ("{}", "unreadable"),
    ("[[1, 2, 3]]", "unreadable"), ("[[1.5, 2, 300, 4]]", "unreadable"), ("[[true, 2, 300, 4]]", "unreadable"),
    ("[[0, 301, 900, 0]]", "unreadable"), ("[[-1, 0, 900, 0]]", "unreadable"), ("<svg/>", "unreadable"),
    ("[" * 5000, "unreadable"), ("[" + "[0,0,9,9]," * 130 + "[0,0]]", "too_long"), (" " * 50_000, "too_long"),
    ("[[" + "0," * 9001 + "0]]", "too_long"),
])  # fmt: skip
def test_what_is_no_signature_is_refused(strokes, why):
    with pytest.raises(SignatureRefused) as refused:
        signing.read_strokes(strokes)
    assert refused.value.args_["why"] == why


def test_the_typed_name_must_be_the_judges_own(db, contest, tablet):
    for typed, why in (("", "empty"), ("\u200b ", "empty"), (JUDGES[1], "other_name")):
        with pytest.raises(SignatureRefused) as refused:
            sign(db, contest, tablet, strokes="", typed=typed)
        assert refused.value.args_["why"] == why
    made = sign(db, contest, tablet, strokes="", typed=f" {JUDGES[0][0]} {JUDGES[0][1:]}\u200b")
    assert (made.strokes, made.typed) == (None, f"{JUDGES[0][0]} {JUDGES[0][1:]}")


def test_a_judges_list_shows_nobody_elses_sheets_and_one_read_serves_the_whole_contest(db, contest, tablet):
    other = sit(db, contest, 2)
    other.submit(running(db, contest)[0])
    everybody = {each.sitting.code: each for each in signing.own_sheets(db, contest)}
    assert sorted(everybody) == ["J1", "J2", "J3"]
    assert everybody["J1"].digest == own(db, contest, tablet).digest != everybody["J2"].digest
    assert [each.missing for each in everybody.values()] == [[], ["02", "03"], ["01", "02", "03"]]
