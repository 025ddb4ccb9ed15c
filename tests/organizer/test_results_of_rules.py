"""The results page with other rule files: divisions, several rounds, marks dropped per criterion, sums, no awards."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from contest.models import Role
from contest.rules import AdjustmentFact, AppearanceFact, Facts, MarkFact, SittingFact
from settings import HERE
from tests import builders
from tests.builders import final_facts
from tests.judged import RULES, judged, make, page, rows

TWO_DIVISIONS = '[divisions.junior]\ntitle = { zh = "少年组", en = "Juniors" }\n[criteria.lecture]'


def in_divisions() -> Facts:
    """The final with 01 to 03 among the juniors."""
    facts = judged()
    return replace(facts, entries=tuple(
        replace(entry, division="junior" if entry.entry < "04" else "senior") for entry in facts.entries
    ))  # fmt: skip


def test_awards_per_division_make_a_table_for_each(app):
    rules = RULES.replace("[criteria.lecture]", TWO_DIVISIONS, 1).replace(
        'ties = "extend"', 'ties = "extend"\nper = "division"')
    found = page(make(app, in_divisions(), rules))
    assert found.count("data-lines=") == 2 and "少年组" in found and "senior" in found
    assert found.count("一等奖 1 人 · 33%") == 2


def test_awards_across_divisions_are_cut_out_of_one_ranking(app):
    rules = RULES.replace("[criteria.lecture]", TWO_DIVISIONS, 1)
    found = page(make(app, in_divisions(), rules))
    assert found.count("data-lines=") == 1 and "全部组别" in found
    assert [row.split()[:2] for row in rows(found)[1:4]] == [["1", "01"], ["一等奖", "1"], ["2", "02"]]
    assert page(make_other(app, in_divisions(), rules), "?without=final|A|1")


def make_other(app, facts: Facts, rules: str):
    """The organizer of the contest that is there already."""
    return builders.client_of(app, builders.make_account(app, "again", Role.ORGANIZER, contest="xinghe"))


SEMI = """
[rounds.semi]
title = { zh = "半决赛", en = "Semi" }
criteria = ["lecture"]
[rounds.semi.panel]
take = "mean"
round = { decimals = 2, mode = "half_up" }
[rounds.final]
"""
SEVERAL = RULES.replace("[rounds.final]", SEMI, 1).replace(
    "[[awards]]", '[result]\nrounds = ["semi", "final"]\n[[awards]]', 1)


def in_two_rounds() -> Facts:
    """The same marks in a semi-final and a final."""
    facts = judged()
    return replace(
        facts,
        appearances=(*(AppearanceFact("semi", a.entry, a.order, a.number, "A") for a in facts.appearances),
                     *facts.appearances),
        sittings=(*(SittingFact("semi", "A", s.judge, s.seat) for s in facts.sittings), *facts.sittings),
        marks=(*(replace(mark, round="semi") for mark in facts.marks), *facts.marks),
    )  # fmt: skip


def test_the_result_out_of_several_rounds_has_the_awards(app):
    client = make(app, in_two_rounds(), SEVERAL)
    one = page(client, "?round=semi")
    assert "成绩 · 半决赛" in one and "本轮没有自己的奖项" in one and "scope=whole" in one
    whole = page(client, "?scope=whole")
    assert "成绩 · 总成绩" in whole and "一等奖 1 人" in whole and "177.40" in whole
    for view in ("ways", "judges", "spread"):
        assert "成绩 · 总成绩" in page(client, f"?scope=whole&view={view}")
    moved = page(client, "?scope=whole&without=semi|A|1")
    assert "若半决赛 · 第1席停评" in moved


def test_marks_dropped_per_criterion_are_looked_at_criterion_by_criterion(app):
    rules = (HERE / "examples/skating/pairs-free-skating.toml").read_bytes()
    criteria = re.findall(rb"^\[criteria\.([\w-]+)\]", rules, re.MULTILINE)
    kinds = re.findall(rb"^\[adjustments\.(\w+)\]", rules, re.MULTILINE)
    code = re.search(rb"^\[rounds\.(\w+)\]", rules, re.MULTILINE)[1].decode()
    facts = final_facts(3, 5)
    facts = replace(
        facts, appearances=tuple(replace(each, round=code) for each in facts.appearances),
        sittings=tuple(replace(each, round=code) for each in facts.sittings),
        marks=tuple(
            MarkFact(code, entry.entry, f"J{seat}", criterion.decode(), None, "mark", Decimal(4 + seat))
            for entry in facts.entries for seat in range(1, 6) for criterion in criteria
        ),
        adjustments=tuple(
            AdjustmentFact(code, entry.entry, None, None, kinds[0].decode(), Decimal(20 + at))
            for at, entry in enumerate(facts.entries)
        ),
    )  # fmt: skip
    client = make(app, facts, rules)
    for query in ("", f"?of={criteria[-1].decode()}", "?view=ways", "?view=judges", "?view=spread"):
        found = page(client, query)
        assert "3 / 3 已评完" in found
    assert 'aria-label="第1席 5.00（去掉）、第2席 6.00' in page(client) and "每席总分" not in page(client)
    assert "标准分</th>" not in page(client, "?view=ways") and "中位数" in page(client, "?view=ways")


def test_a_sum_is_not_put_beside_means(app):
    rules = RULES.replace('take = "mean"\nround = { decimals = 2, mode = "half_up" }', 'take = "sum"')
    assert "排在一起没有意义" in page(make(app, judged(), rules), "?view=ways")


def test_without_awards_there_are_no_lines_and_the_page_says_so(app):
    found = page(make(app, judged(), RULES[: RULES.index("[[awards]]")]))
    assert "data-cut" not in found and "规则文件没有写奖项" in found
