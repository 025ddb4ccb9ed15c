"""The settings of a contest: each small form works, says what does not fit, and belongs to its contest alone."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest import queries
from contest.models import Action, Attachment, Contest, Delegation, DivisionNote, LedgerRow, Milestone, Role
from tests import builders
from web.db import reading, writing

SETUP = "/admin/contests/xinghe/setup"
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def organizer(as_role) -> FlaskClient:
    """A browser of the contest's organizer."""
    return as_role(Role.ORGANIZER)


def one(app: Flask, kind: type):
    """The one row of a kind."""
    with app.app_context(), reading() as db:
        return db.scalars(select(kind)).one()


def test_dates_are_added_changed_and_deleted(app, organizer):
    added = {"new-title": "公开抽签", "new-title_en": "Draw", "new-at": "2026-05-15T15:00"}
    answer = organizer.post(f"{SETUP}/dates", data={"item": "new", **added})
    assert (answer.status_code, answer.location) == (303, f"{SETUP}#dates")
    stored = one(app, Milestone)
    assert stored.at.isoformat() == "2026-05-15T07:00:00+00:00"
    item = stored.public_id
    organizer.post(f"{SETUP}/dates", data={"item": item, f"{item}-title": "抽签", f"{item}-at": "2026-05-15T16:00"})
    assert one(app, Milestone).title == "抽签"
    assert "抽签" in organizer.get(SETUP).text
    organizer.post(f"{SETUP}/dates", data={"item": item, "act": "delete"})
    assert organizer.post(f"{SETUP}/dates", data={"item": item, "act": "delete"}).status_code == 404


@pytest.mark.parametrize("part, values, where", [
    ("dates", {"new-title": "抽签", "new-at": "soon"}, "new-at"),
    ("dates", {"new-title": "", "new-at": ""}, "new-title"),
    ("dates", {"new-title": "抽签", "new-at": "0001-01-01T00:00"}, "new-at"),
    ("dates", {"new-title": "抽签", "new-at": "9999-12-31T23:59"}, "new-at"),
    ("dates", {"new-title": "公示", "new-at": "2026-05-15T15:00", "new-ends_at": "2026-05-14T15:00"}, "new-ends_at"),
    ("delegations", {"new-name": " "}, "new-name"), ("delegations", {"new-name": "区", "new-quota": "-1"}, "new-quota"),
    ("release", {"release_mode": "never"}, "release_mode"),
])  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_with_what_was_typed(organizer, part, values, where):
    answer = organizer.post(f"{SETUP}/{part}", data=values)
    assert (answer.status_code, f'href="#{where}"' in answer.text) == (422, True)
    if values.get("new-title"):
        assert f'value="{values["new-title"]}"' in answer.text


def test_delegations_have_a_name_once_and_a_quota(app, organizer):
    organizer.post(f"{SETUP}/delegations", data={"new-name": "南屿区", "new-quota": "45"})
    stored = one(app, Delegation)
    assert (stored.name, stored.quota) == ("南屿区", 45)
    twice = organizer.post(f"{SETUP}/delegations", data={"new-name": "南屿区"})
    assert (twice.status_code, "「南屿区」已经有了" in twice.text) == (422, True)
    item = stored.public_id
    organizer.post(f"{SETUP}/delegations", data={"item": item, f"{item}-name": "南屿区", f"{item}-quota": ""})
    assert one(app, Delegation).quota is None
    organizer.post(f"{SETUP}/delegations", data={"item": item, "act": "delete"})
    assert "南屿区" not in organizer.get(SETUP).text


def test_divisions_of_the_rules_get_their_words(app, organizer):
    assert "这场比赛不分组" in organizer.get(SETUP).text
    organizer.post(f"{SETUP}/rounds", data={"rounds": "final", "division-0": "专业组"})
    organizer.post(f"{SETUP}/divisions", data={"note-0": "科普场馆讲解员", "note-0-en": "museum guides"})
    stored = one(app, DivisionNote)
    assert (stored.division, stored.text) == ("专业组", "科普场馆讲解员")
    organizer.post(f"{SETUP}/divisions", data={"note-0": "", "note-0-en": ""})
    with app.app_context(), reading() as db:
        assert db.scalars(select(DivisionNote)).all() == []


def test_a_file_is_uploaded_opened_and_taken_away(app, organizer):
    data = {"file": (io.BytesIO(PDF), "通知.pdf"), "title": "第一号通知"}
    assert organizer.post(f"{SETUP}/files", data=data, content_type="multipart/form-data").status_code == 303
    address = f"{SETUP}/files/{one(app, Attachment).public_id}"
    with organizer.get(address) as opened:
        assert (opened.status_code, opened.data, opened.mimetype) == (200, PDF, "application/pdf")
        assert opened.headers["Content-Disposition"].startswith("attachment")
    assert "第一号通知" in organizer.get(SETUP).text
    organizer.post(address, data={"act": "delete"})
    assert organizer.get(address).status_code == 404


