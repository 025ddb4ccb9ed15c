"""The award room: what each role may do, before and after the seal, twice, with bad input."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from contest import entering, queries
from contest.ledger import SYSTEM
from contest.models import Act, Award, LedgerRow, Role
from contest.rules import read_rules
from tests import builders
from tests.builders import NOW, RULES
from tests.fixtures_sealed import judge, seal
from web.db import reading, writing

ROOM = "/admin/contests/xinghe/awards"


@pytest.fixture
def organizer(app, sealed):
    return builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=sealed))


def page(client, query=""):
    answer = client.get(f"{ROOM}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def awards(app):
    with app.app_context(), reading() as db:
        return [(a.code, a.entry.code) for a in db.scalars(select(Award).order_by(Award.rank, Award.place))]


def written(app):
    with app.app_context(), reading() as db:
        return [row.action.value for row in db.scalars(select(LedgerRow).order_by(LedgerRow.seq))]


def published(app):
    with app.app_context(), reading() as db:
        return queries.contest_by_slug(db, "xinghe").awards_published_at is not None


GIVEN = [
    ("first", "03"), ("second", "04"), ("second", "01"), ("third", "05"), ("third", "02"), ("third", "06"),
]  # fmt: skip


def test_the_room_shows_the_ranking_with_its_cut_lines_and_reasons(organizer):
    found = page(organizer)
    assert found.index("石北辰") < found.index("一等奖 1 名 · 17%") < found.index("林疏桐") < found.index("二等奖 2 名")
    assert "下一名差 1.00" in found
    assert "一等奖 1 名（有名次的 6 名的 10%，四舍五入）：第 1 名" in found
    assert "授予奖项" in found and "公布奖项" not in found


def test_giving_writes_the_awards_once_and_publishing_is_an_act_of_its_own(app, organizer):
    for _ in range(2):
        assert organizer.post(f"{ROOM}/rounds/final").status_code == 303
    assert awards(app) == GIVEN
    assert written(app).count("awards_given") == 1
    assert not published(app)
    found = page(organizer)
    assert "已授予" in found and "/admin/contests/xinghe/certificates" in found and "公布奖项" in found
    for _ in range(2):
        answer = organizer.post(f"{ROOM}/publication", data={"act": "publish", "sure": "1"})
        assert answer.status_code == 303
    assert published(app) and written(app).count("awards_published") == 1
    assert "撤下" in page(organizer)
    organizer.post(f"{ROOM}/publication", data={"act": "hide"})
    assert not published(app)


def test_publishing_asks_for_a_tick_and_for_awards(app, organizer):
    assert organizer.post(f"{ROOM}/publication", data={"act": "publish", "sure": "1"}).status_code == 409
    organizer.post(f"{ROOM}/rounds/final")
    for data in ({"act": "publish"}, {"act": "shout"}, {}):
        answer = organizer.post(f"{ROOM}/publication", data=data)
        assert answer.status_code == 422
    answer = organizer.post(f"{ROOM}/publication", data={"act": "publish"}).get_data(as_text=True)
    assert 'href="#sure"' in answer and 'id="sure-error"' in answer
    assert not published(app)


def test_the_notice_keeps_what_was_typed_and_says_what_is_wrong(app, organizer):
    long = "长" * 1001
    answer = organizer.post(f"{ROOM}/notice", data={"closes_at": "someday", "objection": long})
    found = answer.get_data(as_text=True)
    assert answer.status_code == 422 and long in found and 'value="someday"' in found
    assert 'href="#closes_at"' in found and 'href="#objection"' in found
    past = organizer.post(f"{ROOM}/notice", data={"closes_at": "2020-01-01T10:00", "objection": "x"})
    assert past.status_code == 422 and "已经过去" in past.get_data(as_text=True)
    good = organizer.post(f"{ROOM}/notice", data={"closes_at": "2099-01-01T18:00", "objection": "联系江晚"})
    assert good.status_code == 303
    found = page(organizer)
    assert 'value="2099-01-01T18:00"' in found and "联系江晚" in found


def test_before_the_seal_the_room_says_what_is_missing(app):
    builders.make_contest(app, judges=7)
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest="xinghe"))
    assert "成绩封存后才能授予奖项" in page(client)
    assert client.post(f"{ROOM}/rounds/final").status_code == 409
    assert client.post(f"{ROOM}/rounds/semi").status_code == 404
    assert awards(app) == []


def test_without_awards_in_the_rules_the_room_leads_to_the_settings(app, organizer):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        bare = read_rules(RULES[: RULES.index(b"# Awards")])
        entering.adopt_rules(db, contest, rules=bare, by=SYSTEM, now=NOW)
    found = page(organizer)
    assert "规则文件没有为本轮写奖项" in found and "/admin/contests/xinghe/setup" in found


def test_the_chief_sees_the_room_and_gives_nothing(app, sealed):
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest=sealed))
    found = page(chief)
    assert "二等奖 2 名" in found and "授予奖项</button>" not in found and "保存公示设置" not in found
    for address in ("/rounds/final", "/publication", "/notice"):
        assert chief.post(f"{ROOM}{address}").status_code == 403
    assert awards(app) == []


def test_after_a_second_seal_the_room_asks_to_give_anew_and_shows_the_change(app, organizer):
    organizer.post(f"{ROOM}/rounds/final")
    seal(app, "xinghe", Act.REOPEN)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        first = queries.appearances_in_order(db, queries.round_of(db, contest, "final"))[2]
        for sheet in queries.sheets_of(db, first).values():
            for mark in sheet.marks:
                mark.value -= 3
    seal(app, "xinghe")
    found = page(organizer)
    assert "需重新授予" in found and "现在是第 2 次封存" in found
    organizer.post(f"{ROOM}/rounds/final")
    found = page(organizer)
    assert "与上一次授予的不同" in found and "<s>一等奖</s>" in found
    assert awards(app)[:6] != awards(app)[6:] and len(awards(app)) == 12


def test_the_room_is_complete_in_english(organizer):
    organizer.post(f"{ROOM}/rounds/final")
    found = page(organizer, "?lang=en")
    assert "First prize: 1 · 17%" in found and "Publish awards" in found and "How to object" in found


TWO_DIVISIONS = '[divisions.junior]\ntitle = { zh = "少年组", en = "Juniors" }\n\n[criteria.content]'.encode()


@pytest.mark.parametrize(
    ("per", "given"),
    [
        ("", "first 03, second 04, second 01, third 05, third 02, third 06"),
        ("division", "first 03, first 04, third 01, third 05, third 02, third 06"),
    ],
)
def test_divisions_share_the_awards_or_have_their_own(app, per, given):
    rules = RULES.replace(b"[criteria.content]", TWO_DIVISIONS, 1).replace(b"share = 0.10", b"share = 0.34")
    rules = rules.replace(b"share = 0.34", b"share = 0.17") if not per else rules.replace(
        b'rounding = "half_up"', b'rounding = "down"').replace(b'ties = "extend"', b'ties = "extend"\nper = "division"')
    facts = builders.final_facts(6, 7)
    entries = tuple(
        replace(entry, division="junior" if at < 3 else "senior") for at, entry in enumerate(facts.entries)
    )
    with app.app_context(), writing() as db:
        builders.add_contest(db, rules=rules, facts=replace(facts, entries=entries))
    judge(app, "xinghe")
    seal(app, "xinghe")
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest="xinghe"))
    found = page(client)
    assert ("少年组" in found, found.count("rank-table__division")) == ((True, 2) if per else (False, 0))
    assert client.post(f"{ROOM}/rounds/final").status_code == 303
    assert ", ".join(f"{award} {entry}" for award, entry in awards(app)) == given
    client.post(f"{ROOM}/publication", data={"act": "publish", "sure": "1"})
    public = app.test_client().get("/contests/xinghe/results").get_data(as_text=True)
    assert "少年组" in public and "senior" in public
