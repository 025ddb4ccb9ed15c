"""Several messages in one request: each finds what those before it have done, and all of them are written at once."""

from __future__ import annotations

from sqlalchemy import event, select

from contest import proving
from contest.models import LedgerRow, Mark, Message, MessageResult, Sheet
from tests.tablets import MARKS, running, sheets, sit


def statements_of(db, work) -> list[str]:
    """The first word of each statement that the work asks the database, and the table of what it inserts."""
    asked: list[str] = []
    engine = db.get_bind().engine

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [" ".join(each.split()[: 3 if each.startswith("INSERT") else 1]) for each in asked]


def test_a_mark_that_is_taken_away_and_given_again_in_one_request_is_there_once(db, contest):
    appearance = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    answers = tablet.send(
        tablet.message(appearance), tablet.message(appearance, marks=MARKS | {"content": None}),
        tablet.message(appearance, marks=MARKS | {"content": "20.00"}), tablet.message(appearance, "submit"),
    )  # fmt: skip
    assert [(each["result"], each["version"]) for each in answers] == [
        ("saved", 1), ("saved", 2), ("saved", 3), ("submitted", 4),
    ]  # fmt: skip
    assert "content" not in answers[1]["current"]["marks"]
    assert answers[2]["current"]["marks"]["content"] == "20.00"
    assert sheets(db, appearance) == {"J1": ("submitted", 4, MARKS)}
    assert sorted(db.scalars(select(Mark.criterion))) == sorted(MARKS)


def test_the_same_message_twice_in_one_request_gets_the_same_bytes_and_acts_once(db, contest):
    appearance = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    message = tablet.message(appearance, "submit")
    first, second = tablet.raw(message, message)
    assert first == second
    assert db.scalars(select(Message.answer)).all() == [first]
    assert sheets(db, appearance)["J1"][:2] == ("submitted", 1)


def test_each_message_of_a_request_finds_what_the_one_before_it_did(db, contest):
    appearance = running(db, contest)[0]
    tablet = sit(db, contest, 1)
    late, save, submit, after = (tablet.message(appearance, kind) for kind in ("save", "save", "submit", "save"))
    answers = tablet.send(save, late, submit, after)
    assert [each["result"] for each in answers] == ["saved", "superseded", "submitted", "stray"]
    assert answers[3]["reason"]["code"] == "sheet_locked"
    assert answers[3]["current"]["ledger"] == answers[2]["ledger"]


def test_every_receipt_of_a_request_is_its_own_row_and_the_chain_holds(db, contest):
    tablet = sit(db, contest, 1)
    answers = tablet.send(*[tablet.message(appearance, "submit") for appearance in running(db, contest)])
    rows = {row.seq: row.hash for row in db.scalars(select(LedgerRow))}
    assert [rows[each["ledger"]["seq"]] for each in answers] == [each["ledger"]["hash"] for each in answers]
    assert len({each["ledger"]["seq"] for each in answers}) == len(answers)
    assert proving.prove(db, contest).fault is None


def test_each_message_names_the_sheet_that_it_made(db, contest):
    tablet = sit(db, contest, 1)
    tablet.send(*[tablet.message(appearance) for appearance in running(db, contest)])
    made = db.execute(select(Message.appearance_id, Sheet.appearance_id, Message.result).join(
        Sheet, Message.sheet_id == Sheet.id
    )).all()  # fmt: skip
    assert len(made) == len(running(db, contest))
    assert all(row[0] == row[1] and row[2] is MessageResult.SAVED for row in made)


def test_a_request_of_many_messages_reads_no_more_often_than_one_of_a_single_message(db, contest):
    tablet, other = sit(db, contest, 1), sit(db, contest, 2)
    appearances = running(db, contest)
    few = [tablet.message(appearances[0])]
    many = [other.message(appearance) for appearance in appearances for _ in range(4)]
    alone, together = statements_of(db, lambda: tablet.send(*few)), statements_of(db, lambda: other.send(*many))
    assert alone.count("SELECT") == together.count("SELECT") <= 6
    assert together.count("INSERT INTO message") == 1
    # Each sheet is written once, however many of the messages changed it.
    assert (together.count("INSERT INTO sheet"), "UPDATE" in together) == (len(appearances), False)
