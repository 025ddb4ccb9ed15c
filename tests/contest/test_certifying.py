"""Certificates: issued once from the awards of a seal, corrected in versions, revoked, issued again, compared."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from contest import certifying, honours, layouts, ledger, printing, queries, wording
from contest.certifying import Issued
from contest.errors import (
    AlreadyPrinted,
    CertificateRevoked,
    NothingToCertify,
    NothingToPrint,
    ReasonMissing,
    TextRefused,
)  # fmt: skip
from contest.honours import Differs
from contest.ledger import Actor
from contest.models import Action, Award, Certificate, CertificateVersion, Entry, LedgerRow, PrintState, RoundState
from tests import honoured
from tests.builders import NOW, later
from tests.tablets import actions

DESK = Actor("account:desk", "web")


@pytest.fixture
def given(db, contest):
    """The contest with one first and two second prizes on its first seal."""
    honoured.seal(db, contest, ("first", "second", "second"))
    return contest


def issue(db, contest):
    return certifying.issue(db, contest, by=DESK, now=NOW)


def all_of(db):
    return db.scalars(select(Certificate).order_by(Certificate.id)).all()


def entry_at(db, contest, position):
    return db.scalars(select(Entry).where(Entry.contest_id == contest.id, Entry.position == position)).one()


def held(db, contest):
    return certifying.desk(db, contest, now=NOW).held


def test_without_a_sealed_round_with_awards_there_is_nothing_to_issue(db, contest):
    with pytest.raises(NothingToCertify):
        issue(db, contest)


def test_each_award_gets_one_certificate_with_a_number_and_a_text_fixed_at_issue(db, given):
    assert issue(db, given) == Issued(made=3, carried=0)
    assert [each.number for each in all_of(db)] == ["XING2026-A1-0001", "XING2026-A2-0002", "XING2026-A2-0003"]
    said = wording.read(all_of(db)[0].versions[0].text)
    assert (said.names, said.award, said.work, said.issued_on) == (
        ("沈知遥",), "一等奖", "月球的土，能种菜吗？", "2026-05-16"
    )  # fmt: skip
    given.title = "另一个名字"
    assert wording.read(all_of(db)[0].versions[0].text).contest == "第八届星河市科普讲解大赛"


def test_issuing_twice_changes_nothing(db, given):
    issue(db, given)
    rows = actions(db, given)
    assert issue(db, given) == Issued(made=0, carried=0)
    assert (len(all_of(db)), actions(db, given)) == (3, rows)


def test_check_codes_are_sixteen_letters_of_the_alphabet_and_never_alike(db, given):
    issue(db, given)
    codes = db.scalars(select(CertificateVersion.code)).all()
    assert all(re.fullmatch(f"[{certifying.ALPHABET}]{{16}}", code) for code in codes)
    assert len(set(codes)) == 3
    assert len(certifying.ALPHABET) ** certifying.CODE_LENGTH > 2**75


def test_the_ledger_tells_of_every_certificate_by_ids_alone(db, given):
    issue(db, given)
    certificate = all_of(db)[0]
    correct(db, given, certificate, names="沈知瑶", reason="沈知瑶的名字写错了")
    certifying.revoke(db, given, certificate, reason="重复", by=DESK, now=NOW)
    rows = [row for row in db.scalars(select(LedgerRow)) if row.subject == f"certificate:{certificate.public_id}"]
    assert [row.action for row in rows] == [
        Action.CERTIFICATE_ISSUED, Action.CERTIFICATE_CORRECTED, Action.CERTIFICATE_REVOKED
    ]  # fmt: skip
    assert not any("知" in row.payload or "重复" in row.payload for row in rows)
    assert ledger.verify(db, given) is None


def correct(db, contest, certificate, *, names=None, reason="姓名有误", award=None):
    said = wording.read(certificate.versions[-1].text)
    return certifying.correct(
        db, contest, certificate, names=names or "、".join(said.names), work=said.work, award=award or said.award,
        teachers="、".join(said.teachers), reason=reason, by=DESK, now=later(60),
    )  # fmt: skip


def test_a_correction_is_the_next_version_with_a_code_of_its_own(db, given):
    issue(db, given)
    certificate = all_of(db)[0]
    before = certificate.versions[0].code
    version = correct(db, given, certificate, names="沈知瑶")
    assert (version.version, version.reason, version.code != before) == (2, "姓名有误", True)
    assert certificate.number == "XING2026-A1-0001"
    assert wording.read(version.text).names == ("沈知瑶",)
    assert correct(db, given, certificate, names="沈知瑶") is version


def test_a_correction_needs_a_reason_a_name_and_a_certificate_that_stands(db, given):
    issue(db, given)
    certificate = all_of(db)[0]
    with pytest.raises(ReasonMissing):
        correct(db, given, certificate, names="沈知瑶", reason=" ")
    with pytest.raises(TextRefused):
        correct(db, given, certificate, names="、")
    certifying.revoke(db, given, certificate, reason="重复", by=DESK, now=NOW)
    with pytest.raises(CertificateRevoked):
        correct(db, given, certificate, names="沈知瑶")


def test_a_name_corrected_by_the_review_is_listed_and_followed_with_one_press(db, given):
    issue(db, given)
    entry_at(db, given, 2).name = "周以凝"
    differing = [each for each in held(db, given) if each.differs]
    assert [(each.certificate.number, each.differs) for each in differing] == [("XING2026-A2-0002", (Differs.NAME,))]
    version = certifying.follow(db, given, differing[0].certificate, reason="与报名一致", by=DESK, now=NOW)
    assert wording.read(version.text).names == ("周以凝",)
    assert [each for each in held(db, given) if each.differs] == []
    again = certifying.follow(db, given, differing[0].certificate, reason="与报名一致", by=DESK, now=NOW)
    assert again is version


def test_a_revoked_certificate_stays_revoked_until_it_is_issued_again(db, given):
    issue(db, given)
    certificate = all_of(db)[0]
    certifying.revoke(db, given, certificate, reason="成绩取消", by=DESK, now=later(1))
    certifying.revoke(db, given, certificate, reason="再撤一次", by=DESK, now=later(2))
    assert (certificate.revoked_reason, certificate.revoked_at) == ("成绩取消", later(1))
    assert issue(db, given).made == 0
    with pytest.raises(ReasonMissing):
        certifying.reissue(db, given, certificate, reason="", by=DESK, now=NOW)
    version = certifying.reissue(db, given, certificate, reason="申诉成立", by=DESK, now=later(3))
    assert (version.version, version.reason, certificate.revoked_at, certificate.revoked_reason) == (
        2, "申诉成立", None, ""
    )  # fmt: skip
    assert certifying.reissue(db, given, certificate, reason="再来", by=DESK, now=NOW) is version


def test_a_second_seal_carries_what_stands_and_lists_what_does_not(db, given):
    issue(db, given)
    honoured.seal(db, given, ("second", "second", None), now=later(60))
    found = {each.certificate.number: each.differs for each in held(db, given)}
    assert found == {
        "XING2026-A1-0001": (Differs.AWARD,), "XING2026-A2-0002": (), "XING2026-A2-0003": (Differs.GONE,),
    }  # fmt: skip
    assert issue(db, given) == Issued(made=0, carried=1)
    first, second, third = all_of(db)
    assert (first.award.seal.number, second.award.seal.number) == (1, 2)
    certifying.follow(db, given, first, reason="成绩更正", by=DESK, now=NOW)
    assert (first.award.seal.number, wording.read(first.versions[-1].text).award) == (2, "二等奖")
    with pytest.raises(NothingToCertify):
        certifying.follow(db, given, third, reason="成绩更正", by=DESK, now=NOW)


def test_a_new_winner_of_the_second_seal_gets_a_number_that_was_never_used(db, given):
    issue(db, given)
    certifying.revoke(db, given, all_of(db)[2], reason="取消", by=DESK, now=NOW)
    honoured.seal(db, given, (None, "first", "second"), now=later(60))
    entry = Entry(contest_id=given.id, code="99", position=99, name="罗星")
    db.add(entry)
    db.flush()
    newest = db.scalar(select(func.max(Award.seal_id)))
    db.add(Award(contest_id=given.id, seal_id=newest, entry_id=entry.id, code="first", title="一等奖", rank=1,
                 given_at=NOW))  # fmt: skip
    db.flush()
    assert issue(db, given).made == 1
    assert all_of(db)[-1].number == "XING2026-A1-0004"


def test_while_a_round_is_reopened_nothing_is_issued_and_nothing_called_gone(db, given):
    issue(db, given)
    queries.round_of(db, given, "final").state = RoundState.LOCKED
    assert [each.differs for each in held(db, given)] == [(), (), ()]
    with pytest.raises(NothingToCertify):
        issue(db, given)


def test_a_new_seal_whose_awards_are_not_given_yet_calls_nothing_gone(db, given):
    issue(db, given)
    honoured.seal(db, given, (), now=later(60))
    assert [each.differs for each in held(db, given)] == [(), (), ()]


def test_teachers_get_certificates_of_their_own_where_the_layout_has_words_for_them(db, given):
    honoured.add_teacher(db, entry_at(db, given, 1), "闻笛")
    layouts.save(db, given, texts=layouts.beginning(given))
    issue(db, given)
    assert len(all_of(db)) == 3
    assert wording.read(all_of(db)[0].versions[0].text).teachers == ("闻笛",)
    layout = layouts.layout_of(db, given)
    layout.teacher_body = layouts.TEACHER_BODY
    assert issue(db, given) == Issued(made=1, carried=0)
    assert all_of(db)[-1].number == "XING2026-T1-0004"
    text = [each.text for each in wording.paragraphs(wording.read(all_of(db)[-1].versions[0].text))]
    assert text[0] == "闻笛："
    assert "沈知遥" in text[1]


@pytest.mark.parametrize("field, value, why", [
    ("body", "{names}荣获{prize}", "unknown_field"), ("body", "{names}", "field_missing"), ("title", " ", "empty"),
    ("prefix", "科普", "not_plain"), ("issuers", "\n", "empty"), ("closing", "长" * 61, "too_long"),
])  # fmt: skip
def test_a_layout_that_cannot_be_printed_is_refused_by_field(db, contest, field, value, why):
    texts = layouts.beginning(contest)
    with pytest.raises(TextRefused) as refused:
        layouts.save(db, contest, texts=layouts.Texts(**(vars(texts) | {field: value})))
    assert (refused.value.args_["field"], refused.value.args_["why"]) == (field, why)


def test_an_empty_field_takes_its_brackets_and_its_line_with_it(db, given):
    said = certifying.desk(db, given, now=NOW).dues[0].wording
    assert [each.text for each in wording.paragraphs(said)] == [
        "沈知遥：", "讲解作品《月球的土，能种菜吗？》在第八届星河市科普讲解大赛中荣获", "一等奖",
        "特发此证，以资鼓励。",
    ]  # fmt: skip


def batch(db, contest, *, reason="", versions=None):
    found = printing.current(all_of(db)) if versions is None else versions
    return printing.make(
        db, contest, title="全部", versions=found, reason=reason, account_id=None, now=NOW, address="http://x/verify"
    )


def test_printing_again_what_was_ticked_as_printed_asks_why(db, given):
    issue(db, given)
    first = batch(db, given)
    assert batch(db, given).reason == ""
    assert printing.tick(first, through=2, now=NOW) == 2
    with pytest.raises(AlreadyPrinted) as asked:
        batch(db, given)
    assert asked.value.args_ == {"count": 2}
    assert batch(db, given, reason="卡纸").reason == "卡纸"
    with pytest.raises(NothingToPrint):
        batch(db, given, versions=[])


def test_the_rest_of_a_batch_keeps_its_sheet_numbers_and_leaves_out_what_was_revoked(db, given):
    issue(db, given)
    first = batch(db, given)
    certifying.revoke(db, given, all_of(db)[1], reason="取消", by=DESK, now=NOW)
    rest = printing.rest(db, given, first, first=2, title="第 2 张起", account_id=None, now=NOW)
    db.expire_all()
    assert [(sheet.position, sheet.version.certificate.number) for sheet in rest.sheets] == [(3, "XING2026-A2-0003")]
    assert [sheet.printed_at is not None for sheet in first.sheets] == [True, False, False]


def test_what_a_worker_has_done_never_goes_back(db, given):
    issue(db, given)
    made = batch(db, given)
    assert printing.unfinished(db) == [made.id]
    printing.advance(db, made.id, done=2)
    printing.advance(db, made.id, done=1)
    assert (made.done, made.state) == (2, PrintState.RUNNING)
    printing.finish(db, made.id, now=NOW, problem="no_font")
    assert (made.state, printing.unfinished(db), printing.retry(made), printing.retry(made)) == (
        PrintState.FAILED, [], True, False
    )  # fmt: skip


def test_a_code_opens_its_own_version_alone(db, given):
    issue(db, given)
    assert honours.version_by_code(db, all_of(db)[0].versions[0].code).certificate is all_of(db)[0]
    assert honours.version_by_code(db, "2" * 16) is None
