"""The public check of a judge's receipt: nothing before publication, then what became of that sheet and no mark."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import queries, sealing
from contest.ledger import SYSTEM
from contest.models import Act, Action, LedgerRow, Mark, RoundState
from tests.builders import NOW
from tests.fixtures_sealed import seal
from web.db import reading

ADDRESS = "/contests/xinghe/receipt"


def receipt_of(app, at=0):
    with app.app_context(), reading() as db:
        rows = select(LedgerRow).where(LedgerRow.action == Action.SHEET_SUBMITTED).order_by(LedgerRow.seq)
        row = db.scalars(rows).all()[at]
        return row.seq, row.hash


def asked(app, number, digits):
    answer = app.test_client().get(ADDRESS, query_string={"number": number, "hash": digits})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.fixture
def out(app, sealed, change):
    """The sealed final, published."""
    move(change, RoundState.PUBLISHED)


def move(change, state):
    change("xinghe", lambda db, contest: sealing.move(
        db, contest, round_=queries.round_of(db, contest, "final"), to=state, by=SYSTEM, now=NOW,
    ))


def test_before_publication_nothing_is_said(app, sealed, change):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    seq, digest = receipt_of(app)
    status, said = asked(app, seq, digest)
    assert status == 200
    assert "成绩还没有公布" in said
    assert f"<code class=\"receipt__hash\">{digest}" not in said


def test_a_receipt_is_found_in_the_sealed_result_without_a_mark(app, out, change):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    seq, digest = receipt_of(app)
    for digits in (digest, digest[:8], digest[:8].upper()):
        status, said = asked(app, f" {seq} ", digits)
        assert status == 200
        assert "receipt__answer--in_seal" in said
    with app.app_context(), reading() as db:
        marks = {format(value, "f") for value in db.scalars(select(Mark.value))}
    assert not [mark for mark in marks if f">{mark}<" in said]


@pytest.mark.parametrize("change_it", [lambda seq, digest: (seq + 1, digest), lambda seq, digest: (seq, "0" * 64),
                                       lambda seq, digest: (999_999, digest)])
def test_another_number_or_hash_is_unknown(app, out, change, change_it):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    status, said = asked(app, *change_it(*receipt_of(app)))
    assert (status, "receipt__answer--unknown" in said, "receipt__answer--in_seal" in said) == (200, True, False)


def test_a_row_that_is_no_sheet_is_unknown(app, out, change):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    with app.app_context(), reading() as db:
        row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.RELEASED).limit(1)).one()
    assert "receipt__answer--unknown" in asked(app, row.seq, row.hash)[1]


def test_a_round_that_was_opened_again_is_not_public_until_it_is_published_again(app, out, change):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    seal(app, "xinghe", Act.REOPEN)
    assert "成绩还没有公布" in asked(app, *receipt_of(app))[1]
    seal(app, "xinghe")
    move(change, RoundState.PUBLISHED)
    assert "第 2 次封存" in asked(app, *receipt_of(app))[1]


NUMBER, HASH = "请填写回执上的编号", "请填写校验码的前"


@pytest.mark.parametrize("number, digits, wrong", [
    ("", "0" * 64, NUMBER), ("1e3", "0" * 64, NUMBER), ("²", "0" * 64, NUMBER), ("12", "0" * 7, HASH),
    ("12", "xyzxyzxyz", HASH), ("9" * 60, "0" * 64, NUMBER),
])
def test_bad_input_is_said_and_kept(app, out, change, number, digits, wrong):
    change("xinghe", lambda db, contest: setattr(contest, "published_at", NOW))
    status, said = asked(app, number, digits)
    assert status == 422
    assert wrong in said
    assert not digits or f'value="{digits}"' in said


def test_a_contest_that_is_not_public_is_not_found(app, sealed):
    assert app.test_client().get("/contests/nowhere/receipt").status_code == 404
