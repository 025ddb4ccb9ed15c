"""No route shows a mark of another judge before its score is out: every GET route as every visitor, whatever it sends.

Marks that stand nowhere else are handed in and not released. Each exception is named below with the policy's reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.models import LedgerHead, Role, Seat
from contest.queries import contest_by_slug
from tests import builders, furnished, hidden
from tests.builders import CRITERIA
from tests.hidden import NOTE, STREAMS, Hidden, first_events, seen, text_of
from tests.tablets import running, sit
from web import links, live
from web.db import reading
from web.roles import DESK, LEADING, ROUTES, RUNNING, Access

SLUG = furnished.FINAL
TYPED = ("29.95", "19.85", "9.75", "19.65", "79.20")
# What a route can be asked for beside its plain address.
MORE = {
    "stage.desk": ("?appearance={appearance}",), "stage.parts": ("?appearance={appearance}",),
    "organizer.print_marks": ("?filled=1", "?by=contestant&filled=1"),
    "organizer.results": ("?view=judges", "?view=ways", "?view=spread", "?entry=02", "?without=1", "?lang=en"),
    "organizer.audit": ("?kind=marks", "?contestant=02"), "leaderboard.board": ("?lang=en",),
    "organizer.type_paper": ("?appearance={appearance}",), "organizer.contest": ("?round=final",),
    "judging.pad": ("?lang=en",),
}  # fmt: skip


@dataclass
class House:
    """The app with its hidden marks, addresses that exist, and a browser of each kind of visitor."""

    app: Flask
    values: furnished.Values
    hidden: Hidden
    visitors: dict[str, FlaskClient]
    batch: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    app = builders.make_app(tmp_path_factory.mktemp("leaks"))
    values = furnished.furnish(app)
    kept = hidden.hide(app, values)
    visitors = {"anonymous": app.test_client(), "outsider": client(app, "outsider")}
    visitors |= {role.value: client(app, role.value, role) for role in Role}
    visitors["office"] = builders.client_of(app, builders.make_account(app, "office", works_for="星河市科学技术协会"))
    with app.test_request_context("/"), reading() as db:
        card = links.card_token(db.scalars(select(Seat).where(Seat.public_id == values[""]["seat"])).one())
    visitors["judge"] = app.test_client()
    assert visitors["judge"].post(f"/judge/{card}").status_code == 302
    batch = type_from_paper(app, visitors["scorekeeper"])
    values[""]["batch"] = batch.rsplit("/", 1)[1]
    for name in ("batch", "bad_rows"):
        values[f"organizer.paper_{name}"] = values[""]
    yield House(app, values, kept, visitors, batch)
    app.extensions["lectern_engine"].dispose()


def client(app: Flask, name: str, *roles: Role) -> FlaskClient:
    return builders.client_of(app, builders.make_account(app, f"leaks-{name}", *roles, contest=SLUG))


def type_from_paper(app: Flask, keeper: FlaskClient) -> str:
    """Marks of one sheet typed from paper, which wait for a second person."""
    with app.app_context(), reading() as db:
        contest = contest_by_slug(db, SLUG)
        second = running(db, contest)[1]
        sitting = next(each for each in second.panel.seats if each.number == 6).sittings[0].public_id
        names = [f"{sitting}.{second.public_id}.{name}" for name in CRITERIA]
    form = f"/admin/contests/{SLUG}/papers/final/typing?seat={sitting}"
    return str(keeper.post(form, data=dict(zip(names, TYPED, strict=False))).location)


def addresses(house: House) -> list[tuple[str, str]]:
    """Every GET route's endpoint with an address of the final that is judged, and more ways to ask for it."""
    found = []
    with house.app.test_request_context("/"):
        for rule in house.app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.endswith("static"):
                continue
            values = house.values.get(rule.endpoint, house.values[""])
            address = url_for(rule.endpoint, **{name: values.get(name, "none") for name in rule.arguments})
            found += [(rule.endpoint, address + more) for more in (
                "", *(each.format(**house.values[""]) for each in MORE.get(rule.endpoint, ()))
            )]  # fmt: skip
    return found


def allowed(endpoint: str, who: str, whose: str) -> bool:
    """The exceptions, each with its reason. `whose`: the appearance and seat of a mark, or whole.a for a result."""
    # Whoever works for the contest's organization is its organizer.
    role = Role.ORGANIZER if who == "office" else Role(who) if who in {each.value for each in Role} else None
    whole = whose.split(".")[0] in ("a", "c")
    if endpoint in ("judging.seat", "judging.pad", "judging.state", "judging.signing_list"):
        return who == "judge" and whose.endswith(".1")  # A judge sees, and signs, what that judge gave.
    if endpoint == "organizer.results":
        # Surface.REVIEW: with every sheet in there is no judge left whom a number could lead.
        return role in LEADING and (whole or whose.startswith("whole."))
    if endpoint in ("stage.desk", "stage.parts", "stage.frame_json", "stage.stream"):
        return role in DESK and whose.startswith("whole.")  # Surface.SCORE: what a release would show, never a mark.
    if endpoint == "organizer.paper_batch":
        return role in RUNNING and whose == "typed"  # Whoever confirms holds the paper with the same marks on it.
    return False


