"""The certificates' desk through HTTP: why it is blocked, issuing, corrections, revocation, layout and seal."""

from __future__ import annotations

import io
import re
import subprocess

import pytest
from PIL import Image
from sqlalchemy import select

from contest import awarding, certifying, layouts, queries, wording
from contest.ledger import SYSTEM
from contest.models import Certificate, CertificateLayout, Entry, Role
from tests import builders, honoured
from web.db import reading, writing

DESK = "/admin/contests/xinghe/certificates"
GOOD = {
    "title": "荣誉证书", "body": "{names}：\n荣获\n{award}", "closing": "特发此证。", "issuers": "甲协会\n乙局",
    "issued_on": "2026-05-25", "prefix": "kpjj2026", "approval_note": "", "teacher_body": "",
}  # fmt: skip


@pytest.fixture
def given(app):
    """A final with three awards."""
    return honoured.make(app)


@pytest.fixture
def organizer(app, given):
    return builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=given))


def rows(app, query=None):
    with app.app_context(), reading() as db:
        found = db.scalars(select(Certificate).order_by(Certificate.id)).all()
        return [
            (each.number, each.public_id, [(v.version, v.code, wording.read(v.text)) for v in each.versions],
             each.revoked_reason)
            for each in found
        ]  # fmt: skip


def change(app, position, **values):
    with app.app_context(), writing() as db:
        entry = db.scalars(select(Entry).where(Entry.position == position)).one()
        for name, value in values.items():
            setattr(entry, name, value)


def test_without_a_sealed_round_the_desk_says_so_and_where_to_go(app, final):
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=final))
    page = client.get(DESK).text
    assert "没有已封存的轮次" in page
    assert f"/admin/contests/{final}/rounds" in page
    assert client.post(DESK).status_code == 409


def test_a_sealed_round_without_awards_points_to_the_award_room(app):
    slug = honoured.make(app, (None, None, None))
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=slug))
    page = client.get(DESK).text
    assert "奖项还没有颁定" in page
    assert f'href="/admin/contests/{slug}/awards"' in page


def test_one_press_issues_all_and_a_second_one_nothing(app, organizer):
    assert "签发 3 张证书" in organizer.get(DESK).text
    assert organizer.post(DESK).status_code == 303
    assert [number for number, *_ in rows(app)] == ["XING2026-A1-0001", "XING2026-A2-0002", "XING2026-A2-0003"]
    before = rows(app)
    organizer.post(DESK)
    assert rows(app) == before
    page = organizer.get(DESK).text
    assert "沈知遥" in page
    assert "应签发的证书都已签发" in page


def test_characters_no_font_has_are_listed_with_their_names_before_printing(app, organizer):
    assert "缺字形" not in organizer.get(DESK).text
    change(app, 1, name="沈\U000323ae")
    page = organizer.get(DESK).text
    assert "缺字形" in page
    assert "\U000323ae</span>" in page


def test_a_corrected_name_is_listed_and_one_press_follows_it(app, organizer):
    organizer.post(DESK)
    change(app, 2, name="周以凝")
    page = organizer.get(DESK).text
    assert "姓名与证书不一致" in page
    public_id = rows(app)[1][1]
    assert organizer.post(f"{DESK}/follow", data={"certificate": public_id}).status_code == 303
    assert [said.names for _, _, said in rows(app)[1][2]] == [("周以宁",), ("周以凝",)]
    assert "姓名与证书不一致" not in organizer.get(DESK).text
    organizer.post(f"{DESK}/follow", data={"certificate": public_id})
    assert len(rows(app)[1][2]) == 2


