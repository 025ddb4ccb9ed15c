"""The result before its seal: what the page shows to whom and when, counted by hand; nothing on it changes anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contest import queries
from contest.models import LedgerRow, Role, RoundState
from tests import builders, fixtures_sealed
from tests.builders import final_facts
from tests.counting import counted
from tests.fixtures_sealed import seal
from tests.judged import MARKS, ROOM, RULES, judged, make, page, rows
from web.db import reading, writing


@pytest.fixture
def organizer(app):
    return make(app, judged())


def test_the_ranking_with_dots_penalties_and_award_lines(organizer):
    found = page(organizer)
    assert [row.split()[:2] for row in rows(found)[1:]] == [
        ["1", "01"], ["一等奖", "1"], ["2", "02"], ["3", "03"], ["二等奖", "2"], ["4", "04"], ["5", "05"], ["6", "06"],
    ]
    assert "6 / 6 已评完" in found and "规则第 1 版，未封存" in found
    assert 'aria-label="第1席 95.00（去掉）、第2席 89.00、第3席 90.00、第4席 88.00、第5席 80.00（去掉）"' in found
    assert found.count('class="dots__dropped"') == 6 * 2 + 1 and found.count('class="dots__mark"') == 6 * 3 + 1
    assert "各席分布 70–95" in found and "−1.00" in found and "≥ 88.00" in found
    assert 'data-edge="下一名差 1.00"' in found
    assert 'data-edge="第 3 名同为 88.00，比较评委第二高分 90.00 &gt; 89.00"' in found


def test_the_story_and_the_figures_of_the_entry_that_is_asked_for(organizer):
    found = page(organizer, "?entry=05")
    assert "答题扣 1.00" in found and "列第 5 名" in found
    first = page(organizer)
    assert "去掉最高分 95.00、最低分 80.00，其余 3 位平均 89.00" in first
    assert all(figure in first for figure in ("88.40", "89.00", "15.00", "5.41"))


def test_a_seat_that_is_left_out_moves_places_and_awards(organizer):
    # Without seat 1: 01 is (89 + 88) / 2 = 88.50, 02 is 87.00, 03 is 87.50.
    found = page(organizer, "?without=final|A|1")
    told = {row.split()[1]: row for row in rows(found) if row[0].isdigit()}
    assert "88.50 — 名次不变" in told["01"]
    assert "87.00 ▼ 1 名，下降" in told["02"] and "87.50 ▲ 1 名，上升" in told["03"]
    assert "奖项变" not in found
    alone = page(organizer, "?without=final|A|9")
    assert "若第" not in alone


def test_an_award_that_would_change_is_marked_with_both_awards(app):
    # 01: 89.00 and without seat 1 81.00; 02: 88.00 and then 88.00.
    client = make(app, judged({"01": "95 95 86 86 76", "02": "88 88 88 88 88", "03": "70 70 70 70 70"}))
    found = page(client, "?without=final|A|1")
    assert "一等奖 → 二等奖" in found and "二等奖 → 一等奖" in found


def test_the_matrix_says_who_would_cross_which_line(app):
    client = make(app, judged({"01": "95 95 86 86 76", "02": "88 88 88 88 88", "03": "70 70 70 70 70"}))
    told = rows(page(client, "?view=judges"))
    seats = {row.split()[0]: row for row in told if row.startswith("第") and "席 " in row and "停评" not in row}
    matrix = [row for row in told if row.startswith("第1席") and ("▲" in row or "不变" in row)]
    assert len(seats) == 5
    assert matrix == ["第1席 2 人 2 ▲ 进 02 ▼ 出 01 不变"]


def test_judges_beside_the_others(app):
    marks = {f"{at:02d}": f"{80 + at} {80 + at} {78 + at} {80 + at} {82 - at}" for at in range(1, 7)}
    found = rows(page(make(app, judged(marks)), "?view=judges"))
    third = next(row for row in found if row.startswith("第3席 石北辰") or row.startswith("第3席 "))
    fifth = next(row for row in found if row.startswith("第5席"))
    assert " 6 −" in third and "+1.00" in third.replace("+0.", "x")
    assert "−1.00" in fifth


def test_few_entries_say_too_little_about_judges(app):
    found = page(make(app, judged({key: MARKS[key] for key in ("01", "02", "03")})), "?view=judges")
    assert found.count("数据太少，不好说") == 5 + 1


def test_other_ways_and_the_place_each_would_give(organizer):
    told = {row.split()[1]: row for row in rows(page(organizer, "?view=ways"))[1:]}
    # 01: mean of all 88.40, median 89; 02: 86.80 and 88; 03: 86.60 and 88.
    assert "88.40 第 1 名" in told["01"] and "89.00 第 1 名" in told["01"]
    assert "86.80 第 2 名" in told["02"] and "86.60 第 3 名" in told["03"]
    assert "79.00 第 5 名" in told["05"]


def test_ties_are_told_with_how_they_were_broken(organizer):
    found = page(organizer, "?view=spread")
    assert "02、03 号同为 88.00" in found and "02 号与 03 号同分，比较评委第二高分 90.00 &gt; 89.00，列第 2 名" in found
    assert "标准差是样本标准差" in found


def test_a_place_that_is_shared_across_a_line_is_said(app):
    equal = {"01": "90 90 90 90 90", "02": "90 90 90 90 90", "03": "70 70 70 70 70"}
    found = page(make(app, judged(equal)))
    assert "并列" in found and "第 1 名 2 人并列，规则不把并列拆开" in found and "都在一等奖内" in found


def test_while_judging_marks_of_entries_that_are_not_complete_stay_hidden(app):
    client = make(app, judged(MARKS | {"02": "90 91.37 - 86 80"}), state=RoundState.JUDGING)
    for query in ("", "?view=ways", "?view=judges", "?view=spread", "?entry=02", "?without=final|A|1", "?of=lecture"):
        found = page(client, query)
        assert "91.37" not in found and "5 / 6 已评完" in found
    assert any(row.startswith("— 02") and row.endswith("已评 4/5") for row in rows(page(client)))
    assert "还会变" in page(client)


def test_with_no_marks_at_all_the_page_says_so(app):
    client = make(app, replace(judged(), marks=(), adjustments=()), state=RoundState.JUDGING)
    for query in ("", "?view=ways", "?view=judges", "?view=spread"):
        found = page(client, query)
        assert "还没有哪位选手的评分到齐" in found and "0 / 6 已评完" in found
    assert "<svg class=\"dots\"" not in page(client)


def test_a_round_with_nobody_in_it_leads_to_the_order(app):
    client = make(app, replace(final_facts(3, 3), appearances=()), state=RoundState.DRAFT)
    assert "/admin/contests/xinghe/order" in page(client)


def test_a_sealed_round_is_read_only_and_names_its_seal(app, sealed):
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=sealed))
    found = page(client)
    assert "第 1 次封存" in found and "data-fixed" in found and "奖项线不再移动" in found and "看封存" in found
    assert "one" in found and "two" in found


def test_a_sealed_round_whose_marks_have_moved_says_so(app, sealed):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, sealed)
        first = queries.appearances_in_order(db, queries.round_of(db, contest, "final"))[0]
        for sheet in queries.sheets_of(db, first).values():
            for mark in sheet.marks:
                mark.value -= 1
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=sealed))
    assert "不是封存的成绩" in page(client)


def test_the_seal_card_follows_the_two_people(app):
    slug = builders.make_contest(app, entries=6, judges=7)
    client = builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=slug))
    assert "评分中" in page(client)
    fixtures_sealed.judge(app, slug)
    assert "提出封存" in page(client) and "另一位负责人确认" in page(client)
    seal(app, slug)
    assert "去轮次与封存" in page(client) and "第 1 次封存" in page(client)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ORGANIZER, Role.CHIEF)])
def test_whoever_may_not_see_marks_is_refused(app, organizer, role):
    client = builders.client_of(app, builders.make_account(app, "other", role, contest="xinghe"))
    assert client.get(ROOM).status_code == 403
    assert client.post(ROOM).status_code == 405


def test_the_chief_judge_sees_it_and_nobody_from_outside(app, organizer):
    chief = builders.client_of(app, builders.make_account(app, "chief", Role.CHIEF, contest="xinghe"))
    found = page(chief)
    assert "下一名差 1.00" in found and "results.xlsx" not in found and "比赛设置" not in found
    assert builders.client_of(app, builders.make_account(app, "stranger")).get(ROOM).status_code in (403, 404)
    assert app.test_client().get(ROOM).status_code == 403


def test_the_export_is_the_summary_sheet(organizer):
    assert '/admin/contests/xinghe/tables/results.xlsx"' in page(organizer)


def test_nonsense_in_the_address_counts_as_not_asked(organizer):
    usual = page(organizer)
    query = "?round=semi&scope=whole&view=x&of=%FF&without=|||&entry=<b>&cuts=1e9,-4;x" + "9" * 3000
    found = page(organizer, query)
    assert "<b>&" not in found and rows(found) == rows(usual)


def test_it_is_whole_in_english(organizer):
    found = page(organizer, "?lang=en&without=final|A|1")
    assert "Results · Final" in found and "First prize: 1 · 17%" in found and "Without Seat 1" in found
    assert "Next is 1.00 behind" in found


def test_the_page_costs_as_many_queries_for_thirty_entries_as_for_six(app):
    def asked(slug, client):
        with counted(app) as statements:
            assert client.get(f"/admin/contests/{slug}/results?view=judges").status_code == 200
        return len(statements)

    six = asked("xinghe", make(app, judged()))
    many = {f"{at:02d}": "90 80 70 60 50" for at in range(1, 31)}
    with app.app_context(), writing() as db:
        builders.add_contest(db, slug="many", facts=judged(many), rules=RULES.encode(), with_judging=True)
    client = builders.client_of(app, builders.make_account(app, "another", Role.ORGANIZER, contest="many"))
    assert asked("many", client) <= six


def test_nothing_is_written_by_looking(app, organizer):
    def rows_of_ledger():
        with app.app_context(), reading() as db:
            return db.query(LedgerRow).count()

    before = rows_of_ledger()
    page(organizer, "?without=final|A|1&view=judges")
    assert rows_of_ledger() == before