def leaks(house: House, who: str, endpoint: str, text: str) -> list[str]:
    """What of an answer should not be there."""
    known = house.hidden.texts | {text: f"whole.{whose}" for text, whose in house.hidden.whole.items()}
    known |= dict.fromkeys(TYPED, "typed")
    found = [f"{each} ({known[each]})" for each in seen(text, known) if not allowed(endpoint, who, known[each])]
    if NOTE in text and not (who == "judge" and endpoint.startswith("judging.")):
        found.append("a private note")
    return found


def ask(browser: FlaskClient, endpoint: str, address: str) -> str:
    """An answer's headers and text; of a stream its first events."""
    with browser.get(address, buffered=False) as answer:
        assert answer.status_code < 500, address
        if endpoint in STREAMS and answer.mimetype == "text/event-stream":
            return first_events(answer.iter_encoded())
        kind = answer.mimetype or ""
        return f"{answer.headers}\n{text_of(answer.get_data(), kind)}"


VISITORS = ("anonymous", "outsider", "office", "judge", *(role.value for role in Role))


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_json_stream_or_file_shows_a_mark_that_is_not_out(house, who):
    found = {}
    for endpoint, address in addresses(house):
        told = leaks(house, who, endpoint, ask(house.visitors[who], endpoint, address))
        if told:
            found[address] = told
    assert found == {}


def test_the_exceptions_are_real_and_the_marks_can_be_found(house):
    """Were the search blind, the test above would pass for nothing."""
    def numbers(who: str, endpoint: str, **values: str) -> set[str]:
        with house.app.test_request_context("/"):
            address = url_for(endpoint, slug=SLUG, **values)
        known = house.hidden.texts | house.hidden.whole | dict.fromkeys(TYPED, "typed")
        return {known[each] for each in seen(ask(house.visitors[who], endpoint, address), known)}

    with house.app.test_request_context("/"):
        state = url_for("judging.state", seat=house.values[""]["seat"])
    assert house.hidden.own <= seen(ask(house.visitors["judge"], "judging.state", state), house.hidden.texts)
    assert "a" in numbers("chief", "stage.desk")
    assert {"a.1", "a.7", "a", "c"} <= numbers("chief", "organizer.results", round="final", entry="01")
    assert "typed" in numbers("chief", "organizer.paper_batch", batch=house.values[""]["batch"])


def test_no_refusal_tells_a_mark(house):
    """What each route answers to a form with nothing in it, and with a contestant and a seat alone."""
    moves = {"stage.release", "stage.open_results", "organizer.paper_import", "judging.sit_down"}
    found = {}
    for who in ("anonymous", "chief", "scorekeeper", "organizer", "supervisor"):
        for rule in house.app.url_map.iter_rules():
            if "POST" not in rule.methods or rule.endpoint in moves or not asks_for_a_role(rule.endpoint):
                continue
            values = house.values.get(rule.endpoint, house.values[""])
            with house.app.test_request_context("/"):
                address = url_for(rule.endpoint, **{name: values.get(name, "none") for name in rule.arguments})
            if rule.endpoint.startswith(("stage.", "organizer.paper", "organizer.type")):
                answer = house.visitors[who].post(address, data={
                    "appearance": values["appearance"], "seat": "none", "kind": "none", "value": "99",
                })  # fmt: skip
                told = leaks(house, who, rule.endpoint, f"{answer.headers}\n{answer.get_data(as_text=True)}")
                if told:
                    found[f"{who} {address}"] = told
    assert found == {}


def asks_for_a_role(endpoint: str) -> bool:
    return not isinstance(ROUTES[endpoint], Access)


PUBLIC = ("audience.contest", "audience.live", "audience.results", "audience.results_json", "leaderboard.index",
          "leaderboard.board", "leaderboard.board_json", "leaderboard.frame_json", "leaderboard.stream")  # fmt: skip


def test_what_the_public_is_sent_does_not_stir_when_a_hidden_mark_comes_in(house):
    def sent() -> dict[str, object]:
        found = {}
        for endpoint in PUBLIC:
            with house.app.test_request_context("/"):
                address = url_for(endpoint, **({} if endpoint == "leaderboard.index" else {"slug": SLUG}))
            if endpoint in STREAMS:
                found[endpoint] = ask(house.app.test_client(), endpoint, address)
                continue
            answer = house.app.test_client().get(address)
            etag = answer.headers.get("ETag")
            found[endpoint] = (answer.status_code, etag, answer.data if "json" in endpoint else None)
        return found

    before = sent()
    assert before["leaderboard.board_json"][1] is not None
    with house.app.test_request_context("/"), live.changing(SLUG) as (db, contest):
        second = running(db, contest)[1]
        draft, final = sit(db, contest, 6), sit(db, contest, 7)
        assert draft.save(second, marks=hidden.marks(6, "2468"))["result"] == "saved"
        assert final.submit(second, marks=hidden.marks(7, "2468"))["result"] == "submitted"
    assert sent() == before


def test_the_ledgers_head_is_on_no_public_page_before_the_seal(house):
    with house.app.app_context(), reading() as db:
        contest = contest_by_slug(db, SLUG)
        head = db.scalars(select(LedgerHead).where(LedgerHead.contest_id == contest.id)).one().hash[:12]
    public = [(endpoint, address) for endpoint, address in addresses(house) if not asks_for_a_role(endpoint)]
    assert len(public) > 30
    told = [address for endpoint, address in public if head in ask(house.visitors["anonymous"], endpoint, address)]
    assert told == []
    assert head in ask(house.visitors["chief"], "stage.desk", f"/ops/{SLUG}")
