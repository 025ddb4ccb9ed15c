"""Marks dropped per criterion: real segments against their official results, and cases those lack, worked by hand."""

import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    Rules,
    SittingFact,
    compute,
    read_folder,
    read_rules,
    story,
)
from tests.rules.making import FIXTURES, PROJECT, table

SEGMENTS = sorted(path for path in (FIXTURES / "skating").iterdir() if path.is_dir())
COMPONENTS = ("skating-skills", "transitions", "performance", "composition", "interpretation-of-the-music")


def example(name: str) -> Rules:
    return read_rules((PROJECT / "examples" / "skating" / f"{name}.toml").read_bytes())


@pytest.mark.parametrize("folder", SEGMENTS, ids=lambda path: path.name)
def test_a_real_segment_gives_every_official_component_total_and_place(folder: Path):
    segment = json.loads((folder / "facts.json").read_text())["segment"]
    rules = example(segment.lower().replace(" ", "-"))
    outcome = compute(rules, read_folder(folder, rules))
    (round,) = outcome.rounds.values()
    with (folder / "expected.csv").open(newline="") as file:
        expected = [(r["entry"], r["components"], r["total"], int(r["place"])) for r in csv.DictReader(file)]
    found = [(s.entry, str(round.scores[s.entry].panel), str(s.score), s.place) for s in outcome.standings]
    assert sorted(found) == sorted(expected)


def skaters(marks: dict[str, list[list[str | None]]], technical: dict[str, str]) -> Facts:
    """Entries with a row of judges' marks for each component."""
    judges = len(next(iter(marks.values()))[0])
    return Facts(
        entries=tuple(EntryFact(entry) for entry in marks),
        appearances=tuple(AppearanceFact(None, entry, order) for order, entry in enumerate(marks, start=1)),
        sittings=tuple(SittingFact(None, None, f"J{n}") for n in range(1, judges + 1)),
        marks=tuple(
            MarkFact(None, entry, f"J{n}", component, None, "mark", Decimal(mark))
            for entry, rows in marks.items()
            for component, row in zip(COMPONENTS, rows, strict=True)
            for n, mark in enumerate(row, start=1)
            if mark is not None
        ),
        adjustments=tuple(
            AdjustmentFact(None, entry, None, None, "technical", Decimal(value)) for entry, value in technical.items()
        ),
    )


NINE: list[str | None] = ["7", "7.25", "7.5", "7.5", "7.75", "8", "8", "8.25", "8.5"]


def test_eight_of_nine_marks_give_the_mean_of_six():
    # Nine: drop 7 and 8.5: 7.25+7.5+7.5+7.75+8+8+8.25 = 54.25/7 = 7.75 → ×0.8 = 6.20
    # Eight, without the 8.5: drop 7 and 8.25: 7.25+7.5+7.5+7.75+8+8 = 46/6 = 7.6667 → 7.67; × 0.8 = 6.136 → 6.14
    without_last: list[str | None] = [*NINE[:8], None]
    rules = example("ladies-short-program")
    outcome = compute(rules, skaters({"A": [NINE] * 4 + [without_last]}, {"A": "30"}))
    # 4 × 6.20 + 6.14 + 30 = 60.94
    assert table(outcome) == [(1, "A", "60.94", None)]
    assert (
        "音乐表达：J9 未打分，不计入；音乐表达：去掉最高分 8.25、最低分 7.00，其余 6 位平均 7.67，乘系数 0.8 得 6.14"
        in (story(outcome.standings[0].steps, "zh"))
    )


def test_equal_totals_go_to_the_higher_technical_score_in_a_short_programme():
    # A: 5 × 7 × 0.8 = 28 + 32 = 60; B: 5 × 7.5 × 0.8 = 30 + 30 = 60
    facts = skaters({"A": [["7"] * 9] * 5, "B": [["7.5"] * 9] * 5}, {"A": "32", "B": "30"})
    outcome = compute(example("ladies-short-program"), facts)
    assert table(outcome) == [(1, "A", "60.00", None), (2, "B", "60.00", None)]
    assert story(outcome.standings[0].steps, "zh").endswith("与 B 号同分，比较“技术分” 32.00 > 30.00，列第 1 名")


def test_equal_totals_go_to_the_higher_components_in_a_free_programme():
    # A: 5 × 7 × 1.6 = 56 + 34 = 90; B: 5 × 7.5 × 1.6 = 60 + 30 = 90
    facts = skaters({"A": [["7"] * 9] * 5, "B": [["7.5"] * 9] * 5}, {"A": "34", "B": "30"})
    outcome = compute(example("ladies-free-skating"), facts)
    assert table(outcome) == [(1, "B", "90.00", None), (2, "A", "90.00", None)]
    assert story(outcome.standings[0].steps, "zh").endswith("与 A 号同分，比较评委评分 60.00 > 56.00，列第 1 名")


def test_a_measured_value_that_is_not_there_yet_is_not_zero():
    outcome = compute(example("ladies-free-skating"), skaters({"A": [["7"] * 9] * 5}, {}))
    assert table(outcome) == [(None, "A", None, "incomplete")]
    assert story(outcome.standings[0].steps, "zh").endswith("技术分 尚未录入，暂不排名")


def test_too_few_marks_for_one_criterion_keep_the_entry_out():
    rows: list[list[str | None]] = [["7"] * 9] * 4 + [["7", "8", *[None] * 7]]
    assert table(compute(example("ladies-free-skating"), skaters({"A": rows}, {"A": "30"}))) == [
        (None, "A", None, "too_few_marks")
    ]


def test_sheets_have_no_total_and_each_criterion_says_what_it_dropped():
    rules = example("ladies-short-program")
    score = compute(rules, skaters({"A": [NINE] * 5}, {"A": "30"})).rounds["short"].scores["A"]
    assert rules.rounds["short"].sheet_max is None
    assert {(sheet.total, sheet.dropped) for sheet in score.sheets} == {(None, None)}
    assert [mark for mark in score.components[0].marks if mark[2]] == [
        ("J1", Decimal("7"), "low"),
        ("J9", Decimal("8.5"), "high"),
    ]
    assert (score.components[0].mean, score.components[0].factor, score.components[0].value) == (
        Decimal("7.75"),
        Decimal("0.8"),
        Decimal("6.20"),
    )
