"""The form page by page: into it, saving a page and a single field, two devices, the check page, the receipt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contest import answers
from contest.models import Delegation, RegistrationState
from tests import builders
from tests.registration.forms import (
    ABOUT,
    TALK,
    alter,
    begin,
    change,
    contest_of,
    fill,
    open_contest,
    registration,
    save,
    submitted,
    version,
)  # fmt: skip
from web import links
from web.db import writing

HOUR = timedelta(hours=1)


@pytest.fixture
def slug(app) -> str:
    return open_contest(app)


@pytest.fixture
def client(app, slug):
    return app.test_client()


def stored(app, public_id):
    return answers.read(registration(app, public_id).answers)


def autosave(client, public_id, given, *, version, base=None):
    return client.post(
        f"/my/entries/{public_id}/answers",
        json={"version": version, "base": base if base is not None else dict.fromkeys(given, ""), "answers": given},
    )


@pytest.mark.parametrize("changed, said", [
    ({"registration_opens_at": 24}, "报名还没有开始"), ({"registration_closes_at": -1}, "截止。已保存的草稿仍可查看。"),
    ({"quota": 3}, "名额已满"),
])  # fmt: skip
def test_before_after_and_when_full_the_page_says_so_and_offers_no_form(app, client, slug, changed, said):
    now = datetime.now(UTC)
    hours = {name: now + value * HOUR if name != "quota" else value for name, value in changed.items()}
    change(app, slug, **hours)
    page = client.get(f"/contests/{slug}/register")
    refused = client.post(f"/contests/{slug}/register")
    assert (page.status_code, refused.status_code) == (200, 409)
    assert said in page.text and said in refused.text
    assert "开始报名</button>" not in page.text


def test_a_contest_without_dates_for_it_takes_no_registrations_yet(app, client, slug):
    change(app, slug, registration_opens_at=None, registration_closes_at=None)
    assert "报名时间还没有公布" in client.get(f"/contests/{slug}/register").text
    assert client.post(f"/contests/{slug}/register").status_code == 409
    change(app, slug, starts_at=datetime.now(UTC) - HOUR)
    assert "报名已结束" in client.get(f"/contests/{slug}/register").text


def test_an_open_contest_offers_the_form_and_says_until_when_and_how_many_places(app, client, slug):
    change(app, slug, quota=10)
    page = client.get(f"/contests/{slug}/register").text
    assert "开始报名</button>" in page and "还剩 7 个名额" in page


def test_nobody_registers_for_a_contest_that_is_not_published(app, client, slug):
    change(app, slug, published_at=None)
    assert client.get(f"/contests/{slug}/register").status_code == 404
    assert client.post(f"/contests/{slug}/register").status_code == 404


def test_a_draft_of_this_device_comes_first(app, client, slug):
    public_id = begin(client)
    save(app, client, public_id, 1, ABOUT)
    page = client.get(f"/contests/{slug}/register").text
    assert f"/my/entries/{public_id}" in page and "沈知遥" in page and "再报一名选手" in page


def test_a_page_is_saved_as_typed_and_what_is_wrong_is_said_twice_in_the_same_words(app, client):
    public_id = begin(client)
    refused = save(app, client, public_id, 1, ABOUT | {"phone": "1380013800", "name": ""})
    assert refused.status_code == 422
    assert "共有 2 处需要修改" in refused.text
    assert refused.text.count("应为 11 位，您输入了 10 位") == 2
    assert '<a href="#phone">手机：应为 11 位，您输入了 10 位</a>' in refused.text
    assert 'value="1380013800"' in refused.text
    assert stored(app, public_id)["phone"] == "1380013800"
    assert save(app, client, public_id, 1, ABOUT).location.endswith("/form/2")


def test_going_back_saves_and_asks_nothing(app, client):
    public_id = begin(client)
    back = save(app, client, public_id, 2, {"title": "半个题目"}, go="back")
    assert back.location.endswith("/form/1")
    assert stored(app, public_id) == {"title": "半个题目"}


def test_typed_text_is_shown_and_never_run(app, client):
    public_id = begin(client)
    page = save(app, client, public_id, 1, {"name": '"><script>alert(1)</script>', "unit": "=1+1"})
    assert "<script>alert" not in page.text
    assert stored(app, public_id)["unit"] == "=1+1"


def test_a_field_is_saved_by_itself_and_the_time_is_told(app, client):
    public_id = begin(client)
    told = autosave(client, public_id, {"name": "龚𬭎"}, version=1)
    assert (told.status_code, told.json["version"], told.json["answers"]) == (200, 2, {"name": "龚𬭎"})
    assert len(told.json["saved"]) == 5
    page = client.get(f"/my/entries/{public_id}/form/1").text
    assert 'value="龚𬭎"' in page and f'data-version="{told.json["version"]}"' in page


def test_an_older_page_is_told_which_fields_differ_and_overwrites_none(app, client):
    public_id = begin(client)
    autosave(client, public_id, {"title": "甲"}, version=1)
    told = autosave(client, public_id, {"title": "乙"}, version=1)
    assert (told.status_code, told.json) == (409, {"conflict": {"title": "甲"}, "version": 2})
    settled = autosave(client, public_id, {"title": "乙"}, version=2, base={"title": "甲"})
    assert (settled.status_code, stored(app, public_id)["title"]) == (200, "乙")


def test_without_scripts_the_page_shows_both_and_saving_again_decides(app, client):
    public_id = begin(client)
    autosave(client, public_id, {"title": "甲"}, version=1)
    page = client.post(f"/my/entries/{public_id}/form/2", data={"version": "1", "title": "乙"})
    assert page.status_code == 409
    assert "另一台设备填写的是「甲」" in page.text and ">乙</textarea>" in page.text
    assert 'name="version" value="2"' in page.text
    assert stored(app, public_id)["title"] == "甲"


@pytest.mark.parametrize("message", [
    None, [], {}, {"version": "1", "base": {}, "answers": {}}, {"version": 1, "base": {}, "answers": {"name": 5}},
    {"version": 1, "base": [], "answers": {}}, {"version": True, "base": {}, "answers": {}},
])  # fmt: skip
def test_a_message_of_another_shape_is_refused(client, message):
    assert client.post(f"/my/entries/{begin(client)}/answers", json=message).status_code == 400


@pytest.mark.parametrize("given", [{"name": "\ud800"}, {"name": "a\x00b"}, {"nothing": "x"}, {"name": "字" * 5000}])
def test_whatever_is_typed_never_breaks_the_page(app, client, given):
    public_id = begin(client)
    assert autosave(client, public_id, given, version=1).status_code == 200
    assert client.get(f"/my/entries/{public_id}/form/1").status_code == 200


@pytest.mark.parametrize("version", ["", "x", "-1", "1" * 30, "²"])
def test_a_page_without_its_version_is_refused(client, version):
    assert client.post(f"/my/entries/{begin(client)}/form/1", data={"version": version}).status_code == 400


@pytest.mark.parametrize("page", [0, 6, 99])
def test_the_form_has_five_pages(client, page):
    assert client.get(f"/my/entries/{begin(client)}/form/{page}").status_code == 404


def test_a_box_that_was_ticked_can_be_unticked(app, client):
    public_id = begin(client)
    save(app, client, public_id, 3, {"portrait": "yes", "portrait.shown": "1"})
    assert stored(app, public_id) == {"portrait": "yes"}
    save(app, client, public_id, 3, {"portrait.shown": "1"})
    assert stored(app, public_id) == {}


def test_units_are_offered_where_the_contest_lists_them(app, client, slug):
    with app.app_context(), writing() as db:
        db.add(Delegation(contest_id=contest_of(app).id, name="南屿区", position=1, quota=0))
    public_id = begin(client)
    assert '<option value="南屿区">' in client.get(f"/my/entries/{public_id}/form/2").text
    full = save(app, client, public_id, 2, TALK | {"delegation": "南屿区"})
    assert "这个单位的 0 个名额已满" in full.text


def test_a_guardian_is_asked_for_where_the_contestant_is_a_child(app, client):
    public_id = begin(client)
    assert 'name="guardian"' not in client.get(f"/my/entries/{public_id}/form/3").text
    child = f"{datetime.now(UTC).year - 10}-01-02"
    save(app, client, public_id, 1, ABOUT | {"birth_date": child})
    assert 'name="guardian"' in client.get(f"/my/entries/{public_id}/form/3").text
    assert "未满 14 周岁，需要监护人同意" in client.get(f"/my/entries/{public_id}/form/4").text


def test_the_check_page_shows_the_name_as_it_will_be_printed_and_lists_what_is_missing(app, client):
    public_id = begin(client)
    save(app, client, public_id, 1, ABOUT | {"name": " 龚\u202e𬭎\u200b \U0002ffff"})
    page = client.get(f"/my/entries/{public_id}/form/4").text
    assert '<p class="preview__certificate">龚𬭎 \U0002ffff</p>' in page
    assert "证书的字体里没有「\U0002ffff」" in page
    assert f'href="/my/entries/{public_id}/form/2?marked=1#title">讲解题目：这一项还没有填</a>' in page
    assert "提交报名</button>" not in page
    marked = client.get(f"/my/entries/{public_id}/form/2?marked=1").text
    assert "讲解题目：这一项还没有填" in marked


def test_a_form_that_lacks_something_is_not_submitted(app, client):
    public_id = begin(client)
    refused = client.post(f"/my/entries/{public_id}/submit")
    assert refused.status_code == 422
    assert registration(app, public_id).state is RegistrationState.DRAFT


def test_submitting_gives_a_receipt_once(app, client):
    public_id = begin(client)
    assert client.get(f"/my/entries/{public_id}/form/5").location.endswith("/form/4")
    fill(app, client, public_id)
    assert client.post(f"/my/entries/{public_id}/submit").location.endswith("/form/5")
    page = client.get(f"/my/entries/{public_id}/form/5").text
    with app.app_context():
        assert links.registration_code(public_id, 1) in page
    assert "R-0001" in page
    assert client.post(f"/my/entries/{public_id}/submit").status_code == 409
    assert len(registration(app, public_id).submissions) == 1


def test_a_submitted_form_can_be_read_and_not_changed(app, client):
    public_id = submitted(app, client)
    page = client.get(f"/my/entries/{public_id}/form/2").text
    assert "disabled" in page and "保存并继续" not in page
    assert save(app, client, public_id, 2, {"title": "别的"}).status_code == 409
    assert autosave(client, public_id, {"title": "别的"}, version=version(app, public_id)).status_code == 409


def test_after_the_deadline_a_draft_is_read_only_but_for_one_that_was_let_in(app, client, slug):
    public_id, now = begin(client), datetime.now(UTC)
    change(app, slug, registration_closes_at=now - HOUR)
    page = client.get(f"/my/entries/{public_id}/form/1").text
    assert "已保存的草稿仍可查看" in page and "程老师" in page
    assert save(app, client, public_id, 1, ABOUT).status_code == 409
    alter(app, public_id, extended_until=now + HOUR)
    assert "组委会同意您延期" in client.get(f"/my/entries/{public_id}/form/1").text
    assert save(app, client, public_id, 1, ABOUT).status_code == 303


def test_every_page_is_complete_in_english(app, client):
    public_id = submitted(app, client)
    for page in range(1, 6):
        assert "Contest" in client.get(f"/my/entries/{public_id}/form/{page}?lang=en").text
    assert "Registration" in client.get("/contests/xinghe/register?lang=en").text


def test_another_persons_form_is_not_there(app, client):
    public_id = submitted(app, client)
    stranger = app.test_client()
    begin(stranger)
    organizer = builders.client_of(app, builders.make_account(app, "works", works_for="星河市科学技术协会"))
    for other in (stranger, organizer):
        for path in ("form/1", "form/4", "form/5", "files/photo", "card", "dates.ics", ""):
            assert other.get(f"/my/entries/{public_id}/{path}".rstrip("/")).status_code == 404
        for path in ("form/1", "answers", "submit", "files/photo", "files/photo/remove", "card", "reopen", "withdraw"):
            assert other.post(f"/my/entries/{public_id}/{path}", data={"version": "1"}).status_code == 404