def test_a_correction_keeps_what_was_typed_until_it_can_be_taken(app, organizer):
    organizer.post(DESK)
    address = f"{DESK}/{rows(app)[0][1]}"
    typed = {"names": "沈知瑶", "work": "月球", "award": "一等奖", "teachers": "", "reason": ""}
    refused = organizer.post(f"{address}/correct", data=typed)
    assert refused.status_code == 422
    assert 'value="沈知瑶"' in refused.text
    assert 'href="#reason"' in refused.text
    assert organizer.post(f"{address}/correct", data=typed | {"names": "", "reason": "错"}).status_code == 422
    assert organizer.post(f"{address}/correct", data=typed | {"reason": "身份证为准"}).status_code == 303
    assert [said.names for _, _, said in rows(app)[0][2]] == [("沈知遥",), ("沈知瑶",)]
    assert "身份证为准" in organizer.get(address).text


def test_revoking_and_issuing_again_each_need_a_reason(app, organizer):
    organizer.post(DESK)
    address = f"{DESK}/{rows(app)[0][1]}"
    assert organizer.post(f"{address}/revoke", data={"revoke_reason": " "}).status_code == 422
    organizer.post(f"{address}/revoke", data={"revoke_reason": "成绩取消"})
    assert rows(app)[0][3] == "成绩取消"
    assert "补发" in organizer.get(address).text
    correction = {"names": "a", "work": "", "award": "b", "teachers": "", "reason": "c"}
    assert organizer.post(f"{address}/correct", data=correction).status_code == 409
    assert organizer.post(f"{address}/reissue", data={"reissue_reason": ""}).status_code == 422
    organizer.post(f"{address}/reissue", data={"reissue_reason": "申诉成立"})
    assert (len(rows(app)[0][2]), rows(app)[0][3]) == (2, "")


def test_a_certificate_of_another_contest_is_not_there(app, organizer):
    organizer.post(DESK)
    builders.make_contest(app, slug="other", organization="别的协会")
    account = builders.make_account(app, "stranger", Role.ORGANIZER, contest="other")
    stranger = builders.client_of(app, account)
    public_id = rows(app)[0][1]
    assert stranger.get(f"/admin/contests/other/certificates/{public_id}").status_code == 404
    assert stranger.post(f"/admin/contests/other/certificates/{public_id}/revoke",
                         data={"revoke_reason": "x"}).status_code == 404  # fmt: skip
    assert stranger.get(f"{DESK}/{public_id}").status_code == 404
    assert rows(app)[0][3] == ""


def test_the_layout_is_kept_and_shapes_what_is_issued_afterwards(app, organizer):
    assert organizer.post(f"{DESK}/layout", data=GOOD).status_code == 303
    organizer.post(DESK)
    number, _, versions, _ = rows(app)[0]
    assert number == "KPJJ2026-A1-0001"
    assert (versions[0][2].issuers, versions[0][2].issued_on) == (("甲协会", "乙局"), "2026-05-25")
    organizer.post(f"{DESK}/layout", data=GOOD | {"title": "奖状"})
    assert rows(app)[0][2][0][2].title == "荣誉证书"


@pytest.mark.parametrize("field, value", [
    ("title", ""), ("body", "{name}：{award}"), ("body", "{award}"), ("prefix", "科普"), ("issuers", " "),
    ("issued_on", "明天"), ("approval_note", "字" * 121),
])  # fmt: skip
def test_a_bad_layout_comes_back_with_the_sentence_at_its_field(app, organizer, field, value):
    refused = organizer.post(f"{DESK}/layout", data=GOOD | {"closing": "我写的话", field: value})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert f'id="{field}-error"' in refused.text
    assert "我写的话" in refused.text
    with app.app_context(), reading() as db:
        assert db.scalar(select(CertificateLayout)) is None


def test_the_preview_is_drawn_from_what_is_typed_and_kept_nowhere(app, organizer):
    drawn = organizer.post(f"{DESK}/layout/preview", data=GOOD | {"title": "光荣证书"})
    assert drawn.status_code == 200
    assert "光荣证书" in drawn.text
    assert "沈知遥" in drawn.text
    assert organizer.post(f"{DESK}/layout/preview", data=GOOD | {"body": ""}).status_code == 422
    with app.app_context(), reading() as db:
        assert layouts.layout_of(db, queries.contest_by_slug(db, "xinghe")) is None


