"""A card under http where there is https too: it leads there before judging, and never away from marks."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from contest.models import Panel, Round, RoundState, Seat
from tests import builders
from web import links
from web.db import reading, writing

PLAIN, SECURE = "http://192.168.1.10:8000", "https://192.168.1.10:8000"
MOVES, WARNS = 'id="moving"', "打开原来的页面"


@pytest.fixture
def event(tmp_path: Path):
    """An event with https, its round open and not judging yet."""
    app = builders.make_app(tmp_path, public_url=PLAIN, secure_url=SECURE)
    builders.make_contest(app, state=RoundState.OPEN)
    yield app
    app.extensions["lectern_engine"].dispose()


def card(app: Flask) -> str:
    with app.test_request_context(), reading() as db:
        return f"/judge/{links.card_token(db.scalars(select(Seat).join(Panel).order_by(Seat.number)).first())}"


def begin(app: Flask, state: RoundState = RoundState.JUDGING) -> None:
    with app.app_context(), writing() as db:
        db.execute(update(Round).values(state=state))


def shown(client: FlaskClient, path: str, base: str) -> tuple[bool, bool]:
    """Whether the card leads on to https, and whether it warns of marks under http."""
    page = client.get(path, base_url=base)
    assert page.status_code == 200
    return MOVES in page.text, WARNS in page.text


def test_before_judging_a_card_leads_to_https_and_afterwards_it_stays(event: Flask):
    path, client = card(event), event.test_client()
    assert (shown(client, path, PLAIN), shown(client, path, SECURE)) == ((True, False), (False, False))
    assert f'"secure": "{SECURE}{path}"' in client.get(path, base_url=PLAIN).text
    for state in (RoundState.JUDGING, RoundState.LOCKED):
        begin(event, state)
        assert (shown(client, path, PLAIN), shown(client, path, SECURE)) == ((False, False), (False, False))


def test_a_browser_that_sat_down_under_https_is_led_back_there_also_while_judging(event: Flask):
    path, client = card(event), event.test_client()
    assert client.post(path, base_url=SECURE).status_code == 302
    begin(event)
    assert (shown(client, path, PLAIN), shown(client, path, SECURE)) == ((True, False), (False, False))


def test_a_browser_that_sat_down_under_http_is_warned_by_a_new_card_while_judging(event: Flask):
    path, client = card(event), event.test_client()
    seat = client.post(path, base_url=PLAIN).location
    begin(event)
    assert (shown(client, path, PLAIN), shown(client, path, SECURE)) == ((False, False), (False, True))
    assert f'href="{PLAIN}{seat}"' in client.get(path, base_url=SECURE).text
    # Its pad goes on under either.
    assert client.get(seat, base_url=PLAIN).status_code == 200
    assert client.get(f"{seat}/state", base_url=SECURE).status_code == 200


def test_without_https_a_card_says_nothing_of_it(tmp_path: Path):
    app = builders.make_app(tmp_path, public_url=PLAIN)
    builders.make_contest(app, state=RoundState.OPEN)
    assert shown(app.test_client(), card(app), PLAIN) == (False, False)
    app.extensions["lectern_engine"].dispose()


def test_a_seat_taken_before_the_scheme_was_noted_still_opens(event: Flask):
    path, client = card(event), event.test_client()
    client.post(path, base_url=PLAIN)
    with client.session_transaction(base_url=PLAIN) as session:
        del session["schemes"]
    assert (shown(client, path, PLAIN), shown(client, path, SECURE)) == ((True, False), (False, False))
