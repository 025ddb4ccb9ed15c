"""What a tablet's message may say: everything that can never count is refused with its reason, and changes nothing."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from contest.errors import Malformed
from contest.models import LedgerRow, Message, Sheet
from tests.builders import add_contest
from tests.tablets import MARKS, running, sheets, sit

JUNK = [None, True, False, 0, 1, -1, 27, 1.5, "", "x", [], ["27"], {}, {"a": {"b": [1]}}, "\ud800", "a\x00b", "字" * 65]


@pytest.fixture
def tablet(db, contest):
    return sit(db, contest, 1)


@pytest.fixture
def first(db, contest):
    return running(db, contest)[0]


def test_a_good_draft_is_saved_and_answered_with_the_stored_sheet(tablet, first):
    answer = tablet.send(message := tablet.message(first, note="开头很好"))[0]
    assert answer == {
        "id": message["id"], "result": "saved", "version": 1, "ledger": None, "reason": None,
        "current": {"state": "draft", "version": 1, "marks": MARKS, "note": "开头很好", "ledger": None, "reason": None},
    }  # fmt: skip


@pytest.mark.parametrize("mark, code, args", [
    ("30.01", "above_max", {"max": "30"}), ("999999999", "above_max", {"max": "30"}),
    ("-0.01", "below_min", {"min": "0"}),
    ("27.505", "off_step", {"step": "0.01"}), ("NaN", "not_a_number", {}), ("Infinity", "not_a_number", {}),
    ("-Infinity", "not_a_number", {}), ("sNaN", "not_a_number", {}), ("1e1", "not_a_number", {}),
    ("２７", "not_a_number", {}), ("٢٧", "not_a_number", {}), ("", "not_a_number", {}), (" 27", "not_a_number", {}),
    ("27\n", "not_a_number", {}), ("+27", "not_a_number", {}), ("2_7", "not_a_number", {}),
    ("27,5", "not_a_number", {}), ("27.", "not_a_number", {}), (".5", "not_a_number", {}),
    ("0x1b", "not_a_number", {}), ("99999999999", "not_a_number", {}),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["save", "submit"])
def test_a_mark_that_is_no_number_or_out_of_range_is_refused(db, tablet, first, mark, code, args, kind):
    answer = tablet.send(tablet.message(first, kind, marks=MARKS | {"content": mark}))[0]
    assert (answer["result"], answer["version"], answer["current"]) == ("refused", 0, None)
    assert answer["reason"]["code"] == code
    assert args.items() <= answer["reason"]["args"].items()
    assert answer["reason"]["args"]["criterion"] == "content"
    assert sheets(db, first) == {}


@pytest.mark.parametrize("mark", ["0", "0.00", "-0", "30", "30.00", "029.5"])
def test_the_ends_of_the_range_count(db, tablet, first, mark):
    assert tablet.submit(first, marks=MARKS | {"content": mark})["result"] == "submitted"
    assert Decimal(sheets(db, first)["J1"][2]["content"]) == Decimal(mark)


@pytest.mark.parametrize("mark", [
    27, 27.5, True, False, [], {}, ["27"], 10**400, -(10**400), "9" * 21, "\ud800", "2\x007",
])  # fmt: skip
def test_a_mark_that_is_not_text_is_malformed(db, tablet, first, mark):
    answer = tablet.save(first, marks=MARKS | {"content": mark})
    assert answer["reason"] == {"code": "malformed", "args": {"what": "marks"}}
    assert sheets(db, first) == {}


@pytest.mark.parametrize("part", ["n", "kind", "sheet", "round", "entry", "attempt", "rules", "base", "marks"])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_any_part_is_answered_and_changes_nothing(db, tablet, first, part, junk):
    message = tablet.message(first)
    good = {"n": [1, 27], "attempt": [1], "rules": [1], "base": [0, 1, 27], "marks": [{}]}.get(part, [])
    if any(junk == each and type(junk) is type(each) for each in good):
        return
    answer = tablet.send(message | {part: junk})[0]
    assert answer["result"] in ("refused", "stray")
    assert sheets(db, first) == {}


@pytest.mark.parametrize("part", ["n", "kind", "sheet", "round", "entry", "attempt", "rules", "base", "marks"])
def test_a_missing_part_is_named(tablet, first, part):
    message = tablet.message(first)
    del message[part]
    assert tablet.send(message)[0]["reason"] == {"code": "malformed", "args": {"what": part}}


@pytest.mark.parametrize("uid", [
    None, 7, "", "1", "zz", str(uuid.UUID(int=7)).replace("-", ""), "{" + str(uuid.UUID(int=7)) + "}",
    "urn:uuid:" + str(uuid.UUID(int=7)), "ABCDEF00-0000-0000-0000-000000000000", "\ud800" * 36, "１" * 32, ["x"],
])  # fmt: skip
def test_a_message_without_a_usable_id_cannot_be_answered_and_its_batch_is_not_recorded(db, tablet, first, uid):
    with pytest.raises(Malformed), db.begin_nested():
        tablet.send(tablet.message(first), tablet.message(first, id=uid))
    assert (sheets(db, first), db.scalar(select(func.count()).select_from(Message))) == ({}, 0)


@pytest.mark.parametrize("item", [None, 1, "x", [], True, 1.5])
def test_a_batch_of_things_that_are_no_messages_is_malformed(tablet, item):
    with pytest.raises(Malformed):
        tablet.send(item)


def test_a_batch_holds_200_messages_and_not_one_more(tablet, first):
    assert len(tablet.send(*[tablet.message(first) for _ in range(200)])) == 200
    with pytest.raises(Malformed):
        tablet.send(*[tablet.message(first) for _ in range(201)])


def test_an_unknown_criterion_is_named(tablet, first):
    answer = tablet.save(first, marks={"charm": "10"})
    assert answer["reason"] == {"code": "criterion_unknown", "args": {"criterion": "charm"}}


@pytest.mark.parametrize("name", ["\ud800", "a\x00", "x" * 65])
def test_a_criterion_that_no_database_could_store_is_malformed(tablet, first, name):
    assert tablet.save(first, marks={name: "10"})["reason"] == {"code": "malformed", "args": {"what": "marks"}}


@pytest.mark.parametrize("place", [{"entry": "99"}, {"round": "semi"}, {"entry": "1"}, {"entry": " 01"}])
def test_an_entry_or_round_that_is_not_there_is_unknown(tablet, first, place):
    answer = tablet.save(first, **place)
    assert answer["reason"] == {"code": "entry_unknown", "args": {"entry": "01", "round": "final"} | place}


def test_the_entry_of_another_contest_is_unknown(db, tablet, contest):
    other = add_contest(db, slug="other", entries=5, judges=3)
    assert tablet.save(running(db, other)[4])["reason"]["code"] == "entry_unknown"


def test_a_draft_may_leave_marks_out_and_takes_them_away_again(db, tablet, first):
    tablet.save(first, marks={"content": "27.50", "delivery": None})
    assert sheets(db, first)["J1"] == ("draft", 1, {"content": "27.50"})
    tablet.save(first, marks={"delivery": "20.00"})
    assert sheets(db, first)["J1"] == ("draft", 2, {"delivery": "20.00"})


@pytest.mark.parametrize("marks", [{}, {"content": "27.50"}, {**MARKS, "random": None}])
def test_submitting_a_sheet_with_a_missing_mark_is_refused_and_the_draft_stays(db, tablet, first, marks):
    tablet.save(first)
    answer = tablet.submit(first, marks=marks)
    assert (answer["result"], answer["reason"]["code"], answer["version"]) == ("refused", "incomplete", 1)
    assert answer["reason"]["args"]["count"] == 4 - len([m for m in marks.values() if m])
    assert sheets(db, first)["J1"] == ("draft", 1, MARKS)


@pytest.mark.parametrize("note", ["x" * 2001, 7, ["x"], {"a": 1}, "\ud800", "a\x00b", True])
def test_a_note_that_is_too_long_or_no_text_is_malformed(db, tablet, first, note):
    assert tablet.save(first, note=note)["reason"] == {"code": "malformed", "args": {"what": "note"}}
    assert sheets(db, first) == {}


def test_a_note_of_2000_characters_is_kept_and_never_enters_the_ledger(db, tablet, first):
    note = "表达" * 1000
    assert tablet.submit(first, note=note)["current"]["note"] == note
    assert [row.payload for row in db.scalars(select(LedgerRow)) if "表达" in (row.payload or "")] == []


def test_only_first_attempts_and_first_marks_are_taken(tablet, first):
    for other in ({"attempt": 2}, {"sheet": "review"}):
        assert tablet.save(first, **other)["reason"] == {"code": "malformed", "args": {"what": "attempt"}}


def test_what_else_a_message_holds_is_kept_as_it_came_and_never_read(db, tablet, first):
    tablet.save(first, tapped_at={"not": ["a", "time", 1.5]}, extra="x")
    assert json.loads(db.scalars(select(Message.body)).one())["extra"] == "x"
    assert db.scalars(select(Sheet.version)).one() == 1
