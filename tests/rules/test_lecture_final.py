"""The national-style lecture final: the preset against results worked out by hand."""

from decimal import Decimal
from pathlib import Path

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    SittingFact,
    compute,
    read_rules,
    story,
)

PRESET = Path("contest/rules/presets/lecture-final.toml")


def test_check_case_of_the_published_rule_gives_88_25():
    rules = read_rules(PRESET.read_bytes())
    marks = ["92.50", "90.00", "91.25", "88.75", "95.00", "89.50", "93.00"]
    facts = Facts(
        entries=(EntryFact("12"),),
        appearances=(AppearanceFact("final", "12", 1),),
        sittings=tuple(SittingFact("final", None, f"J{n}", str(n)) for n in range(1, 8)),
        marks=tuple(
            MarkFact("final", "12", f"J{n}", criterion, None, "mark", mark)
            for n, total in enumerate(marks, 1)
            for criterion, mark in zip(
                ("content", "delivery", "presence", "random"),
                (Decimal(28), Decimal(28), Decimal(9), Decimal(total) - 65),
                strict=True,
            )
        ),
        adjustments=(
            AdjustmentFact("final", "12", None, None, "quiz", Decimal(-1)),
            AdjustmentFact("final", "12", None, None, "time_own", Decimal(-2)),
        ),
    )
    (standing,) = compute(rules, facts).standings
    assert (standing.place, standing.score) == (1, Decimal("88.25"))
    assert story(standing.steps, "zh") == (
        "去掉最高分 95.00、最低分 88.75，其余 5 位平均 91.25；"
        "科技常识答错扣 1.00；自主命题超时或不足扣 2.00；最终 88.25，列第 1 名"
    )
