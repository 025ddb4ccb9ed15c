"""The guardian's page, the contestant's page that asks for it, the form on paper, and the pass."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from contest import answers, queries
from contest.models import Consent, Entry, Registration, RegistrationState, Role
from contest.registering import start_registration
from tests import builders
from web import links
from web.db import reading, writing

PDF = b"%PDF-1.4 signed"
GIVEN = {"guardian": "李娜", "relation": "mother", "agreed": "yes"}


@pytest.fixture
def form(app, final):
    """The public id of a draft of a child of twelve, in a contest with a day and a contact."""
    with app.test_request_context(), writing() as db:
        contest = queries.contest_by_slug(db, final)
        contest.published_at, contest.starts_at = builders.NOW, datetime(2026, 5, 16, 1, tzinfo=UTC)
        contest.contact, contest.place = "0514-1234567", "星河市科技馆"
        made = start_registration(db, contest, code_for=links.registration_code, now=builders.NOW)
        given = {"name": "㛃小明", "birth_date": "2014-03-04", "unit": "银杏小学", "title": "月球的土，能种菜吗？"}
        made.answers = answers.write(given)
        return made.public_id


@pytest.fixture
def child(app, form):
    """The contestant's browser."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["registrations"] = [f"{form}.1"]
    return client


def link(app, form):
    with app.test_request_context(), reading() as db:
        return f"/consent/{links.consent_token(row(db, form))}"


def multipart(fields, name, content):
    """A form with a file, written out by hand: the test client would leave a large one's temporary file open."""
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + content)
    body = b"".join(b"--part\r\n" + part + b"\r\n" for part in parts) + b"--part--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=part"}


def row(db, form):
    return db.scalars(select(Registration).where(Registration.public_id == form)).one()


def change(app, form, **changed):
    with app.app_context(), writing() as db:
        for name, value in changed.items():
            setattr(row(db, form), name, value)


def consents(app):
    with app.app_context(), reading() as db:
        return [(c.guardian, c.method.value, c.withdrawn_at is None) for c in db.scalars(select(Consent))]


def test_the_guardian_reads_in_plain_words_and_looking_changes_nothing(app, form):
    page = app.test_client().get(link(app, form))
    assert page.status_code == 200
    about = "㛃*报名参加第八届星河市科普讲解大赛"
    wanted = (about, "收集什么", "谁能看到", "只写作「㛃*」", "保存多久", "怎样撤回", "0514-1234567")
    assert [words for words in wanted if words not in page.text] == []
    assert [told for told in ("㛃小明", "2014", "银杏小学") if told in page.text] == []
    assert consents(app) == []


def test_the_guardian_consents_on_their_own_phone_and_takes_it_back(app, form, child):
    phone, address = app.test_client(), link(app, form)
    assert phone.post(address, data=GIVEN).status_code == 303
    assert "已经同意" in phone.get(address).text
    assert "母亲 李娜 已在线同意" in child.get(f"/my/entries/{form}/consent").text
    assert phone.post(f"{address}/withdraw").status_code == 303
    assert "撤回了同意" in phone.get(address).text
    assert consents(app) == [("李娜", "link", False)]


@pytest.mark.parametrize("left_out, words", [
    ("guardian", "请填写监护人姓名。"), ("relation", "请选择您与孩子的关系。"), ("agreed", "请先勾选，再提交。"),
])  # fmt: skip
def test_what_is_missing_is_said_twice_and_what_was_typed_stays(app, form, left_out, words):
    sent = {name: value for name, value in GIVEN.items() if name != left_out}
    page = app.test_client().post(link(app, form), data=sent)
    assert (page.status_code, page.text.count(words)) == (422, 2)
    assert 'value="李娜"' in page.text or left_out == "guardian"
    assert consents(app) == []


def test_everything_that_is_missing_is_said_at_once(app, form):
    assert "共有 3 处需要修改" in app.test_client().post(link(app, form)).text


def test_an_altered_or_foreign_link_is_nothing(app, form):
    address = link(app, form)
    for wrong in (address[:-2] + "zz", "/consent/x", address.replace(".1.", ".2.")):
        assert app.test_client().get(wrong).status_code == 404


def test_a_replaced_link_can_withdraw_but_not_consent(app, form):
    address = link(app, form)
    change(app, form, generation=2)
    assert app.test_client().post(address, data=GIVEN).status_code == 404
    change(app, form, generation=1)
    app.test_client().post(address, data=GIVEN)
    change(app, form, generation=2)
    assert "已经同意" in app.test_client().get(address).text
    assert app.test_client().post(f"{address}/withdraw").status_code == 303
    assert consents(app) == [("李娜", "link", False)]


