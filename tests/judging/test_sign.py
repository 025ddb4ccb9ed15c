"""The signing page over HTTP: the judge's own list, the signature, what is refused, and who is told of it."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select

from contest import correcting, queries, showing
from contest.ledger import SYSTEM
from contest.models import Role, Seat, Signature
from tests import builders
from tests.contest.test_signing import INK
from tests.judging.test_routes import Pad, count, sit
from tests.organizer.test_papers import text
from web.db import reading, writing

JUDGE = builders.JUDGES[0]


def judge_all(pad: Pad) -> Pad:
    """The seat's three sheets are in."""
    answers = pad.post(*(pad.message("submit", entry=entry) for entry in ("01", "02", "03"))).get_json()["answers"]
    assert [answer["result"] for answer in answers] == ["submitted"] * 3
    return pad


def page(pad: Pad) -> str:
    answer = pad.client.get(f"/judge/seats/{pad.seat}/sign")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    return answer.text


def press(pad: Pad, **changed: str):
    """Send the page's form as the script fills it."""
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page(pad))
    sent = {"round": "final", "digest": found[1] if found else "", "strokes": INK, "typed": ""} | changed
    return pad.client.post(f"/judge/seats/{pad.seat}/sign", data=sent)


@pytest.fixture
def pad(app, final) -> Pad:
    """The first judge, all of whose sheets are in."""
    return judge_all(sit(app))


def test_the_list_holds_the_own_marks_and_receipts_and_nobody_elses(app, pad):
    other = sit(app, 2)
    other.post(other.message("submit", marks={**other.message()["marks"], "content": "11.11"}))
    shown = page(pad)
    receipts = [answer["ledger"] for answer in (
        each["mine"] for each in pad.state().get_json()["rounds"][0]["appearances"]
    )]  # fmt: skip
    assert [f"№{one['seq']}<span>{one['hash'][:8]}" in shown for one in receipts] == [True] * 3
    assert ("27.50" in shown, "87.25" in shown, "11.11" in shown) == (True, True, False)


def test_a_signature_is_stored_once_and_shown(app, pad):
    assert "data-part=\"form\"" in page(pad)
    assert pad.state().get_json()["rounds"][0]["signed"] == "due"
    answer = press(pad)
    assert (answer.status_code, answer.location) == (303, f"/judge/seats/{pad.seat}/sign")
    with app.app_context(), reading() as db:
        made = db.scalars(select(Signature)).one()
    assert json.loads(made.strokes) == json.loads(INK)
    assert press(pad, digest=made.digest).status_code == 303
    assert count(app, Signature) == 1
    shown = page(pad)
    assert ("data-strokes" in shown, "data-part=\"form\"" in shown, f"№{made.ledger_seq}" in shown) == (
        True, False, True
    )  # fmt: skip
    assert pad.state().get_json()["rounds"][0]["signed"] == "signed"


def test_a_refused_signature_says_why_and_keeps_the_typed_name(app, pad):
    answer = press(pad, strokes="", typed="别人")
    assert (answer.status_code, f"请键入与席位相同的姓名：{JUDGE}。" in answer.text, 'value="别人"' in answer.text) == (
        422, True, True
    )  # fmt: skip
    for strokes, said in (("", "还没有签名。"), ("[[1,1]]", "签名太短"), ("{", "这个签名不能用")):
        answer = press(pad, strokes=strokes)
        assert (answer.status_code, said in answer.text) == (422, True)
    assert count(app, Signature) == 0
    assert press(pad, strokes="", typed=JUDGE).status_code == 303


def test_before_all_sheets_are_in_there_is_no_form_and_a_press_is_refused(app, final):
    half = sit(app)
    half.post(half.message("submit"))
    assert "第 02、03 号还没有提交" in page(half)
    answer = press(half)
    assert (answer.status_code, "第 02、03 号还没有提交" in answer.text) == (409, True)
    assert half.state().get_json()["rounds"][0]["signed"] == "none"


def test_without_the_seats_lease_nothing_is_shown_and_nothing_signed(app, pad):
    stranger = Pad(app.test_client(), pad.seat, "", "")
    assert stranger.client.get(f"/judge/seats/{pad.seat}/sign").status_code == 401
    sent = {"round": "final", "digest": "0" * 64, "strokes": INK}
    assert stranger.client.post(f"/judge/seats/{pad.seat}/sign", data=sent).status_code == 401
    assert pad.client.post(f"/judge/seats/{pad.seat}/sign", data=sent | {"round": "nowhere"}).status_code == 404
    assert count(app, Signature) == 0


def test_the_form_carries_its_token(app, pad):
    app.config["WTF_CSRF_ENABLED"] = True
    assert pad.client.post(f"/judge/seats/{pad.seat}/sign", data={"round": "final"}).status_code == 400


def test_a_return_after_signing_is_said_to_the_judge_and_to_the_chief(app, pad, as_role):
    chief = as_role(Role.CHIEF)
    rounds = "/admin/contests/xinghe/rounds"
    assert "评委签名 0/1" in chief.get(rounds).text
    press(pad)
    assert "评委签名 1/1" in chief.get(rounds).text
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        first = queries.appearance_of(db, contest, builders.appearances(app)[0])
        seat = db.scalars(select(Seat).where(Seat.number == 1)).one()
        correcting.return_sheet(
            db, contest, appearance=first, seat=seat.public_id, reason="漏项", by=SYSTEM, now=builders.NOW
        )
    said = chief.get(rounds).text
    assert ("评委签名 0/1" in said, "第 1 席签名后评分有变动，需重签" in said) == (True, True)
    assert "需要重新签名" in page(pad)
    assert pad.state().get_json()["rounds"][0]["signed"] == "out_of_date"


def release_all(app) -> None:
    """The other judges' sheets come in, and every score goes out."""
    for public_id in builders.appearances(app):
        builders.give_sheets(app, public_id, seats=range(2, 8))
        with app.app_context(), writing() as db:
            contest = queries.contest_by_slug(db, "xinghe")
            appearance = queries.appearance_of(db, contest, public_id)
            showing.release(db, contest, appearance=appearance, by=SYSTEM, now=builders.NOW)


@pytest.mark.parametrize("typed", ["", JUDGE])
def test_the_printed_sheet_carries_the_signature_while_it_stands(app, pad, as_role, typed):
    organizer = as_role(Role.ORGANIZER)
    address = "/admin/contests/xinghe/papers/final/marks.pdf"
    assert "在平板上签名" not in text(organizer, address, filled="1")[0]
    before = organizer.get(address, query_string={"filled": "1"}).data
    press(pad, strokes="" if typed else INK, typed=typed)
    with app.app_context(), reading() as db:
        made = db.scalars(select(Signature)).one()
    # Nothing is signed on paper while a mark above it would be blank.
    assert "在平板上签名" not in text(organizer, address, filled="1")[0]
    release_all(app)
    first, second, *_ = text(organizer, address, filled="1")
    assert f"记录№{made.ledger_seq}，清单校验码{made.digest[:16]}" in first
    assert "在平板上签名" not in second
    assert "在平板上签名" not in text(organizer, address)[0]
    assert organizer.get(address, query_string={"filled": "1"}).data != before
