"""The ledger row: its exact bytes, and that nothing in the chain can be altered unseen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from contest import ledger, showing
from contest.ledger import Actor, Fault
from contest.models import Action, LedgerHead, LedgerRow
from tests.builders import JUDGES, NOW, PEOPLE, add_contest
from tests.tablets import running, sit, submit_all

BY = Actor("account:desk", "web")


@pytest.fixture
def rows(db, contest):
    """The rows of a contest in which something happened."""
    one = running(db, contest)[0]
    submit_all(db, contest, one)
    showing.adjust(
        db, contest, appearance=one, kind="quiz", value="-1", reason="第二题", press="", by=BY, now=NOW
    )
    showing.release(db, contest, appearance=one, by=BY, now=NOW)
    return list(db.scalars(select(LedgerRow).where(LedgerRow.contest_id == contest.id).order_by(LedgerRow.seq)))


def change(db, row, **columns):
    db.execute(update(LedgerRow).where(LedgerRow.id == row.id).values(**columns))


def test_a_row_is_chained_exactly_as_the_format_says(db, contest, rows):
    prev = "0" * 64
    for seq, row in enumerate(rows, start=1):
        digest = hashlib.sha256(row.salt + row.payload.encode()).hexdigest()
        at = row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        facts = [1, contest.public_id, seq, at, row.actor, row.device, row.action.value, row.subject, digest, prev]
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert (row.seq, row.digest, row.prev) == (seq, digest, prev)
        assert row.hash == hashlib.sha256(text.encode()).hexdigest()
        prev = row.hash
    head = db.scalars(select(LedgerHead).where(LedgerHead.contest_id == contest.id)).one()
    assert (head.seq, head.hash, ledger.verify(db, contest)) == (len(rows), prev, None)


@pytest.mark.parametrize("column, value, what", [
    ("actor", "account:eve", "hash"), ("device", "x", "hash"), ("action", Action.RELEASED, "hash"),
    ("subject", "appearance:x", "hash"), ("at", NOW + timedelta(microseconds=1), "hash"),
    ("payload", "{}", "payload"), ("salt", b"0" * 16, "payload"), ("digest", "0" * 64, "payload"),
    ("prev", "1" * 64, "prev"), ("hash", "0" * 64, "hash"), ("seq", 99, "missing"),
])  # fmt: skip
def test_one_altered_cell_breaks_the_chain_at_its_row(db, contest, rows, column, value, what):
    change(db, rows[4], **{column: value})
    assert ledger.verify(db, contest) == Fault(5, what)


def test_a_payload_altered_by_one_letter_is_found(db, contest, rows):
    row = next(each for each in rows if each.action is Action.SHEET_SUBMITTED)
    change(db, row, payload=row.payload.replace("27.50", "27.60"))
    assert ledger.verify(db, contest) == Fault(row.seq, "payload")


@pytest.mark.parametrize("at", [0, 3, -1])
def test_a_removed_row_is_found(db, contest, rows, at):
    gone = rows[at]
    db.execute(delete(LedgerRow).where(LedgerRow.id == gone.id))
    fault = ledger.verify(db, contest)
    assert fault == (Fault(gone.seq, "head") if at == -1 else Fault(gone.seq, "missing"))


def test_two_swapped_rows_are_found(db, contest, rows):
    for row, seq in ((rows[2], 999), (rows[3], 3), (rows[2], 4)):
        change(db, row, seq=seq)
    assert ledger.verify(db, contest) == Fault(3, "prev")


def test_a_row_cannot_be_put_in_twice(db, contest, rows):
    last = rows[-1]
    with pytest.raises(IntegrityError), db.begin_nested():
        columns = [column for column in LedgerRow.__table__.columns if column.name != "id"]
        db.add(LedgerRow(**{column.name: getattr(last, column.name) for column in columns}))
        db.flush()


def test_a_rewritten_last_row_does_not_fit_the_head(db, contest, rows):
    last = rows[-1]
    last.actor = "account:eve"
    change(db, last, actor="account:eve", hash=ledger.hash_of(last, contest.public_id))
    assert ledger.verify(db, contest) == Fault(last.seq, "head")


def test_a_purged_payload_leaves_a_chain_that_still_verifies(db, contest, rows):
    for row in rows[::2]:
        change(db, row, payload=None, salt=None)
    assert ledger.verify(db, contest) is None
    change(db, rows[0], digest="0" * 64)
    assert ledger.verify(db, contest) == Fault(1, "hash")


def test_a_payload_and_its_salt_go_together(db, rows):
    for half in ({"payload": None}, {"salt": None}):
        with pytest.raises(IntegrityError), db.begin_nested():
            change(db, rows[0], **half)


def test_every_salt_is_its_own_so_equal_payloads_have_different_digests(rows):
    salts, releases = {row.salt for row in rows}, [r for r in rows if r.payload == "{}"]
    assert len(salts) == len(rows)
    assert all(len(salt) == 16 for salt in salts)
    assert all(row.digest != ledger.digest_of(b"", row.payload) for row in releases)


def test_payloads_hold_ids_and_no_names(rows):
    names = {*JUDGES, *(part for person in PEOPLE for part in person)}
    everything = "\n".join(f"{row.payload}{row.actor}{row.device}{row.subject}" for row in rows)
    assert [name for name in names if name in everything] == []


@pytest.mark.parametrize("value", [
    1.0, float("nan"), Decimal("1"), True, False, b"x", {1: "x"}, {"a": 1.5}, ["x", [{"y": 0.5}]], {None: 1},
    NOW, {"a": {"b": {"c": True}}}, {"x", "y"},
])  # fmt: skip
def test_only_strings_and_integers_enter_the_ledger(db, contest, value):
    with pytest.raises(TypeError):
        ledger.canonical(value)
    with pytest.raises(TypeError):
        ledger.append(
            db, contest, by=BY, action=Action.RULED, subject="x", payload={"value": value}, now=NOW
        )
    assert ledger.verify(db, contest) is None


def test_canonical_text_is_sorted_and_without_spaces():
    text = ledger.canonical({"b": [1, "字", None], "a": {"d": -1, "c": '"'}})
    assert text == '{"a":{"c":"\\"","d":-1},"b":[1,"字",null]}'


def test_times_are_written_in_utc_with_six_decimals_wherever_they_were_taken(db, contest):
    at = datetime(2026, 5, 16, 14, 32, 8, 123456, tzinfo=timezone(timedelta(hours=8)))
    assert ledger.instant(at) == "2026-05-16T06:32:08.123456Z" == ledger.instant(at.astimezone(UTC))
    ledger.append(db, contest, by=BY, action=Action.RULED, subject="x", payload={}, now=at)
    db.expire_all()
    assert ledger.verify(db, contest) is None


def test_each_contest_has_a_chain_of_its_own(db, contest, rows):
    other = add_contest(db, slug="other")
    sit(db, other, 1).submit(running(db, other)[0])
    db.execute(update(LedgerRow).where(LedgerRow.contest_id == other.id, LedgerRow.seq == 1).values(subject="x"))
    assert (ledger.verify(db, contest), ledger.verify(db, other)) == (None, Fault(1, "hash"))
