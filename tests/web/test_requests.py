"""What holds for every route: GET changes nothing, POST proves itself, headers protect, and no input breaks a page."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import LARGEST_REQUEST, SECURITY_HEADERS
from contest import queries
from contest.models import Role, Screen, Seat
from judging.routes import LARGEST_BATCH
from tests import builders, furnished
from web import links
from web.db import reading, writing
from web.limits import limiter

STREAMS = re.compile(r"stream$")
# What a page answers where everything is there that it asks for: itself, or the page that goes on from it.
SHOWN = (200, 302, 303)


def addresses(app: Flask, slug: str) -> dict[str, str]:
    """Values for every part of an address, so that each route can be opened for real."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        screen = Screen(contest_id=contest.id, name="大屏")
        db.add(screen)
        db.flush()
        seat = db.scalars(select(Seat)).first()
        return {
            "slug": slug, "seat": seat.public_id, "appearance": builders.appearances(app)[0], "round": "final",
            "filename": "css/base.css", "part": "dates", "step": "basics", "page": "1",
            "card": links.card_token(seat), "screen": links.screen_token(screen),
        }  # fmt: skip


def opened(app: Flask, method: str) -> list[tuple[str, str]]:
    """Each route with this method: its endpoint and the pattern of its address."""
    return [(rule.endpoint, rule.rule) for rule in app.url_map.iter_rules() if method in (rule.methods or ())]


def path_of(endpoint: str, rule: str, values: dict[str, str]) -> str:
    token = values.get("token") or values["screen" if "screen" in endpoint else "card"]
    argument = r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>"
    return re.sub(argument, lambda part: token if part[1] == "token" else values.get(part[1], "x"), rule)


def seated(app: Flask, slug: str, role: Role | None = Role.ORGANIZER) -> tuple[FlaskClient, dict[str, str]]:
    """A browser that holds a seat and, with a role, is signed in; and the values of the addresses."""
    values = addresses(app, slug)
    client = builders.client_of(app, builders.make_account(app, "who", role, contest=slug) if role else None)
    assert client.post(f"/judge/{values['card']}").status_code == 302
    return client, values


def ask(client: FlaskClient, method: str, path: str, **options: object) -> tuple[int, dict[str, str]]:
    """The status and the headers of an answer, which is closed: some send a file."""
    with client.open(path, method=method, **options) as answer:
        return answer.status_code, dict(answer.headers)


def dump(folder: Path) -> list[str]:
    """Everything in the database."""
    with sqlite3.connect(folder / "lectern.sqlite3") as connection:
        text = list(connection.iterdump())
    connection.close()
    return text


def test_no_get_changes_the_database_and_every_page_is_there(app, tmp_path):
    house = furnished.furnish(app)
    client = furnished.visitor(app, *Role)
    before = dump(tmp_path)
    seen = {}
    for endpoint, rule in opened(app, "GET"):
        if not STREAMS.search(rule):
            seen[endpoint] = ask(client, "GET", path_of(endpoint, rule, furnished.of(house, endpoint)))[0]
    assert {endpoint: status for endpoint, status in seen.items() if status not in SHOWN} == {}
    assert dump(tmp_path) == before


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_neither_does_asking_about_a_page(app, final, tmp_path, method):
    client, values = seated(app, final)
    before = dump(tmp_path)
    for endpoint, rule in opened(app, method):
        assert ask(client, method, path_of(endpoint, rule, values))[0] < 500
    assert dump(tmp_path) == before


def test_every_answer_carries_the_security_headers(app, final):
    client, values = seated(app, final)
    paths = [path_of(endpoint, rule, values) for endpoint, rule in opened(app, "GET") if not STREAMS.search(rule)]
    for path in (*paths, "/nowhere", "/screen/x", "/ops/none"):
        _status, headers = ask(client, "GET", path)
        assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS, path


