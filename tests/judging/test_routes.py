"""The judge's doors: the card, the seat, its state, and the tablet's messages over HTTP."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from contest import ledger, queries, sealing, seating
from contest.ledger import SYSTEM
from contest.models import Lease, LedgerRow, Message, Panel, RoundState, Seat, Sheet
from settings import HERE
from tests import builders
from tests.builders import NOW
from tests.tablets import MARKS
from web import links
from web.db import reading, writing

ENVELOPE_PARTS = ("v", "lease", "messages")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ), max_leaves=8,
)  # fmt: skip


@dataclass
class Pad:
    """A browser on a seat, with what its page knows."""

    client: FlaskClient
    seat: str
    lease: str
    secret: str
    n: int = field(default=0)

    def message(self, kind: str = "save", entry: str = "01", **changed: object) -> dict[str, Any]:
        self.n += 1
        made: dict[str, Any] = {
            "id": str(uuid.uuid4()), "n": self.n, "kind": kind, "sheet": "mark", "round": "final", "entry": entry,
            "attempt": 1, "rules": 1, "base": 0, "marks": dict(MARKS), "note": "",
        }  # fmt: skip
        return made | changed

    def post(self, *messages: object, secret: str | None = None, **envelope: object) -> Any:
        body = {"v": 1, "lease": self.lease, "messages": list(messages)} | envelope
        headers = {"X-Lease": self.secret if secret is None else secret}
        return self.client.post(f"/judge/seats/{self.seat}/messages", json=body, headers=headers)

    def state(self) -> Any:
        return self.client.get(f"/judge/seats/{self.seat}/state")


def card(app: Flask, number: int = 1) -> str:
    with app.app_context(), reading() as db:
        return links.card_token(db.scalars(select(Seat).where(Seat.number == number)).one())


def sit(app: Flask, number: int = 1) -> Pad:
    """A new browser that opens a seat's card and sits down."""
    client = app.test_client()
    answer = client.post(f"/judge/{card(app, number)}")
    seat = answer.location.rsplit("/", 1)[1]
    with client.session_transaction() as session:
        lease, secret = session["leases"][seat]
    return Pad(client, seat, lease, secret)


def count(app: Flask, table: type) -> int:
    with app.app_context(), reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_opening_a_card_shows_the_seat_and_takes_nothing(app, final):
    page = app.test_client().get(f"/judge/{card(app, 2)}")
    assert (page.status_code, "顾清禾" in page.text, count(app, Lease)) == (200, True, 0)
    assert "Set-Cookie" not in page.headers or "leases" not in page.headers["Set-Cookie"]


def test_sitting_down_leaves_the_cards_address_and_opens_the_pad(app, final):
    pad = sit(app)
    page = pad.client.get(f"/judge/seats/{pad.seat}")
    assert (page.status_code, pad.secret in page.text, card(app) in page.text) == (200, True, False)


def test_a_seat_that_this_browser_does_not_hold_is_not_opened(app, final):
    one, two = sit(app, 1), sit(app, 2)
    for path in (f"/judge/seats/{two.seat}", f"/judge/seats/{two.seat}/state"):
        assert one.client.get(path).status_code == 401


def test_one_browser_may_hold_several_seats(app, final):
    one = sit(app, 1)
    one.client.post(f"/judge/{card(app, 2)}")
    with one.client.session_transaction() as session:
        seats = list(session["leases"])
    assert [one.client.get(f"/judge/seats/{seat}").status_code for seat in seats] == [200, 200]


def test_the_state_holds_the_own_sheet_and_nobody_elses(app, final):
    one, two = sit(app, 1), sit(app, 2)
    one.post(one.message("submit", marks=MARKS | {"content": "11.11"}, note="一号备注"))
    two.post(two.message("save", marks={"content": "22.22"}, note="二号备注"))
    texts = [pad.state().text for pad in (one, two)]
    assert [("11.11" in text, "22.22" in text, "一号备注" in text, "二号备注" in text) for text in texts] == [
        (True, False, True, False), (False, True, False, True),
    ]  # fmt: skip
    state = json.loads(texts[0])
    assert (state["v"], state["rules"], state["active"], state["seat"]["judge"]) == (1, 1, True, "J1")
    assert [a["number"] for a in state["rounds"][0]["appearances"]] == ["01", "02", "03"]


