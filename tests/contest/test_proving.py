"""The proof of a ledger: the chain, what is stored against what its rows say, and sealed standings made from them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update

from contest import correcting, proving, queries, showing
from contest.ledger import Actor, Fault
from contest.models import Act, Action, Adjustment, LedgerRow, Mark, Ruling, RulingKind, Seal, Sheet
from tests.builders import NOW
from tests.fixtures_sealed import seal
from tests.tablets import running, submit_all
from web.db import reading, writing

BY = Actor("account:desk", "web")


def proof_of(app, slug):
    with app.app_context(), reading() as db:
        return proving.prove(db, queries.contest_by_slug(db, slug))


def tamper(app, statement):
    with app.app_context(), writing() as db:
        db.execute(statement)


def row_of(app, action):
    with app.app_context(), reading() as db:
        return db.scalars(select(LedgerRow.seq).where(LedgerRow.action == action).order_by(LedgerRow.seq)).first()


def test_a_sealed_contest_is_proved_from_its_own_ledger(app, sealed):
    proof = proof_of(app, sealed)
    assert proof.fault is None
    assert (proof.sheets, proof.adjustments, proof.rulings, proof.seals, proof.purged) == (42, 0, 0, 1, 0)


def test_two_seals_are_both_made_from_the_rows_before_them(app, sealed):
    seal(app, sealed, Act.REOPEN)
    seal(app, sealed)
    proof = proof_of(app, sealed)
    assert (proof.fault, proof.seals) == (None, 2)


def test_a_mark_altered_in_the_database_names_the_row_that_carried_it(app, sealed):
    with app.app_context(), reading() as db:
        mark = db.scalars(select(Mark).order_by(Mark.id).limit(1)).one()
        seq, number = db.get_one(Sheet, mark.sheet_id).ledger_seq, mark.id
    tamper(app, update(Mark).where(Mark.id == number).values(value=Decimal("1.00")))
    assert proof_of(app, sealed).fault == Fault(seq, "sheet")


def test_a_sheet_removed_from_the_database_names_the_row_that_carried_it(app, sealed):
    with app.app_context(), reading() as db:
        sheet = db.scalars(select(Sheet).order_by(Sheet.id.desc()).limit(1)).one()
        seq, number = sheet.ledger_seq, sheet.id
    tamper(app, delete(Mark).where(Mark.sheet_id == number))
    assert proof_of(app, sealed).fault == Fault(seq, "sheet")


def test_sealed_standings_that_were_altered_name_the_seal(app, sealed):
    with app.app_context(), reading() as db:
        standings = db.scalars(select(Seal.standings)).one()
    tamper(app, update(Seal).values(standings=standings.replace('"place": 1', '"place": 2', 1)))
    assert proof_of(app, sealed).fault == Fault(row_of(app, Action.ROUND_SEALED), "seal_standings")


@pytest.mark.parametrize("column, value, what", [("digest", "0" * 64, "payload"), ("actor", "account:eve", "hash")])
def test_an_altered_row_is_named_before_anything_else(app, sealed, column, value, what):
    tamper(app, update(LedgerRow).where(LedgerRow.seq == 9).values(**{column: value}))
    assert proof_of(app, sealed).fault == Fault(9, what)


def test_a_removed_row_is_named(app, sealed):
    tamper(app, delete(LedgerRow).where(LedgerRow.seq == 9))
    assert proof_of(app, sealed).fault == Fault(9, "missing")


def test_two_swapped_rows_are_named_at_the_first(app, sealed):
    for old, new in ((9, 9999), (10, 9), (9999, 10)):
        tamper(app, update(LedgerRow).where(LedgerRow.seq == old).values(seq=new))
    assert proof_of(app, sealed).fault == Fault(9, "prev")


def test_a_purged_row_keeps_the_chain_and_says_that_no_recount_is_possible(app, sealed):
    tamper(app, update(LedgerRow).where(LedgerRow.seq == 9).values(payload=None, salt=None))
    proof = proof_of(app, sealed)
    assert (proof.fault, proof.purged) == (None, 1)


def test_a_value_altered_or_slipped_in_is_named(db, contest):
    one = running(db, contest)[0]
    submit_all(db, contest, one)
    made = showing.adjust(
        db, contest, appearance=one, kind="quiz", value="-1", reason="第二题", press="", by=BY, now=NOW
    )
    seq = db.scalars(select(LedgerRow.seq).where(LedgerRow.action == Action.ADJUSTED)).one()
    assert proving.prove(db, contest).fault is None
    made.value = Decimal("-2")
    db.flush()
    assert proving.prove(db, contest).fault == Fault(seq, "adjustment")
    made.value = Decimal("-1")
    db.add(Adjustment(appearance=one, kind="quiz", value=Decimal("-1"), reason="", created_at=NOW))
    db.flush()
    assert proving.prove(db, contest).fault == Fault(0, "adjustment_unrecorded")


def test_a_ruling_that_is_in_no_row_is_named(db, contest):
    one = running(db, contest)[0]
    db.add(Ruling(
        contest_id=contest.id, round_id=one.round_id, entry_id=one.entry_id, kind=RulingKind.WITHDRAWN, reason="",
        created_at=NOW,
    ))
    db.flush()
    assert proving.prove(db, contest).fault == Fault(0, "ruling_unrecorded")


def test_a_returned_sheet_counts_no_more(db, contest):
    one = running(db, contest)[0]
    submit_all(db, contest, one)
    seat = queries.sittings_for(db, one)[0].seat.public_id
    correcting.return_sheet(db, contest, appearance=one, seat=seat, reason="漏了一项", by=BY, now=NOW)
    proof = proving.prove(db, contest)
    assert (proof.fault, proof.sheets) == (None, 2)


def test_the_command_says_what_fits_or_which_row_does_not(app, sealed):
    said = app.test_cli_runner().invoke(args=["ledger", "verify", sealed])
    assert said.exit_code == 0, said.output
    assert "42 sheets, 0 values, 0 rulings. Seals whose standings they make: 1." in said.output
    tamper(app, update(LedgerRow).where(LedgerRow.seq == 9).values(actor="account:eve"))
    said = app.test_cli_runner().invoke(args=["ledger", "verify", sealed])
    assert (said.exit_code, said.output) == (2, f"{sealed}: row 9 does not fit: it is not as it was written.\n")


def test_the_command_does_not_know_every_contest(app):
    said = app.test_cli_runner().invoke(args=["ledger", "verify", "nowhere"])
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
