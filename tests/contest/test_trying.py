"""Rules tried out: the published final's own example, other rules compared, ties, absent judges, times in words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest import sampling, trying
from contest.composing import PRESETS
from contest.rules import MarkError, read_rules
from contest.rules.shape import CriterionKind
from contest.sampling import Sample
from settings import HERE
from tests.builders import RULES

FINAL = read_rules(RULES)
ROUND = FINAL.rounds["final"]
# The final's published figures: 95.00 and 82.50 dropped, mean 89.20, one wrong answer.
TOTALS = ("91.00", "88.50", "95.00", "89.00", "82.50", "90.00", "87.50")
FILES = sorted([*PRESETS.glob("*.toml"), *(HERE / "examples").rglob("*.toml")])


def published(*values: tuple[str, str]) -> Sample:
    """The marks above as sheets, with adjustments."""
    return Sample(
        {at: sampling.split(ROUND, Decimal(text)) for at, text in enumerate(TOTALS, start=1)},
        tuple((kind, Decimal(value)) for kind, value in values),
    )


def score(round_, sample=None, **more):
    """The score of the sample above by a round's rules."""
    sample = sample or published(("quiz", "-1"))
    return str(trying.try_out(FINAL, round_, [sample], judges=7, **more)[0].standing.score)


def test_the_published_marks_give_the_published_score():
    tried = trying.try_out(FINAL, ROUND, [published(("quiz", "-1"))], judges=7)[0]
    assert str(tried.standing.score) == "88.20"
    assert [(each.seat, each.dropped) for each in tried.score.sheets if each.dropped] == [("3", "high"), ("5", "low")]
    assert [str(mark) for mark in trying.counted_marks(ROUND, tried.score)] == [
        "91.00", "88.50", "89.00", "90.00", "87.50"
    ]  # fmt: skip


def test_other_rules_are_compared_with_what_they_would_have_given():
    assert {code: score(other) for code, other in trying.variants(ROUND, 7)} == {
        "drop_0": "88.07", "drop_2": "88.17", "median": "88.00",
    }  # fmt: skip


@pytest.mark.parametrize("marks, codes", [
    (7, ["drop_0", "drop_2", "median"]), (4, ["drop_0", "median"]), (2, ["drop_0", "median"]),
])  # fmt: skip
def test_what_would_leave_no_mark_is_not_compared(marks, codes):
    assert [code for code, _other in trying.variants(ROUND, marks)] == codes


def test_a_sum_is_compared_with_nothing():
    summed = read_rules(RULES.replace(b'take = "mean"', b'take = "sum"')).rounds["final"]
    assert list(trying.variants(summed, 7)) == []


def test_an_absent_judge_counts_for_nobody_and_is_told():
    tried = trying.try_out(FINAL, ROUND, [published()], judges=7, absent=[3])[0]
    assert [step.code for step in tried.standing.steps][:2] == ["absent", "reduced_panel"]
    assert tried.standing.score == Decimal("88.75")


def test_a_tie_is_made_that_a_tie_break_decides():
    own = published()
    other = trying.tied_with(FINAL, ROUND, own, judges=7)
    first, second = trying.try_out(FINAL, ROUND, [own, other], judges=7)
    assert first.standing.score == second.standing.score == Decimal("89.20")
    assert {first.standing.place, second.standing.place} == {1, 2}
    assert "by_marks" in [step.code for step in first.standing.steps]


def test_where_nothing_decides_the_same_marks_share_the_place():
    shared = read_rules(RULES.replace(b'  { by = "marks", of = "all", from = 2 },\n  { by = "lots" },\n', b""))
    own = published()
    assert trying.tied_with(shared, shared.rounds["final"], own, judges=7) is own


@given(st.integers(0, 10_000))
def test_a_sheets_sum_is_split_into_marks_that_the_criteria_allow(hundredths):
    whole = Decimal(hundredths) / 100
    marks = sampling.split(ROUND, whole)
    assert sum(marks.values()) == whole
    assert all(each.check(format(marks[each.id], "f")) == marks[each.id] for each in ROUND.criteria)


@pytest.mark.parametrize("text, code", [("100.01", "above_max"), ("-1", "below_min"), ("50.005", "off_step")])
def test_a_sum_that_no_marks_make_is_refused(text, code):
    with pytest.raises(MarkError) as refused:
        sampling.split(ROUND, Decimal(text))
    assert refused.value.code == code


@pytest.mark.parametrize("text, seconds", [
    ("4:06", 246), ("4：06", 246), (" 0:59 ", 59), ("12:00", 720), ("246", 246), ("4:6", 246), ("4:60", None),
    ("", None),
    ("-1", None), ("abc", None), ("999:59", None), ("４:06", None), ("1e3", None), ("99999", None),
])  # fmt: skip
def test_times_are_read_as_the_hall_writes_them(text, seconds):
    assert trying.seconds_of(text) == seconds


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_time(text):
    found = trying.seconds_of(text)
    assert found is None or 0 <= found <= trying.LONGEST_TIME


@given(st.integers(0, trying.LONGEST_TIME))
def test_a_time_that_is_written_is_read_again(seconds):
    assert trying.seconds_of(trying.clock_text(seconds)) == seconds


@pytest.mark.parametrize("path", FILES, ids=lambda path: Path(path).stem)
def test_every_rule_file_of_the_house_can_be_tried(path):
    rules = read_rules(path.read_bytes())
    for round_ in rules.rounds.values():
        tried, samples = field(rules, round_)
        assert [each.standing.status for each in tried if each.standing.score is None] == []
        again, others = (
            [sampling.sample_of(round_, sampling.panel_size(round_), seed, entry=at) for at in range(len(samples))]
            for seed in (1, 2)
        )
        assert again == samples
        assert others != samples or all(each.kind is CriterionKind.PASS for each in round_.criteria)


def field(rules, round_):
    """A made-up field judged by a round, and its entries."""
    judges = sampling.panel_size(round_)
    samples = [sampling.sample_of(round_, judges, 1, entry=at) for at in range(sampling.field_size(round_))]
    return trying.try_out(rules, round_, samples, judges=judges), samples


def test_rules_that_look_at_the_field_are_known_as_such():
    assert not trying.needs_field(ROUND)
    standard = b'[rounds.final.sheet.normalise]\nby = "standard"\nround = { decimals = 2, mode = "half_up" }\n'
    assert trying.needs_field(read_rules(RULES + standard).rounds["final"])


def test_judges_who_hand_in_places_give_each_place_of_the_field_once():
    ranked = RULES[: RULES.index(b"[[awards]]")].replace(b'["content", "delivery", "presence", "random"]', b'["place"]')
    ranked = ranked.replace(b"from = 2 }", b'from = 2, better = "lower" }')
    ranked = ranked.replace(b"[adjustments.quiz]", b'[criteria.place]\ntitle = "place"\nkind = "rank"\nmax = 9\n\n'
                            b"[adjustments.quiz]", 1)  # fmt: skip
    rules = read_rules(ranked)
    tried, samples = field(rules, rules.rounds["final"])
    for judge in range(1, 8):
        assert sorted(sample.marks[judge]["place"] for sample in samples) == [1, 2, 3]
    assert all(each.standing.place for each in tried)