def test_the_state_is_304_while_nothing_changes_for_this_seat(app, final):
    one, two = sit(app, 1), sit(app, 2)
    tag = one.state().headers["ETag"]
    two.post(two.message("submit"))
    again = one.client.get(f"/judge/seats/{one.seat}/state", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    one.post(one.message("save"))
    assert one.state().headers["ETag"] != tag


def test_another_device_on_the_seat_makes_this_one_inactive_but_not_mute(app, final):
    old = sit(app)
    new = sit(app)
    assert [pad.state().get_json()["active"] for pad in (old, new)] == [False, True]
    assert old.post(old.message("submit")).get_json()["answers"][0]["result"] == "submitted"


def test_a_message_is_answered_with_the_epoch_and_its_stored_bytes(app, final):
    pad = sit(app)
    message = pad.message("submit")
    first, second = pad.post(message), pad.post(message)
    assert (first.status_code, first.data) == (200, second.data)
    assert first.get_json()["answers"][0]["result"] == "submitted"
    assert first.get_json()["epoch"] == pad.state().get_json()["epoch"]
    assert (count(app, Message), count(app, Sheet)) == (1, 1)


@pytest.mark.parametrize("part", ["lease", "secret", "seat"])
def test_a_lease_that_is_not_this_seats_is_401_and_nothing_is_kept(app, final, part):
    pad, other = sit(app, 1), sit(app, 2)
    setattr(pad, part, getattr(other, part))
    answer = pad.post(pad.message())
    assert (answer.status_code, answer.get_json()["error"]["code"], count(app, Message)) == (401, "lease_unknown", 0)


@pytest.mark.parametrize("envelope", [
    {"v": 2}, {"v": "1"}, {"v": None}, {"messages": None}, {"messages": {}}, {"messages": "x"}, {"lease": 7},
    {"lease": None}, {"lease": ["x"]}, {"messages": [{}]}, {"messages": [{"id": "x"}]}, {"messages": [None]},
])  # fmt: skip
def test_an_envelope_of_another_shape_is_400(app, final, envelope):
    pad = sit(app)
    answer = pad.post(**envelope)
    assert (answer.status_code, answer.get_json()["error"]["code"], count(app, Message)) == (400, "malformed", 0)


def test_a_lease_with_letters_that_no_database_holds_is_unknown(app, final):
    pad = sit(app)
    for lease in ("\ud800", "a\x00", "字", ""):
        assert pad.post(lease=lease).status_code == 401


def test_one_bad_id_in_a_batch_keeps_none_of_it(app, final):
    pad = sit(app)
    assert pad.post(pad.message("submit"), {"id": 7}).status_code == 400
    assert (count(app, Message), count(app, Sheet)) == (0, 0)


def test_201_messages_are_400_and_200_are_recorded(app, final):
    pad = sit(app)
    messages = [pad.message() for _ in range(201)]
    assert pad.post(*messages).status_code == 400
    assert len(pad.post(*messages[:200]).get_json()["answers"]) == 200


def test_what_is_not_json_is_400(app, final):
    pad = sit(app)
    form = "application/x-www-form-urlencoded"
    for body, kind in ((b"x", "application/json"), (b"{}", "text/plain"), (b"a=b", form)):
        answer = pad.client.post(f"/judge/seats/{pad.seat}/messages", data=body, content_type=kind)
        assert answer.status_code == 400


def test_a_revoked_card_opens_no_page_and_its_messages_become_strays_then_429(app, final, monkeypatch):
    monkeypatch.setattr("contest.judging.MOST_REVOKED", 2)
    pad = sit(app)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        seating.revoke_card(db, contest, seat=queries.seat_of(db, contest, pad.seat), by=SYSTEM, now=NOW)
    assert [pad.client.get(f"/judge/seats/{pad.seat}{rest}").status_code for rest in ("", "/state")] == [403, 403]
    answers = [pad.post(pad.message("submit")).get_json()["answers"][0] for _ in range(2)]
    assert [(a["result"], a["reason"]["code"], a["current"]) for a in answers] == [("stray", "card_revoked", None)] * 2
    late = pad.post(pad.message())
    assert (late.status_code, late.headers["Retry-After"]) == (429, "3600")


def test_an_old_card_says_that_it_was_replaced_and_seats_nobody(app, final):
    old = card(app)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        seat = db.scalars(select(Seat).join(Seat.panel).where(Panel.contest_id == contest.id, Seat.number == 1)).one()
        seating.revoke_card(db, contest, seat=seat, by=SYSTEM, now=NOW)
    page = app.test_client().get(f"/judge/{old}")
    assert (page.status_code, "已停用" in page.text, "我是" in page.text) == (200, True, False)
    assert app.test_client().post(f"/judge/{old}").status_code == 403
    assert count(app, Lease) == 0


def test_a_mark_of_a_closed_round_is_a_stray(app, final):
    pad = sit(app)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        round_ = queries.round_of(db, contest, "final")
        sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=SYSTEM, now=NOW)
    assert pad.post(pad.message("submit")).get_json()["answers"][0]["reason"]["code"] == "round_closed"


