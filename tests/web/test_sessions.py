"""The session cookie: set by what changes it, and by nothing else."""

from __future__ import annotations

import pytest

from contest.models import Role
from tests import builders


@pytest.mark.parametrize(
    "address", ["/static/css/base.css", "/ops/{slug}/parts", "/contests/{slug}/board.json", "/admin", "/health"]
)
def test_an_answer_that_changes_nothing_sets_no_cookie(app, final, address):
    # Answers overtake each other: a late one would bring back a session from before a press or a sign-out.
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=final))
    with client.session_transaction() as session:
        session.permanent = True
        session["csrf_token"] = "a token that pages already have"
    with client.get(address.format(slug=final)) as answer:
        assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