def test_the_policy_allows_no_inline_script_or_style_and_no_other_host():
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert {"default-src 'self'", "object-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))


def test_every_post_but_the_tablets_messages_needs_its_form_token(app, final, tmp_path):
    client, values = seated(app, final)
    app.config["WTF_CSRF_ENABLED"] = True
    before = dump(tmp_path)
    for endpoint, rule in opened(app, "POST"):
        answer = client.post(path_of(endpoint, rule, values), headers={"Accept": "application/json"})
        code = answer.get_json()["error"]["code"]
        assert (answer.status_code, code) == (400, "malformed" if endpoint == "judging.messages" else "form_expired")
    assert dump(tmp_path) == before


def test_the_messages_route_is_not_reached_by_a_cookie_alone(app, final):
    client, values = seated(app, final)
    with client.session_transaction() as session:
        lease, _secret = session["leases"][values["seat"]]
    body = {"v": 1, "lease": lease, "messages": []}
    assert client.post(f"/judge/seats/{values['seat']}/messages", json=body).status_code == 401


def test_cookies_are_not_for_scripts_or_other_sites(app, final):
    values = addresses(app, final)
    cookie = app.test_client().post(f"/judge/{values['card']}").headers["Set-Cookie"]
    assert ("HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True)


def test_a_request_that_is_too_large_is_answered_413(app, final):
    client, values = seated(app, final)
    for path, kind, size in (
        ("/login", "application/x-www-form-urlencoded", LARGEST_REQUEST + 1),
        (f"/judge/seats/{values['seat']}/messages", "application/json", LARGEST_REQUEST + 1),
        (f"/judge/seats/{values['seat']}/messages", "application/json", LARGEST_BATCH + 1),
    ):
        assert client.post(path, data=b"x" * size, content_type=kind).status_code == 413


def test_a_nul_is_refused_before_any_database_sees_it(tmp_path, database_url):
    app = builders.make_app(tmp_path, database_url=database_url)
    client = app.test_client()
    assert client.get("/contests/%00/board").status_code == 404
    assert client.post("/judge/seats/a%00/messages", json={"v": 1, "lease": "x", "messages": []}).status_code == 404
    assert client.post("/login", data={"username": "a\x00", "password": "x"}).status_code == 400
    body = {"v": 1, "lease": "\x00", "messages": []}
    assert client.post("/judge/seats/a/messages", json=body).status_code == 401
    app.extensions["lectern_engine"].dispose()


@pytest.mark.parametrize("junk", ["%00", "a%00b", "%ff%fe", "%ED%A0%80", "..%2f..%2f", "%F0%9F%8E%89" * 50, "A" * 3000])
def test_no_junk_in_an_address_breaks_a_page(app, final, junk):
    client, values = seated(app, final)
    for method in ("GET", "POST"):
        for endpoint, rule in opened(app, method):
            if "<" in rule and not STREAMS.search(rule):
                for part in re.findall(r"<(?:\w+:)?(\w+)>", rule):
                    changed = {"card": junk, "screen": junk} if part == "token" else {part: junk}
                    path = path_of(endpoint, rule, values | changed)
                    assert ask(client, method, path)[0] < 500, (method, path)


@pytest.mark.parametrize("form", [
    {"username": "a\x00", "password": "x"}, {"next": "//[", "language": "en"},
    {"next": "http://[::1", "language": "en"},
    {"entry": "\x00", "reason": "\x00", "value": "\x00"}, {"press": "x" * 10_000}, {"language": "\ud7ff" * 100},
])  # fmt: skip
def test_no_junk_in_a_form_breaks_a_page(app, final, form):
    client, values = seated(app, final)
    for endpoint, rule in opened(app, "POST"):
        assert client.post(path_of(endpoint, rule, values), data=form).status_code < 500, endpoint
    for next_ in ("//[", "/\x00", "http://[::1"):
        assert client.get("/login", query_string={"next": next_, "lang": "\x00"}).status_code < 500


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[]", b"null", b'"x"', b"[" * 100_000, b'{"a":' * 50_000])
def test_no_junk_as_json_breaks_a_route(app, final, body):
    client, values = seated(app, final)
    for endpoint, rule in opened(app, "POST"):
        answer = client.post(path_of(endpoint, rule, values), data=body, content_type="application/json")
        assert answer.status_code < 500, endpoint


def test_the_language_is_chosen_for_one_view_or_kept_in_a_cookie(app):
    client = app.test_client()
    assert '<html lang="zh' in client.get("/").text
    assert '<html lang="en' in client.get("/?lang=en").text
    assert '<html lang="zh' in client.get("/?lang=xx").text
    assert client.post("/language", data={"language": "en", "next": "/"}).location == "/"
    assert '<html lang="en' in client.get("/").text
    assert client.post("/language", data={"language": "xx", "next": "https://evil.example/"}).location == "/"
    assert '<html lang="en' in client.get("/").text


def test_a_name_is_tried_ten_times_a_minute_from_wherever_and_then_told_to_wait(tmp_path):
    app = builders.make_app(tmp_path)
    app.config["RATELIMIT_ENABLED"] = True
    limiter.enabled = True
    try:
        client = app.test_client()
        tries = [client.post("/login", data={"username": " Chief", "password": "x"}).status_code for _ in range(10)]
        told = {"Accept": "application/json"}
        late = client.post("/login", data={"username": "chief ", "password": "x"}, headers=told)
        other = client.post("/login", data={"username": "other", "password": "x"})
    finally:
        limiter.enabled = False
        app.extensions["lectern_engine"].dispose()
    assert (set(tries), late.status_code, other.status_code) == ({422}, 429, 422)
    assert late.get_json()["error"]["code"] == "too_many_requests"
    assert 1 <= int(late.headers["Retry-After"]) <= 60


def test_a_contests_page_says_nothing_of_its_machine(app, final):
    with app.app_context(), reading() as db:
        assert queries.contest_by_slug(db, final).slug == final
    page = app.test_client().get(f"/contests/{final}/board").text
    assert [word for word in ("sqlite", "instance", "Traceback", "/home", "/root") if word in page] == []
    assert json.loads(app.test_client().get(f"/contests/{final}/frame.json").text)["v"] == 1