def test_a_withdrawn_registration_needs_no_consent_any_more(app, form):
    change(app, form, state=RegistrationState.WITHDRAWN)
    assert "这份报名已经撤回" in app.test_client().get(link(app, form)).text
    assert app.test_client().post(link(app, form), data=GIVEN).status_code == 409


def test_the_contestant_gets_a_private_link_and_a_form_to_print(app, form, child):
    page = child.get(f"/my/entries/{form}/consent").text
    assert f"http://localhost{link(app, form)}" in page
    sheet = child.get(f"/my/entries/{form}/consent-form.pdf")
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=sheet.data, capture_output=True, check=True)
    words = re.sub(r"\s+", "", done.stdout.decode())
    assert [part for part in ("㛃小明", "2014-03-04", "银杏小学", "监护人签字", "2026-1") if part not in words] == []
    assert words.count("\f") == 0


def test_the_signed_form_is_uploaded_and_replaced(app, form, child):
    address = f"/my/entries/{form}/consent"
    for _ in range(2):
        assert child.post(address, **multipart(GIVEN, "同意书.pdf", PDF)).status_code == 303
    assert "母亲 李娜 的签字同意书已上传" in child.get(address).text
    assert consents(app) == [("李娜", "form", True)] * 2


@pytest.mark.parametrize("content, name, status", [
    (b"just text", "form.jpg", 422), (b"<svg onload='x'/>", "form.svg", 422), (b"", "form.pdf", 422),
    (PDF + b"0" * 10_000_000, "form.pdf", 422),
])  # fmt: skip
def test_a_file_that_is_no_signed_form_is_refused_and_what_was_typed_stays(app, form, child, content, name, status):
    page = child.post(f"/my/entries/{form}/consent", **multipart(GIVEN, name, content))
    assert (page.status_code, 'value="李娜"' in page.text, 'id="file-fault"' in page.text) == (status, True, True)
    assert consents(app) == []


def test_another_devices_registration_is_not_opened(app, form):
    stranger = app.test_client()
    for path in ("consent", "consent-form.pdf", "pass"):
        assert stranger.get(f"/my/entries/{form}/{path}").status_code == 404
    assert stranger.post(f"/my/entries/{form}/consent", data=GIVEN).status_code == 404


def test_the_forms_third_page_asks_for_the_guardian_until_there_is_a_consent(app, form, child):
    page = child.get(f"/my/entries/{form}/form/3")
    assert "还需要监护人同意" in page.text
    app.test_client().post(link(app, form), data=GIVEN)
    assert "母亲 李娜 已在线同意" in child.get(f"/my/entries/{form}/form/3").text
    older = json.loads(answers.write({"birth_date": "2001-01-01", "name": "张明"}))
    change(app, form, answers=json.dumps(older))
    assert "还需要监护人同意" not in child.get(f"/my/entries/{form}/form/3").text


def test_the_pass_appears_with_the_approval(app, form, child):
    before = child.get(f"/my/entries/{form}/pass")
    assert (before.status_code, before.location) == (303, f"/my/entries/{form}")
    with app.app_context(), writing() as db:
        found, entry = row(db, form), db.scalars(select(Entry)).first()
        found.entry_id, found.receipt, found.state = entry.id, "R-0001", RegistrationState.APPROVED
    page = child.get(f"/my/entries/{form}/pass").text
    wanted = ("沈知遥", "01", "2026-05-16 09:00", "星河市科技馆", '<svg class="qr"')
    assert [word for word in wanted if word not in page] == []


def test_the_organizer_is_told_when_a_consent_is_taken_back_after_the_approval(app, form, final):
    organizer = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=final))
    app.test_client().post(link(app, form), data=GIVEN)
    with app.app_context(), writing() as db:
        found, entry = row(db, form), db.scalars(select(Entry)).first()
        found.entry_id, found.receipt, found.state = entry.id, "R-0001", RegistrationState.APPROVED
    assert "监护人撤回了同意" not in organizer.get(f"/admin/contests/{final}").text
    app.test_client().post(f"{link(app, form)}/withdraw")
    page = organizer.get(f"/admin/contests/{final}").text
    assert ("监护人撤回了同意：01 号" in page, f"/entries/{form}" in page) == (True, True)


def test_both_languages_have_every_page(app, form, child):
    phone = app.test_client()
    assert "I consent" in phone.get(f"{link(app, form)}?lang=en").text
    assert "On the guardian" in child.get(f"/my/entries/{form}/consent?lang=en").text
