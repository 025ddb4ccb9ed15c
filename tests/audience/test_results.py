"""The public notice: nothing before publication, masked minors, search in what is shown, corrections, its end."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from contest import awarding, queries, sealing
from contest.ledger import SYSTEM
from contest.models import (
    Act,
    Award,
    Certificate,
    CertificateKind,
    CertificateVersion,
    Mark,
    RoundState,
    Screen,
    Sheet,
)
from tests import builders
from tests.builders import NOW
from tests.fixtures_sealed import give, publish, seal
from web import links, live
from web.db import writing

AWARD_WORDS = ("一等奖", "二等奖", "First prize")
MINOR = "石北辰"


def results(app, slug, query=""):
    answer = app.test_client().get(f"/contests/{slug}/results{query}")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))


def test_before_publication_the_page_says_what_is_public_and_nothing_else(app, sealed, change):
    page = results(app, sealed)
    assert "获奖名单还没有公布" in page
    assert f'href="/contests/{sealed}/board"' in page
    change(sealed, give)
    assert results(app, sealed) == page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_given_awards_leak_nowhere_before_they_are_published(app, sealed, change, lang):
    change(sealed, give)
    with app.app_context(), writing() as db:
        award = db.scalars(select(Award).order_by(Award.rank)).first()
        screen = Screen(contest_id=award.contest_id, name="主屏")
        db.add(screen)
        db.flush()
        token, award_id = links.screen_token(screen), award.public_id
    client = app.test_client()
    for address in (
        "/", f"/contests/{sealed}/board", f"/contests/{sealed}/board.json", f"/contests/{sealed}/frame.json",
        f"/contests/{sealed}/results", f"/live/{sealed}", f"/screen/{token}", f"/screen/{token}/board.json",
        f"/contests/{sealed}/calendar.ics",
    ):
        body = client.get(address, query_string={"lang": lang}).get_data(as_text=True)
        assert [word for word in (*AWARD_WORDS, award_id) if word in body] == [], address
    # The contest's page says which awards there are; who has one is not on it.
    page = client.get(f"/contests/{sealed}", query_string={"lang": lang}).get_data(as_text=True)
    assert [name for name, _, _ in builders.PEOPLE if name in page] == []


def test_the_winners_are_listed_by_award_with_a_minor_masked(app, sealed, change):
    change(sealed, publish)
    page = results(app, sealed)
    first, second = page.index("一等奖"), page.index("二等奖")
    assert first < page.index("石*") < second < page.index("林疏桐") < page.index("三等奖")
    assert MINOR not in page
    assert "第 1 次封存" in page and "公示中" not in page  # the tests' clock is long past the notice's end
    assert "公示已结束" in page


def test_place_and_score_appear_once_the_round_is_published(app, sealed, change):
    change(sealed, publish)
    assert "89.50" not in results(app, sealed)
    change(sealed, lambda db, contest: sealing.move(
        db, contest, round_=queries.round_of(db, contest, "final"), to=RoundState.PUBLISHED, by=SYSTEM, now=NOW,
    ))  # fmt: skip
    assert "89.50" in results(app, sealed)


def test_a_search_reads_what_is_shown_and_never_a_masked_name(app, sealed, change):
    change(sealed, publish)
    assert "林疏桐" in results(app, sealed, "?q=林疏") and "周以宁" not in results(app, sealed, "?q=林疏")
    assert "石*" in results(app, sealed, "?q=市科技馆")
    unmasked = results(app, sealed, "?q=北辰")
    assert "石*" not in unmasked and "名单里没有" in unmasked
    odd = results(app, sealed, "?q=%E2%80%AE<script>alert(1)</script>")
    assert "<script>alert" not in odd


def test_while_the_notice_runs_the_page_counts_down_and_says_how_to_object(app, sealed, change):
    change(sealed, publish)
    change(sealed, lambda db, contest: awarding.set_notice(
        db, contest, closes_at=live.now() + timedelta(days=3), objection="请致函组委会江晚。", now=live.now(),
    ))  # fmt: skip
    page = results(app, sealed)
    assert "公示中" in page and "2 天 23 小时" in page and "请致函组委会江晚。" in page
    assert "名单里" not in page


def test_hiding_takes_the_list_back(app, sealed, change):
    change(sealed, publish)
    change(sealed, lambda db, contest: awarding.hide(db, contest, by=SYSTEM, now=NOW))
    page = results(app, sealed)
    assert [word for word in AWARD_WORDS if word in page] == []


def test_a_second_seal_is_told_with_what_it_changed(app, sealed, change):
    change(sealed, publish)
    seal(app, sealed, Act.REOPEN)
    assert "石*" in results(app, sealed)

    def lift_the_last(db, contest):
        last = queries.appearances_in_order(db, queries.round_of(db, contest, "final"))[5]
        for mark in db.scalars(select(Mark).join(Sheet).where(Sheet.appearance_id == last.id)):
            if mark.criterion == "content":
                mark.value = Decimal("30.00")

    change(sealed, lift_the_last)
    seal(app, sealed)
    change(sealed, give)
    page = results(app, sealed)
    assert "已更正" in page and "第 2 次封存" in page
    assert "由「三等奖」更正为「一等奖」" in page and "由「一等奖」更正为「二等奖」" in page


def test_a_corrected_certificate_is_told_without_its_words(app, sealed, change):
    change(sealed, publish)

    def correct(db, contest):
        award = db.scalars(select(Award).order_by(Award.rank, Award.place)).first()
        one = Certificate(contest_id=contest.id, award_id=award.id, kind=CertificateKind.AUTHOR, number="KP-A1-0001")
        db.add(one)
        db.flush()
        db.add_all([
            CertificateVersion(
                certificate_id=one.id, version=n, code=f"code{n}", text="{}", reason=MINOR, issued_at=NOW
            )
            for n in (1, 2)
        ])  # fmt: skip

    change(sealed, correct)
    page = results(app, sealed)
    assert "「一等奖」证书的文字已更正" in page
    assert MINOR not in page and "code2" not in page


def test_the_notice_is_complete_in_english(app, sealed, change):
    change(sealed, publish)
    page = results(app, sealed, "?lang=en")
    assert "Public notice of winners" in page and "First prize" in page and "一等奖" not in page