def picture(mode="RGBA", size=(400, 400), form="PNG"):
    file = io.BytesIO()
    Image.new(mode, size, (200, 20, 30, 90)[: len(mode)]).save(file, form)
    return file.getvalue()


def test_a_seal_keeps_its_transparency_and_can_be_taken_away(app, organizer):
    sent = organizer.post(f"{DESK}/layout/seal", data={"seal": (io.BytesIO(picture()), "章.png")})
    assert sent.status_code == 303
    shown = organizer.get(f"{DESK}/layout/seal")
    assert Image.open(io.BytesIO(shown.data)).getpixel((5, 5)) == (200, 20, 30, 90)
    shown.close()
    assert "/SMask" in organizer.get(f"{DESK}/layout/sample.pdf").data.decode("latin-1")
    organizer.post(f"{DESK}/layout/seal/remove")
    assert organizer.get(f"{DESK}/layout/seal").status_code == 404


@pytest.mark.parametrize("data, name", [
    (b"not a picture", "seal.jpg"), (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "seal.svg"),
    (b"", "seal.png"), (b"\x89PNG\r\n\x1a\n" + b"0" * 2_100_000, "big.png"),
])  # fmt: skip
def test_what_is_no_small_picture_is_refused_in_words_at_the_field(app, organizer, data, name):
    head = f'--cut\r\nContent-Disposition: form-data; name="seal"; filename="{name}"\r\n\r\n'.encode()
    body = head + data + b"\r\n--cut--\r\n"
    refused = organizer.post(f"{DESK}/layout/seal", data=body, content_type="multipart/form-data; boundary=cut")
    assert refused.status_code == 422
    assert 'id="seal-error"' in refused.text


def test_one_sheet_can_be_looked_at_as_a_pdf(app, organizer):
    organizer.post(DESK)
    shown = organizer.get(f"{DESK}/{rows(app)[0][1]}/sheet.pdf?lang=en")
    assert (shown.mimetype, shown.data[:5]) == ("application/pdf", b"%PDF-")
    done = subprocess.run(["pdftotext", "-", "-"], input=shown.data, capture_output=True, check=True)
    # The sheet speaks its own language, whatever that of whoever looks at it.
    assert "证书编号：XING2026-A1-0001（第 1 版）" in done.stdout.decode()


def test_a_long_list_is_found_by_number_and_name(app, organizer):
    organizer.post(DESK)
    page = organizer.get(f"{DESK}?find=0002").text
    issued = page[page.index('id="issued"'):]
    assert re.findall(r"XING2026-A\d-\d{4}</a>", issued) == ["XING2026-A2-0002</a>"]
    assert "没有编号、姓名或作品含" in organizer.get(f"{DESK}?find=nobody&page=abc").text


def test_teachers_are_issued_where_the_layout_names_them(app, organizer):
    with app.app_context(), writing() as db:
        honoured.add_teacher(db, db.scalars(select(Entry).where(Entry.position == 1)).one(), "闻笛")
    organizer.post(f"{DESK}/layout", data=GOOD | {"teacher_body": "{teachers}：\n您指导的{names}荣获{award}。"})
    organizer.post(DESK)
    assert [number for number, *_ in rows(app)] == [
        "KPJJ2026-A1-0001", "KPJJ2026-T1-0002", "KPJJ2026-A2-0003", "KPJJ2026-A2-0004"
    ]  # fmt: skip
    assert len(rows(app)[1][2][0][1]) == certifying.CODE_LENGTH


def test_the_awards_of_a_judged_and_sealed_final_become_certificates(app, sealed):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, sealed)
        awarding.give(db, contest, round_=queries.round_of(db, contest, "final"), by=SYSTEM, now=builders.NOW)
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=sealed))
    assert client.post(DESK).status_code == 303
    names = [said.names for _, _, versions, _ in rows(app) for _, _, said in versions]
    assert names[0] == ("石北辰",)
    assert len(names) == len(set(names))