def test_a_pad_opens_at_an_appearance_of_its_contest_only(app, final):
    pad = sit(app)
    own = builders.appearances(app)[0]
    builders.make_contest(app, slug="other")
    other = builders.appearances(app, "other")[0]
    found = [pad.client.get(f"/judge/seats/{pad.seat}/appearances/{each}").status_code for each in (own, other, "x")]
    assert found == [200, 404, 404]


@pytest.fixture(scope="module")
def anything(tmp_path_factory):
    """A tablet that sends whatever hypothesis makes up."""
    app = builders.make_app(tmp_path_factory.mktemp("anything"))
    builders.make_contest(app)
    yield app, sit(app)
    app.extensions["lectern_engine"].dispose()


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(envelope=JSON | st.fixed_dictionaries({}, optional=dict.fromkeys(ENVELOPE_PARTS, JSON)))
def test_any_json_as_an_envelope_is_answered_and_never_breaks(anything, envelope):
    app, pad = anything
    before = count(app, Sheet), count(app, Message)
    answer = pad.client.post(f"/judge/seats/{pad.seat}/messages", json=envelope, headers={"X-Lease": pad.secret})
    assert answer.status_code in (200, 400, 401, 413, 429)
    assert (count(app, Sheet), count(app, Message)) == before


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(changed=st.dictionaries(
    st.sampled_from(["n", "kind", "sheet", "round", "entry", "attempt", "rules", "base", "marks", "note", "x"]), JSON,
    max_size=4,
), marks=st.none() | st.dictionaries(st.sampled_from([*MARKS, "x"]), JSON))  # fmt: skip
def test_any_json_in_a_message_is_answered_in_its_place(anything, changed, marks):
    _app, pad = anything
    message = pad.message(**changed) | ({"marks": marks} if marks is not None else {})
    answer = pad.post(message)
    assert answer.status_code == 200
    told = answer.get_json()["answers"][0]
    assert (told["id"], told["result"] in ("saved", "submitted", "superseded", "stray", "refused")) == (
        message["id"], True,
    )  # fmt: skip
    assert pad.post(message).data == answer.data


def test_the_ledger_of_all_that_still_verifies(anything):
    app, _pad = anything
    with app.app_context(), reading() as db:
        assert ledger.verify(db, queries.contest_by_slug(db, "xinghe")) is None
        assert db.scalar(select(func.count()).select_from(LedgerRow)) > 0


def test_the_worker_names_every_file_that_the_pad_loads_and_is_asked_for_anew_each_time(app, final):
    answer = app.test_client().get("/judge/worker.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    kept = json.loads(answer.text.partition("self.KEPT = ")[2].partition(";\n")[0])
    pad = sit(app)
    page = pad.client.get(f"/judge/seats/{pad.seat}")
    loaded = set(re.findall(r'(?:href|src)="(/(?:static|bootstrap)/[^"]+)"', page.text))
    modules = {f"/static/judging/{path.name}" for path in (HERE / "static/judging").glob("*.js")}
    assert loaded | modules - {"/static/judging/worker.js"} <= set(kept["files"])
    for address in kept["files"]:
        with app.test_client().get(address) as file:
            assert file.status_code == 200, address
    assert kept["version"] == page.headers["X-Pad-Version"] == pad.state().get_json()["page"]
    assert "worker-src 'self'" in page.headers["Content-Security-Policy"]