@pytest.mark.parametrize("content, name", [
    (b"hello", "notice.pdf"), (b"", "empty.pdf"), (b"\x89PNG\r\n\x1a\n", "a.pdf"),
])  # fmt: skip
def test_a_file_of_another_kind_is_refused_whatever_its_name(app, organizer, content, name):
    data = {"file": (io.BytesIO(content), name), "title": "标题还在"}
    answer = organizer.post(f"{SETUP}/files", data=data, content_type="multipart/form-data")
    assert (answer.status_code, 'href="#file"' in answer.text, "标题还在" in answer.text) == (422, True, True)
    with app.app_context(), reading() as db:
        assert db.scalars(select(Attachment)).all() == []


def test_files_move_up(app, organizer):
    for name in ("一.pdf", "二.pdf"):
        data = {"file": (io.BytesIO(PDF + name.encode()), name)}
        organizer.post(f"{SETUP}/files", data=data, content_type="multipart/form-data")
    address = re.search(rf'action="({SETUP}/files/[^"]+)"[^>]*>.*?value="up"', organizer.get(SETUP).text)[1]
    organizer.post(address, data={"act": "up"})
    page = organizer.get(SETUP).text
    assert page.index("二.pdf") < page.index("一.pdf")


def test_the_office_of_one_is_a_switch_that_the_ledger_remembers(app, organizer):
    organizer.post(f"{SETUP}/office", data={"alone": "1"})
    organizer.post(f"{SETUP}/office", data={"alone": "1"})
    assert one(app, Contest).one_person is True
    assert "单人办公已打开" in organizer.get(SETUP).text
    organizer.post(f"{SETUP}/office", data={})
    with app.app_context(), reading() as db:
        rows = db.scalars(select(LedgerRow.payload).where(LedgerRow.action == Action.OFFICE_CHANGED)).all()
    assert rows == ['{"one_person":1}', '{"one_person":0}']


def test_the_page_is_hidden_and_published_again_and_scores_go_out_as_said(app, organizer):
    organizer.post(f"{SETUP}/page", data={})
    assert one(app, Contest).published_at is None
    organizer.post(f"{SETUP}/page", data={"shown": "1"})
    assert one(app, Contest).published_at is not None
    organizer.post(f"{SETUP}/release", data={"release_mode": "held"})
    assert one(app, Contest).release_mode.value == "held"


def test_nothing_of_another_contest_is_reached(app, organizer):
    builders.make_contest(app, slug="other", organization="别的协会")
    with app.app_context(), writing() as db:
        other = queries.contest_by_slug(db, "other")
        team = Delegation(contest_id=other.id, name="别的", position=1)
        db.add(team)
        db.flush()
        item = team.public_id
    answer = organizer.post(f"{SETUP}/delegations", data={"item": item, f"{item}-name": "改名"})
    assert answer.status_code == 404
    assert organizer.get("/admin/contests/other/setup").status_code == 404
    assert organizer.post(f"{SETUP}/nothing").status_code == 404


@pytest.mark.parametrize("role", [Role.CHIEF, Role.STEWARD])
def test_only_organizers_come_in(as_role, role):
    assert as_role(role).get(SETUP).status_code == 403


def test_a_contest_is_copied_with_its_dates_moved(app):
    slug = builders.make_contest(app, judges=3)
    office = builders.client_of(app, builders.make_account(app, "lin", works_for="星河市科学技术协会"))
    with app.app_context(), writing() as db:
        queries.contest_by_slug(db, slug).starts_at = builders.NOW
    page = office.get("/admin/contests/xinghe/clone").text
    assert 'value="2027-05-15T14:30"' in page
    assert "复制成新比赛" in office.get("/admin/contests/xinghe").text
    taken = {"title": "", "slug": "xinghe", "starts_at": "2027-05-15T14:30"}
    bad = office.post("/admin/contests/xinghe/clone", data=taken)
    assert (bad.status_code, 'href="#title"' in bad.text, 'href="#slug"' in bad.text) == (422, True, True)
    far = {"title": "第九届", "slug": "next", "starts_at": "2090-01-01T00:00"}
    assert office.post("/admin/contests/xinghe/clone", data=far).status_code == 422
    made = office.post("/admin/contests/xinghe/clone", data=far | {"starts_at": "2027-05-22T09:00", "judges": "1"})
    assert (made.status_code, made.location) == (303, "/admin/contests/next/setup/basics")
    assert office.post("/admin/contests/xinghe/clone", data=far).status_code == 422


def test_a_contest_of_another_organization_is_not_copied(app, final):
    stranger = builders.client_of(app, builders.make_account(app, "stranger", works_for="别的协会"))
    assert stranger.get("/admin/contests/xinghe/clone").status_code == 404
    assert stranger.post("/admin/contests/xinghe/clone", data={"title": "偷", "slug": "stolen"}).status_code == 404
