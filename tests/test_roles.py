"""Who may open which address: every route for every kind of visitor, as the table in web/roles.py says."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from contest import queries, registering, screens, showing
from contest.ledger import SYSTEM
from contest.models import Appearance, Entry, Registration, Role, Screen, Seat
from tests import builders
from web import links
from web.db import reading, writing
from web.roles import ROUTES, Access

VISITORS = ("anonymous", "outsider", *(role.value for role in Role))
# Outside the contest's own pages a visitor is known by a token or a lease alone, so all get the same answer.
ALIKE = (Access.PUBLIC, Access.TOKEN, Access.LEASE)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An app with a final in which one adjustment was made and one screen opened; no request below changes either."""
    app = builders.make_app(tmp_path_factory.mktemp("roles"))
    slug = builders.make_contest(app, judges=7)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        screens.add_screen(db, contest, name="主屏")
        registering.start_registration(db, contest, code_for=links.registration_code, now=builders.NOW)
        showing.adjust(
            db, contest, appearance=db.scalars(select(Appearance)).first(), kind="quiz", value="-1", reason="答错",
            press="", by=SYSTEM, now=builders.NOW,
        )  # fmt: skip
    yield app
    app.extensions["lectern_engine"].dispose()


@pytest.fixture(scope="module")
def browsers(house: Flask) -> dict[str, Callable[[], FlaskClient]]:
    """A browser of each kind of visitor."""
    accounts = {"anonymous": None, "outsider": builders.make_account(house, "outsider")}
    for role in Role:
        accounts[role.value] = builders.make_account(house, role.value, role, contest="xinghe")
    return {who: (lambda account=account: builders.client_of(house, account)) for who, account in accounts.items()}


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Every route as endpoint, method and an address that exists."""
    with app.test_request_context("/"), reading() as db:
        seat, screen = db.scalars(select(Seat)).first(), db.scalars(select(Screen)).one()
        form = db.scalars(select(Registration).order_by(Registration.id)).first()
        known = {
            "slug": "xinghe", "round": "final", "seat": seat.public_id, "screen": screen.public_id,
            "appearance": db.scalars(select(Appearance)).first().public_id, "message": "a.b", "adjustment": "unknown",
            "filename": "icons/logo.svg", "task": "unknown", "kind": "entries", "batch": "unknown",
            "step": "basics", "part": "release", "file": "unknown", "account": "unknown",
            "registration": form.public_id, "page": "1", "slot": "slides",
            "role": "organizer",
            "material": "unknown", "entry": db.scalars(select(Entry)).first().public_id,
            "attachment": "unknown",
            "certificate": "unknown", "code": "unknown",
            "pause": "unknown", "change": "unknown", "number": 1, "form": "csv",
        }  # fmt: skip
        entry = db.scalars(select(Entry)).first()
        tokens = {
            "leaderboard": links.screen_token(screen), "judging": links.card_token(seat),
            "registration.open_pass": links.pass_token(entry),
            **{f"registration.{act}consent": links.consent_token(form) for act in ("", "give_", "withdraw_")},
            "registration": links.registration_token(form),
        }  # fmt: skip
        found = []
        for rule in app.url_map.iter_rules():
            token = tokens.get(rule.endpoint, tokens.get(rule.endpoint.split(".")[0]))
            values = {name: known.get(name, token) for name in rule.arguments}
            if rule.endpoint == "bootstrap.static":
                values["filename"] = "css/bootstrap.min.css"
            method = "POST" if "POST" in rule.methods else "GET"
            found.append((rule.endpoint, method, url_for(rule.endpoint, **values)))
        return found


def expected(needed: Access | frozenset[Role], who: str, method: str) -> str:
    """How the table answers a visitor."""
    if needed in ALIKE:
        return "let in"
    if needed is Access.HOLDER:  # A registration is held by a browser, whoever is signed in there.
        return "no such thing"
    if who == "anonymous":
        return "to the login" if method == "GET" else "forbidden"
    if needed is Access.SIGNED_IN:
        return "let in"
    if needed is Access.OFFICE:  # None of them works for an organization.
        return "forbidden"
    if who == "outsider":
        return "no such thing"
    return "let in" if Role(who) in needed else "forbidden"


def answer(client: FlaskClient, method: str, address: str) -> str:
    """How the app answers: what comes after the gate (a wrong form, a missing lease) counts as let in."""
    response = client.open(address, method=method, headers={"Accept": "text/html"})
    response.close()
    if response.status_code == 302 and response.location.startswith("/login"):
        return "to the login"
    return {403: "forbidden", 404: "no such thing", 500: "broken"}.get(response.status_code, "let in")


def test_every_route_is_in_the_table_and_the_table_names_no_other(house):
    assert sorted({rule.endpoint for rule in house.url_map.iter_rules()}) == sorted(ROUTES)


# These change what the others need, or look up a thing that this house has not: the gate is passed first either way.
PASSED_WITH_404 = {
    "leaderboard.demo_as", "leaderboard.demo_play", "leaderboard.demo_restart",
    "stage.cancel_adjustment",
    "organizer.tick_task", "organizer.open_file", "organizer.move_file", "organizer.change_staff",
    "organizer.change_seat", "organizer.confirm_rules", "organizer.withdraw_rules", "organizer.confirm_override",
    "organizer.withdraw_override",
    "registration.undo_check_in",
    "organizer.type_paper_in", "organizer.paper_decline",
    "organizer.registration_file", "organizer.change_order", "organizer.move_up", "organizer.place",
    "audience.attachment", "audience.results_bundle", "guide.authority", "guide.authority_profile",
    *(f"organizer.{room}_{act}" for room in ("table", "paper") for act in ("batch", "bad_rows", "import", "undo")),
    "certificates.verify", "certificates.seal", "certificates.one", "certificates.correct", "certificates.revoke",
    "certificates.reissue", "certificates.sheet", "certificates.batch_file", "certificates.retry",
}  # fmt: skip
CHANGES_THE_HOUSE = {"organizer.revoke_card", "organizer.revoke_screen", "judging.sit_down"}


@pytest.mark.parametrize("who", VISITORS)
def test_every_route_answers_every_visitor_as_the_table_says(house, browsers, who):
    wrong = {}
    for endpoint, method, address in addresses(house):
        wanted = expected(ROUTES[endpoint], who, method)
        if endpoint in PASSED_WITH_404 and wanted == "let in":
            wanted = "no such thing"
        if endpoint in CHANGES_THE_HOUSE and wanted == "let in":
            continue
        given = answer(browsers[who](), method, address)
        if given != wanted:
            wrong[f"{method} {endpoint}"] = (given, wanted)
    assert wrong == {}


def test_an_address_of_another_contest_opens_nothing_of_this_one(house, browsers):
    builders.make_contest(house, slug="other", organization="别的协会")
    client = browsers["chief"]()
    theirs = builders.appearances(house, "other")[0]
    assert client.get("/ops/other").status_code == 404
    assert client.get(f"/ops/xinghe?appearance={theirs}").status_code == 404
    assert client.post("/ops/xinghe/call", data={"appearance": theirs}).status_code == 404
    assert client.post("/admin/contests/other/rounds/final/state", data={"to": "locked"}).status_code == 404


def test_working_for_the_organization_makes_an_organizer_of_its_contests(house):
    works = builders.make_account(house, "works", works_for="星河市科学技术协会")
    client = builders.client_of(house, works)
    assert client.get("/admin/contests/xinghe/cards").status_code == 200
    assert client.post("/ops/xinghe/scene", data={"scene": "ranking"}).status_code == 403


def test_a_form_without_its_token_changes_nothing(tmp_path):
    app = builders.make_app(tmp_path)
    app.config["WTF_CSRF_ENABLED"] = True
    slug = builders.make_contest(app, judges=7)
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest=slug))
    refused = chief.post(f"/ops/{slug}/call", data={"appearance": builders.appearances(app)[0]})
    assert refused.status_code == 400
    assert chief.get(f"/ops/{slug}/frame.json").json["now"] is None
    app.extensions["lectern_engine"].dispose()
