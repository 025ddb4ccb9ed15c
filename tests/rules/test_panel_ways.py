"""Other ways to count a panel's marks: the middle ones, those near the median, merged extremes, zeros, votes."""

import pytest

from contest.rules import Rules, compute, read_rules, story
from contest.rules.errors import RuleFileError
from tests.rules.making import ONE_ROUND, codes, facts_of, one_round, ruling, table

TWO = "\nround = { decimals = 2, mode = 'half_up' }"
MEAN = "take = 'mean'" + TWO


def score(panel: str, marks: list[str | None], **more) -> str | None:
    outcome = compute(one_round(panel, "[]", "[]"), facts_of({"A": marks}, judges=len(marks), **more))
    return table(outcome)[0][2]


def test_the_middle_three_of_any_number_count():
    # Ski jumping: 17.5 18 18.5 18.5 19 without one high and one low: 55.00; with seven judges without two each
    assert score("take = 'sum'\nmiddle = 3", ["17.5", "18", "18.5", "18.5", "19"]) == "55"
    assert score("take = 'sum'\nmiddle = 3", ["10", "17.5", "18", "18.5", "18.5", "19", "20"]) == "55"
    # Four judges: one of the highest is dropped, 17.5 + 18 + 18.5; three or two: all of them count.
    assert score("take = 'sum'\nmiddle = 3", ["17.5", "18", "18.5", "19"]) == "54"
    assert score("take = 'sum'\nmiddle = 3", ["17.5", "18"]) == "35.5"
    facts = facts_of({"A": ["1", "2", "3", "4", "5"]}, judges=5)
    outcome = compute(one_round("take = 'sum'\nmiddle = 3", "[]", "[]"), facts)
    assert story(outcome.standings[0].steps, "zh").startswith("去掉最高分 5、最低分 1，其余 3 位合计 9")


def test_marks_far_from_the_median_are_dropped():
    # Absolute judging: 8 8.5 8.5 9 and 5.5: median 8.5, limit 1.5: 5.5 goes, (8 + 8.5 + 8.5 + 9)/4 = 8.50
    assert score(MEAN + "\ndrop_beyond = 1.5", ["8", "8.5", "5.5", "8.5", "9"]) == "8.50"
    # Exactly 1.5 away counts: 8.5 − 7 = 1.5: (7 + 8.5 + 9)/3 = 8.17
    assert score(MEAN + "\ndrop_beyond = 1.5", ["7", "8.5", "9"]) == "8.17"
    outcome = compute(one_round(MEAN + "\ndrop_beyond = 1.5", "[]", "[]"),
                      facts_of({"A": ["8", "8.5", "5.5", "8.5", "11"]}, judges=5))  # fmt: skip
    assert story(outcome.standings[0].steps, "zh").startswith(
        "5.50、11.00 偏离中位数 8.50 超过 1.50，不计；3 位评委平均 8.33".replace("1.50", "1.5")
    )
    assert [s.dropped for s in outcome.rounds["final"].scores["A"].sheets] == [None, None, "low", None, "high"]


def test_two_marks_that_are_both_far_from_their_median_leave_nothing():
    outcome = compute(one_round(MEAN + "\ndrop_beyond = 1.5", "[]", "[]"), facts_of({"A": ["2", "9"]}, judges=2))
    assert table(outcome) == [(None, "A", None, "too_few_marks")]


def test_far_marks_are_dropped_in_each_criterion():
    text = ONE_ROUND.replace("PANEL", MEAN + "\nof = 'criteria'\ndrop_beyond = 1.5").replace("TIES", "[]")
    outcome = compute(read_rules(text.replace("AFTER", "[]").encode()), facts_of({"A": ["8", "8.5", "3"]}, judges=3))
    assert table(outcome)[0][2] == "8.25"
    assert story(outcome.standings[0].steps, "zh").startswith("Lecture：3.00 偏离中位数 8.00 超过 1.5，不计")


def test_the_highest_and_the_lowest_are_averaged_into_one_mark():
    # Physics tournament: 4 6 7 7 9: (4 + 9)/2 = 6.5; (6 + 7 + 7 + 6.5)/4 = 6.625 → 6.63
    merged = MEAN + "\nmerge_extremes = true"
    assert score(merged, ["4", "6", "7", "7", "9"]) == "6.63"
    assert score(merged, ["4", "9"]) == "6.50" and score(merged, ["4"]) == "4.00"
    outcome = compute(one_round(merged, "[]", "[]"), facts_of({"A": ["4", "6", "7", "7", "9"]}, judges=5))
    assert story(outcome.standings[0].steps, "zh").startswith(
        "最高分 9.00 与最低分 4.00 合为一个 6.50，与其余 3 位平均 6.63"
    )
    assert story(outcome.standings[0].steps, "en").startswith(
        "highest 9.00 and lowest 4.00 made into one mark, 6.50, mean of it and the other 3: 6.63"
    )


