"""Rule files composed from plain answers: what the presets say, what any plan gives, and what no plan can say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import composing
from contest.composing import AwardPlan, CriterionPlan, Plan, RoundPlan
from contest.rules import RuleFileError, read_rules
from settings import HERE

FINAL = (HERE / "contest/rules/presets/lecture-final.toml").read_bytes()
PRELIMINARY = (HERE / "contest/rules/presets/lecture-preliminary.toml").read_bytes()

titles = st.text(st.sampled_from("科普讲解赛A b9·—"), min_size=1, max_size=20).filter(lambda text: text.strip() == text)


@st.composite
def criteria(draw: st.DrawFn, prefix: str) -> tuple[CriterionPlan, ...]:
    maxima = draw(st.lists(st.integers(1, 200), min_size=1, max_size=6))
    return tuple(
        CriterionPlan(f"{prefix}{at}", draw(titles), draw(titles), Decimal(most), draw(st.just("") | titles), "")
        for at, most in enumerate(maxima)
    )


@st.composite
def rounds(draw: st.DrawFn, code: str) -> RoundPlan:
    drop = draw(st.integers(0, 2))
    return RoundPlan(
        code, draw(titles), draw(titles), draw(criteria(code)), draw(st.sampled_from(composing.STEPS)),
        draw(st.integers(2 * drop + 1, 20)), drop, draw(st.integers(0, 4)), draw(st.sampled_from(list(composing.TIES))),
        draw(st.booleans()), draw(st.booleans()),
    )  # fmt: skip


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    two = draw(st.booleans())
    awards = (
        AwardPlan("first", draw(titles), "", "count", Decimal(draw(st.integers(1, 40)))),
        AwardPlan("second", draw(titles), "", "share", Decimal(draw(st.integers(1, 100)))),
        AwardPlan("third", draw(titles), "", "rest", Decimal(0)),
    )  # fmt: skip
    return Plan(
        draw(titles), draw(titles),
        ((draw(rounds("preliminary")),) if two else ()) + (draw(rounds("final")),),
        draw(st.sampled_from([awards, awards[:1], awards[1:], ()])),
        tuple((code, "") for code in draw(st.lists(titles, max_size=3, unique=True))),
        composing.preset("two").kinds,
    )  # fmt: skip


@pytest.mark.parametrize("source", [FINAL, PRELIMINARY], ids=["final", "preliminary"])
def test_a_preset_read_as_a_plan_and_composed_again_says_the_same(source):
    made = read_rules(composing.compose(composing.plan_of(source)))
    assert replace(made, sha256="", data=b"") == replace(read_rules(source), sha256="", data=b"")


def test_two_rounds_have_criteria_of_their_own_and_the_final_decides():
    made = read_rules(composing.compose(composing.preset("two")))
    assert list(made.rounds) == ["preliminary", "final"]
    assert made.result.rounds == ("final",)
    assert [each.sheet_max for each in made.rounds.values()] == [Decimal(100), Decimal(100)]
    assert [award.id for award in made.awards] == ["first", "second", "third"]


@given(plans())
def test_every_plan_is_a_rule_file_that_reads_back_as_itself(plan):
    source = composing.compose(plan)
    found = composing.plan_of(source)
    assert found is not None
    assert composing.compose(found) == source
    assert [each.total for each in found.rounds] == [each.total for each in plan.rounds]


@pytest.mark.parametrize("change", [
    ("drop_low = 1", "drop_low = 0"), ("min_marks = 5", "min_marks = 4"), ("from = 27", "from = 28"),
    ('mode = "half_up"', 'mode = "down"'), ('by = "marks", of = "all", from = 2', 'by = "panel"'),
])  # fmt: skip
def test_a_file_that_says_more_than_a_plan_can_is_left_alone(change):
    changed = FINAL.replace(change[0].encode(), change[1].encode())
    assert changed != FINAL
    read_rules(changed)
    assert composing.plan_of(changed) is None


def test_the_same_file_written_differently_is_still_read_as_a_plan():
    remarked = FINAL.replace(b"format = 1", b"# a remark\nformat = 1")
    assert composing.plan_of(remarked) == composing.plan_of(FINAL)


def test_what_the_engine_refuses_is_refused():
    plan = composing.preset("final")
    with pytest.raises(RuleFileError):
        composing.compose(replace(plan, rounds=(replace(plan.rounds[0], judges=1),)))


def test_quotes_and_backslashes_stay_texts():
    plan = replace(composing.preset("final"), title='他说"好"\\ ] [x]', title_en='"""')
    assert read_rules(composing.compose(plan)).title.zh == '他说"好"\\ ] [x]'
