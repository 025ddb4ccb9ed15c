"""The public check: what a code opens and what it never tells."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from contest import certifying, queries
from contest.ledger import SYSTEM
from contest.models import Certificate, Contest, Entry, Registration, RegistrationState, RoundState
from tests import builders, honoured
from tests.builders import NOW, later
from web.db import reading, writing


@pytest.fixture
def issued(app):
    """Three certificates, their awards published; the first entry's author is a minor."""
    slug = honoured.make(app)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        db.scalars(select(Entry).where(Entry.position == 1)).one().masked = True
        certifying.issue(db, contest, by=SYSTEM, now=NOW)
    return slug


def code(app, number=1, version=1):
    with app.app_context(), reading() as db:
        return db.scalars(select(Certificate).order_by(Certificate.id)).all()[number - 1].versions[version - 1].code


def act(app, number, verb, **values):
    with app.app_context(), writing() as db:
        contest = db.scalars(select(Contest)).one()
        certificate = db.scalars(select(Certificate).order_by(Certificate.id)).all()[number - 1]
        verb(db, contest, certificate, by=SYSTEM, now=later(86_400), **values)


def correct(app, number, names):
    values = {"names": names, "work": "", "award": "一等奖", "teachers": "", "reason": "姓名有误"}
    act(app, number, certifying.correct, **values)


def test_a_valid_certificate_says_what_the_public_notice_says_and_the_seal_it_rests_on(app, issued):
    page = app.test_client().get(f"/verify/{code(app, 2)}")
    assert page.status_code == 200
    for wanted in ("证书有效", "周以宁", "二等奖", "XING2026-A2-0002", "依据封存 1（2026-05-16）",
                   "星河市科学技术协会"):  # fmt: skip
        assert wanted in page.text
    assert "noindex" in page.text


def test_a_minors_name_is_masked(app, issued):
    page = app.test_client().get(f"/verify/{code(app, 1)}").text
    assert "沈*" in page
    assert "沈知遥" not in page
    assert "姓名已部分隐藏" in page


def test_until_the_awards_are_published_nothing_is_told(app, issued):
    with app.app_context(), writing() as db:
        db.scalars(select(Contest)).one().awards_published_at = None
    page = app.test_client().get(f"/verify/{code(app, 2)}")
    assert page.status_code == 200
    assert "尚未公布" in page.text
    for hidden in ("周以宁", "周*", "二等奖", "星河市", "A2-0002", "疫苗"):
        assert hidden not in page.text


def test_the_old_code_of_a_corrected_certificate_says_so_and_names_nobody(app, issued):
    correct(app, 1, "沈知瑶")
    old = app.test_client().get(f"/verify/{code(app, 1)}").text
    assert "已更正，现行版本为 2026-05-17" in old
    assert "沈" not in old
    assert "一等奖" not in old
    new = app.test_client().get(f"/verify/{code(app, 1, version=2)}").text
    assert "证书有效" in new
    assert "第 2 版" in new


def test_a_revoked_certificate_says_so_under_all_its_codes_until_it_is_issued_again(app, issued):
    correct(app, 1, "沈知瑶")
    act(app, 1, certifying.revoke, reason="冒名顶替")
    for version in (1, 2):
        page = app.test_client().get(f"/verify/{code(app, 1, version)}").text
        assert "已撤销" in page
        assert "冒名顶替" not in page
    act(app, 1, certifying.reissue, reason="查清了")
    assert "已更正" in app.test_client().get(f"/verify/{code(app, 1, 2)}").text
    assert "证书有效" in app.test_client().get(f"/verify/{code(app, 1, 3)}").text


@pytest.mark.parametrize("wrong", ["ABCDEFGHJKMNPQRS", "1", "XING2026-A1-0001", "%E8%AF%81%E4%B9%A6", "a" * 300])
def test_an_unknown_code_and_the_number_alone_open_nothing(app, issued, wrong):
    page = app.test_client().get(f"/verify/{wrong}")
    assert page.status_code == 404
    assert "未找到该编号" in page.text


def test_the_form_takes_the_code_as_people_write_it_and_the_address_of_a_scan(app, issued):
    right = code(app, 2)
    hyphens = "-".join(right[at : at + 4] for at in range(0, 16, 4)).lower()
    scanned = f"http://192.168.1.10:8000/verify/{right}"
    for typed in (right, hyphens, f" {hyphens} ", scanned, f"/verify/{right}?lang=en"):
        answer = app.test_client().get("/verify", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (303, f"/verify/{right}")
    assert "证书有效" in app.test_client().get(f"/verify/{hyphens}").text


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(app, issued):
    number = app.test_client().get("/verify?code=xing2026-a1-0001")
    assert number.status_code == 422
    assert "这是证书编号" in number.text
    assert 'value="xing2026-a1-0001"' in number.text
    assert app.test_client().get("/verify?code=ABCD").status_code == 422
    assert app.test_client().get("/verify").status_code == 200


def test_a_round_opened_again_puts_its_certificates_in_review(app, issued):
    page = f"/verify/{code(app, 2)}"
    assert "正在核对" not in app.test_client().get(page).text
    with app.app_context(), writing() as db:
        queries.round_of(db, db.scalars(select(Contest)).one(), "final").state = RoundState.LOCKED
    assert "正在核对" in app.test_client().get(page).text


def test_the_page_reads_in_english_and_offers_no_private_data(app, issued):
    page = app.test_client().get(f"/verify/{code(app, 2)}?lang=en").text
    assert "Valid certificate" in page
    assert "Second Prize" in page


def test_hundreds_of_phones_behind_one_address_are_answered(tmp_path):
    app = builders.make_app(tmp_path)
    app.config["RATELIMIT_ENABLED"] = True
    client = app.test_client()
    assert {client.get("/verify/ABCDEFGHJKMNPQRS").status_code for _ in range(120)} == {404}
    app.extensions["lectern_engine"].dispose()


@pytest.fixture
def registered(app, issued):
    """The first entry's registration; its public id."""
    with app.app_context(), writing() as db:
        entry = db.scalars(select(Entry).where(Entry.position == 1)).one()
        made = Registration(
            contest_id=entry.contest_id, state=RegistrationState.APPROVED, code_hash="x", receipt="R1", created_at=NOW,
            updated_at=NOW, entry_id=entry.id,
        )  # fmt: skip
        db.add(made)
        db.flush()
        return made.public_id


def holder(app, registration):
    client = app.test_client()
    with client.session_transaction() as session:
        session["registrations"] = [f"{registration}.1"]
    return client


def test_whoever_holds_the_registration_gets_the_own_certificate_and_nobody_else(app, registered):
    address = f"/my/entries/{registered}/certificate.pdf"
    fetched = holder(app, registered).get(address)
    assert (fetched.status_code, fetched.data[:5]) == (200, b"%PDF-")
    assert address in holder(app, registered).get(f"/my/entries/{registered}").text
    assert app.test_client().get(address).status_code == 404
    assert holder(app, "somebody").get(address).status_code == 404


def test_the_own_certificate_waits_for_the_awards_and_ends_with_a_revocation(app, registered):
    address = f"/my/entries/{registered}/certificate.pdf"
    act(app, 1, certifying.revoke, reason="取消")
    assert holder(app, registered).get(address).status_code == 404
    act(app, 1, certifying.reissue, reason="恢复")
    assert holder(app, registered).get(address).status_code == 200
    with app.app_context(), writing() as db:
        db.scalars(select(Contest)).one().awards_published_at = None
    assert holder(app, registered).get(address).status_code == 404
    assert address not in holder(app, registered).get(f"/my/entries/{registered}").text