def test_a_missing_mark_is_0_only_where_the_rule_says_so():
    zero = MEAN + "\nmissing = 'zero'"
    # (90 + 0 + 60)/3
    assert score(zero, ["90", None, "60"]) == "50.00"
    outcome = compute(one_round(zero, "[]", "[]"), facts_of({"A": ["90", None, "60"], "B": [None] * 3}, judges=3))
    assert "评委 J2 未打的分记 0" in story(outcome.standings[0].steps, "zh")
    assert table(outcome)[1] == (None, "B", None, "waiting")
    # A judge who was absent by ruling is no missing mark.
    assert score(zero, ["90", None, "60"], rulings=[ruling("absent", "A", judge="J2")]) == "75.00"


def votes(need: str, more: str = "") -> Rules:
    text = ONE_ROUND.replace("max = 100\nstep = 0.01", 'kind = "pass"')
    panel = f"take = 'sum'\nneed = {need}{more}"
    return read_rules(text.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]").encode())


def test_two_thirds_of_those_present_carry_a_vote():
    marks: dict[str, list[str | None]] = {"A": ["1", "1", "0"], "B": ["1", "0", "0"], "C": ["1", "1", "1"]}
    outcome = compute(votes("'2/3'"), facts_of(marks, judges=3))
    assert [row[:3] for row in table(outcome)] == [(1, "A", "1"), (1, "C", "1"), (3, "B", "0")]
    assert story(outcome.standings[0].steps, "zh").startswith("到场 3 位评委中 2 位通过，达到 2/3，通过")
    assert story(outcome.standings[2].steps, "en").startswith(
        "1 of 3 judges present for it, fewer than 2/3: not passed"
    )
    # Absent: 1 of 2 is half. A number is what it says: 0.667 is a little more than 2 of 3.
    absent = facts_of(marks, judges=3, rulings=[ruling("absent", judge="J2")])
    assert {row[1]: row[2] for row in table(compute(votes("0.5"), absent))} == {"A": "1", "B": "1", "C": "1"}
    assert {row[1]: row[2] for row in table(compute(votes("'2/3'"), absent))} == {"A": "0", "B": "0", "C": "1"}
    assert {row[1]: row[2] for row in table(compute(votes("0.667"), facts_of(marks, judges=3)))}["A"] == "0"


def test_a_vote_waits_for_who_has_not_voted_unless_the_rule_leaves_them_out():
    marks: dict[str, list[str | None]] = {"A": ["1", "1", None]}
    assert table(compute(votes("'2/3'"), facts_of(marks, judges=3)))[0][3] == "incomplete"
    left_out = votes("1", "\nmissing = 'leave_out'\nmin_marks = 2")
    assert table(compute(left_out, facts_of(marks, judges=3)))[0][2] == "1"
    few = compute(left_out, facts_of({"A": ["1", None, None]}, judges=3))
    assert table(few)[0][3] == "too_few_marks" and "too_few_marks" in codes(few, "A")


@pytest.mark.parametrize(
    ("panel", "key"),
    [
        (MEAN + "\nmiddle = 0", "middle"),
        (MEAN + "\nsize = 5\nmiddle = 6", "middle"),
        (MEAN + "\nmiddle = 3\ndrop_high = 1", "middle"),
        (MEAN + "\nmiddle = 3\ndrop_beyond = 1", "drop_beyond"),
        (MEAN + "\ndrop_beyond = 0", "drop_beyond"),
        (MEAN + "\ndrop_beyond = 1.5\nby_size = { 3 = { drop_low = 1 } }", "drop_beyond"),
        ("take = 'sum'\nmerge_extremes = true", "merge_extremes"),
        (MEAN + "\nmerge_extremes = 1", "merge_extremes"),
        ("take = 'sum'\nneed = '2/3'", "need"),
        ("take = 'majority'", "take"),
        ("take = 'majority'\nof = 'sheets'", "of"),
    ],
)  # fmt: skip
def test_a_wrong_panel_is_refused_with_its_key(panel, key):
    with pytest.raises(RuleFileError) as caught:
        one_round(panel, "[]", "[]")
    assert caught.value.key == f"rounds.final.panel.{key}"


@pytest.mark.parametrize("need", ["0", "1.5", "'2/0'", "'two thirds'", "'3/2'", "true"])
def test_a_wrong_share_of_votes_is_refused(need):
    with pytest.raises(RuleFileError, match=r"rounds\.final\.panel\.need"):
        votes(need)
