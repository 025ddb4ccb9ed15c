"""The whole way of a form, from its start to the entry, on every database that an installation may run on."""

from __future__ import annotations

import pytest

from contest.models import RegistrationState
from tests import builders
from tests.registration.forms import begin, fill, open_contest, registration, submitted, version


@pytest.fixture
def app(tmp_path, database_url):
    made = builders.make_app(tmp_path, database_url=database_url)
    yield made
    made.extensions["lectern_engine"].dispose()


def test_a_form_is_filled_in_submitted_changed_withdrawn_and_its_card_replaced(app):
    open_contest(app)
    client = app.test_client()
    form = begin(client)
    fill(app, client, form)
    told = {"version": version(app, form), "base": {"unit": "星河中学"}, "answers": {"unit": "市科技馆\u0000\ud800"}}
    assert client.post(f"/my/entries/{form}/answers", json=told).json["answers"]["unit"] == "市科技馆"
    for act in ("submit", "reopen", "files/photo/remove", "card", "withdraw"):
        assert client.post(f"/my/entries/{form}/{act}").status_code == 303, act
    assert registration(app, form).state is RegistrationState.WITHDRAWN


def test_forms_are_approved_one_by_one_several_at_once_and_none(app):
    slug = open_contest(app)
    forms = [submitted(app, app.test_client()) for _each in range(3)]
    client = builders.client_of(app, builders.make_account(app, "o", works_for="星河市科学技术协会"))
    room = f"/admin/contests/{slug}/entries"
    assert client.post(f"{room}/approve").status_code == 303
    assert client.post(f"{room}/{forms[0]}/approve", data={"seen": version(app, forms[0])}).status_code == 303
    picked = [f"{form}.{version(app, form)}" for form in forms]
    assert client.post(f"{room}/approve", data={"pick": picked}).status_code == 303
    assert [registration(app, form).state for form in forms] == [RegistrationState.APPROVED] * 3
