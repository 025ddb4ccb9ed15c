"""Private links: what is signed opens, what is changed anywhere does not, and what is revoked says so."""

from __future__ import annotations

import pytest

from contest.errors import NotFound
from contest.models import Screen, Seat
from tests.builders import make_app
from web import links

SEAT = Seat(public_id="seat-id_0", card_generation=3)
SCREEN = Screen(public_id="seat-id_0", generation=3)


@pytest.fixture
def within(app):
    with app.test_request_context("/", base_url="http://192.168.1.10:8000"):
        yield app


def test_a_token_opens_what_it_was_made_for(within):
    assert links.open_token("card", links.card_token(SEAT)) == links.Opened("seat-id_0", 3)
    assert links.open_token("screen", links.screen_token(SCREEN)) == links.Opened("seat-id_0", 3)


def test_a_token_changed_in_any_letter_opens_nothing(within):
    token = links.card_token(SEAT)
    for at, letter in enumerate(token):
        for other in "A0.é٣":
            if other != letter:
                with pytest.raises(NotFound):
                    links.open_token("card", token[:at] + other + token[at + 1:])


@pytest.mark.parametrize("token", [
    "", ".", "..", "a.b.c", "a.1.", "a.01.x", "a.-1.x", "a.１.x", "a.9999999999.x", "字.1.字", "x" * 5000, "a.1.b.c",
])  # fmt: skip
def test_what_was_never_a_token_opens_nothing(within, token):
    for kind in ("card", "screen"):
        with pytest.raises(NotFound):
            links.open_token(kind, token)


def test_a_token_with_anything_added_or_cut_off_opens_nothing(within):
    token = links.card_token(SEAT)
    for changed in (token + "A", token + "=", token[:-1], " " + token, token + "\n", token.upper()):
        with pytest.raises(NotFound):
            links.open_token("card", changed)


def test_a_card_opens_no_screen_and_a_screen_no_seat(within):
    for kind, token in (("screen", links.card_token(SEAT)), ("card", links.screen_token(SCREEN))):
        with pytest.raises(NotFound):
            links.open_token(kind, token)


def test_every_generation_has_a_token_of_its_own(within):
    tokens = {links.card_token(Seat(public_id="s", card_generation=number)) for number in range(1, 50)}
    assert len(tokens) == 49


def test_a_token_of_another_installation_opens_nothing(within, tmp_path):
    other = make_app(tmp_path / "other", secret_key="another key")
    with other.app_context():
        token = links.card_token(SEAT)
    other.extensions["lectern_engine"].dispose()
    with pytest.raises(NotFound):
        links.open_token("card", token)


def test_printed_codes_carry_the_address_that_was_chosen_else_the_one_they_were_asked_by(within, tmp_path):
    assert links.absolute("leaderboard.board", slug="a") == "http://192.168.1.10:8000/contests/a/board"
    chosen = make_app(tmp_path / "chosen", public_url="https://final.example.org/")
    with chosen.test_request_context("/", base_url="http://127.0.0.1"):
        assert links.absolute("leaderboard.board", slug="a") == "https://final.example.org/contests/a/board"
    chosen.extensions["lectern_engine"].dispose()
