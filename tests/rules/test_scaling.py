"""Scaling to the best of the field: Odyssey of the Mind, robot matches, times; the arithmetic beside each."""

import pytest

from contest.rules import RuleFileError, compute, read_rules, story
from tests.rules.making import facts_of, one_round, ruling, table

ONE = 'take = "mean"\nround = { decimals = 2, mode = "half_up" }'
ROUND = "round = { decimals = 2, mode = 'half_up' }"


def scaled(*links: str, to: str = "200", keys: str = "", ranking: str = ""):
    chain = [f"{{ scale = {{ to = {to}, {ROUND}{keys} }} }}", *links]
    rules = one_round(panel=ONE, ties="[]", after=f"[ {', '.join(chain)} ]")
    if ranking:
        rules = read_rules(rules.data.replace(b"[rounds.final]\n", f"[rounds.final]\n{ranking}\n".encode()))
    return rules


def field(scores: dict[str, str], **more):
    return facts_of({entry: [score] for entry, score in scores.items()}, judges=1, **more)


def test_long_term_scores_are_shares_of_the_best_and_penalties_come_afterwards():
    # best 90 → 200; 60/90 × 200 = 133.33; 45/90 × 200 = 100 − 2 = 98
    outcome = compute(scaled('{ adjust = ["late"] }'),
                      field({"A": "60", "B": "90", "C": "45"}, adjustments=[("C", "late", "-2")]))
    assert table(outcome) == [(1, "B", "200.00", None), (2, "A", "133.33", None), (3, "C", "98.00", None)]
    assert story(outcome.standings[1].steps, "zh").startswith(
        "1 位评委平均 60.00；60 ÷ 最高 90 × 200 = 133.33；最终 133.33")


def test_a_best_of_nothing_gives_nothing():
    outcome = compute(scaled(), field({"A": "0", "B": "0"}))
    assert table(outcome) == [(1, "A", "0.00", None), (1, "B", "0.00", None)]
    assert "最高为 0，计 0.00" in story(outcome.standings[0].steps, "zh")


def test_the_best_is_that_of_the_division_where_the_rule_says_so():
    divisions = {"A": "J", "B": "J", "C": "P"}
    scores = {"A": "50", "B": "40", "C": "80"}
    per_division = compute(scaled(to="100", keys=", scope = 'division'"), field(scores, divisions=divisions))
    assert {s.entry: str(s.score) for s in per_division.standings} == {"A": "100.00", "B": "80.00", "C": "100.00"}
    whole = compute(scaled(to="100"), field(scores, divisions=divisions))
    assert {s.entry: str(s.score) for s in whole.standings} == {"A": "62.50", "B": "50.00", "C": "100.00"}


def test_times_are_scaled_the_other_way_round():
    # best 40 s → 100; 40/50 × 100 = 80; 40/60 × 100 = 66.67
    rules = scaled(to="100", keys=", better = 'lower'")
    outcome = compute(rules, field({"A": "50", "B": "40", "C": "60"}))
    assert table(outcome) == [(1, "B", "100.00", None), (2, "A", "80.00", None), (3, "C", "66.67", None)]
    assert "最低 40 ÷ 50 × 100 = 80.00" in story(outcome.standings[1].steps, "zh")
    nought = compute(rules, field({"A": "0", "B": "40"}))
    assert table(nought) == [(1, "A", "100.00", None), (2, "B", "0.00", None)]


def test_whoever_left_the_contest_is_not_the_best_of_it():
    outcome = compute(scaled(to="100"), field({"A": "80", "B": "40", "C": "20"}, rulings=[ruling("disqualified", "A")]))
    assert table(outcome)[:2] == [(1, "B", "100.00", None), (2, "C", "50.00", None)]


def test_a_chain_may_scale_twice_and_a_cap_of_a_family_holds_across_it():
    # A 80 → 100 − 1.5; B 40 → 50; then both to 10: 10 and 50/98.5 × 10 = 5.08; the family's −2 leaves 0.5 of A's −1
    again = f"{{ scale = {{ to = 10, {ROUND} }} }}"
    rules = scaled('{ adjust = ["late"] }', again, '{ adjust = ["over"] }', to="100")
    outcome = compute(rules, field({"A": "80", "B": "40"}, adjustments=[("A", "late", "-1.5"), ("A", "over", "-1")]))
    assert table(outcome) == [(1, "A", "9.50", None), (2, "B", "5.08", None)]


def test_an_entry_that_waits_for_a_mark_does_not_hold_up_the_others():
    facts = facts_of({"A": ["80", "80"], "B": ["40", "40"], "C": ["99", None]}, judges=2)
    assert table(compute(scaled(to="100"), facts)) == [
        (1, "A", "100.00", None), (2, "B", "50.00", None), (None, "C", None, "incomplete"),
    ]  # fmt: skip


@pytest.mark.parametrize(("scale", "key", "wanted"), [
    ("{ to = 0, ROUND }", "rounds.final.after[0].scale.to", "factor"),
    ("{ to = 200 }", "rounds.final.after[0].scale.round", "rounding_needed"),
    ("{ ROUND }", "rounds.final.after[0].scale.to", "number"),
    ("{ to = 200, by = 'mean', ROUND }", "rounds.final.after[0].scale.by", "known"),
    ("{ to = 200, scope = 'panel', ROUND }", "rounds.final.after[0].scale.scope", "known"),
    ("200", "rounds.final.after[0].scale", "table"),
])  # fmt: skip
def test_a_wrong_scaling_is_refused_with_its_key(scale, key, wanted):
    with pytest.raises(RuleFileError) as error:
        one_round(panel=ONE, ties="[]", after=f"[ {{ scale = {scale.replace('ROUND', ROUND)} }} ]")
    assert (error.value.key, error.value.wanted) == (key, wanted)


def test_with_several_attempts_the_scaling_comes_after_them():
    with pytest.raises(RuleFileError) as error:
        scaled(ranking='attempts = { count = 2, take = "best" }')
    assert (error.value.key, error.value.wanted) == ("rounds.final.after", "scale_of_attempts")


@pytest.mark.parametrize("left", ["0", "30"])
def test_where_less_is_better_whoever_left_with_the_least_changes_nothing(left):
    outcome = compute(scaled(to="100", keys=", better = 'lower'"),
                      field({"A": left, "B": "40", "C": "50"}, rulings=[ruling("withdrawn", "A")]))
    assert table(outcome) == [(1, "B", "100.00", None), (2, "C", "80.00", None), (None, "A", None, "withdrawn")]
