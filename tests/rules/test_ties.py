"""Ties, broken each way of the chain: seven marks, one high and one low dropped; the arithmetic is beside each."""

from contest.rules import compute, story
from tests.rules.making import facts_of, one_round, ruling, table

# Kept: 89 90 90 90 91 = 450/5 = 90.00.
PLAIN = ["95", "89", "90", "90", "90", "91", "80"]


def test_equal_scores_are_told_apart_by_the_second_highest_mark():
    # 12: 95 | 91 …; 08: kept 88.50 90 90 90 91.50 = 450 → 90.00, second-highest 91.50 > 91.00
    facts = facts_of({"12": PLAIN, "08": ["93", "88.50", "90", "90", "90", "91.50", "70"]})
    outcome = compute(one_round(), facts)
    assert table(outcome) == [(1, "08", "90.00", None), (2, "12", "90.00", None)]
    assert story(outcome.standings[0].steps, "zh") == (
        "去掉最高分 93.00、最低分 70.00，其余 5 位平均 90.00；最终 90.00；"
        "与 12 号同分，比较评委第二高分 91.50 > 91.00，列第 1 名"
    )
    assert story(outcome.standings[1].steps, "en") == (
        "highest 95.00 and lowest 80.00 dropped, mean of the other 5: 90.00; score 90.00; "
        "equal with no. 08, 2nd-highest mark 91.00 < 91.50, place 2"
    )


def test_equal_second_marks_go_on_to_the_third():
    # A: 95 | 91 90 90 90 89 | 80; B: 95 | 91 90.50 90 89.50 89 | 80: both 450/5; third mark 90.50 > 90.00
    facts = facts_of({"A": PLAIN, "B": ["95", "91", "90.50", "90", "89.50", "89", "80"]})
    outcome = compute(one_round(), facts)
    assert table(outcome) == [(1, "B", "90.00", None), (2, "A", "90.00", None)]
    assert "比较评委第三高分 90.50 > 90.00" in story(outcome.standings[0].steps, "zh")


def test_the_highest_mark_is_not_looked_at_when_the_chain_begins_at_the_second():
    facts = facts_of(
        {"A": PLAIN, "B": ["99", *PLAIN[1:]]}, rulings=[ruling("lot", "A", value="1"), ruling("lot", "B", value="2")]
    )
    assert table(compute(one_round(), facts)) == [(1, "A", "90.00", None), (2, "B", "90.00", None)]


def test_recorded_lots_decide_when_every_mark_is_equal():
    facts = facts_of({"A": PLAIN, "B": PLAIN}, rulings=[ruling("lot", "A", value="2"), ruling("lot", "B", value="1")])
    outcome = compute(one_round(), facts)
    assert table(outcome) == [(1, "B", "90.00", None), (2, "A", "90.00", None)]
    assert story(outcome.standings[1].steps, "zh").endswith(
        "与 B 号同分，评委打分从第二高分起均相同，抽签序号 2 > 1，列第 2 名"
    )


def test_without_lots_the_place_is_shared_the_next_skipped_and_the_draw_asked_for():
    facts = facts_of({"A": PLAIN, "B": PLAIN, "C": ["80"] * 7, "D": ["99"] * 7})
    outcome = compute(one_round(), facts)
    assert table(outcome) == [
        (1, "D", "99.00", None),
        (2, "A", "90.00", None),
        (2, "B", "90.00", None),
        (4, "C", "80.00", None),
    ]
    assert story(outcome.standings[1].steps, "zh").endswith(
        "与 B 号同分，评委打分从第二高分起均相同，需抽签，尚无抽签结果，与 B 号并列，列第 2 名"
    )
    assert story(outcome.standings[1].steps, "en").endswith(
        "equal with no. B, all marks equal from the 2nd-highest on, lots are needed, none are recorded, "
        "place shared with no. B, place 2"
    )


def test_lots_of_only_some_of_the_tied_decide_nothing():
    facts = facts_of(
        {"A": PLAIN, "B": PLAIN, "C": PLAIN}, rulings=[ruling("lot", "A", value="2"), ruling("lot", "B", value="1")]
    )
    assert table(compute(one_round(), facts)) == [
        (1, "A", "90.00", None),
        (1, "B", "90.00", None),
        (1, "C", "90.00", None),
    ]


def test_without_a_chain_equal_scores_share_a_place():
    outcome = compute(
        one_round(ties="[]"), facts_of({"A": PLAIN, "B": ["93", "88.50", "90", "90", "90", "91.50", "70"]})
    )
    assert [row[0] for row in table(outcome)] == [1, 1]


def test_three_tied_are_told_apart_in_turn():
    # all 450/5. Second marks: A 91, B 91.50, C 91 → B first; A and C: third 90 against 90.25 → C, then A
    facts = facts_of(
        {
            "A": PLAIN,
            "B": ["93", "88.50", "90", "90", "90", "91.50", "70"],
            "C": ["92", "91", "90.25", "90", "89.75", "89", "60"],
        }
    )
    outcome = compute(one_round(), facts)
    assert table(outcome) == [(1, "B", "90.00", None), (2, "C", "90.00", None), (3, "A", "90.00", None)]
    assert "比较评委第二高分 91.50（A 号 91.00、C 号 91.00）" in story(outcome.standings[0].steps, "zh")
    assert "比较评委第二高分 91.00（B 号 91.50、C 号 91.00），比较评委第三高分 90.00 < 90.25，列第 3 名" in (
        story(outcome.standings[2].steps, "zh")
    )


def test_counted_marks_leave_the_dropped_ones_out():
    # Counted: A 91 90 90 90 89, B 90.50 90.50 90 90 89: the highest 91 > 90.50, but the second 90 < 90.50
    facts = facts_of({"A": PLAIN, "B": ["99", "90.50", "90.50", "90", "90", "89", "10"]})
    assert [row[1] for row in table(compute(one_round(ties='[ { by = "marks", of = "counted" } ]'), facts))] == [
        "A",
        "B",
    ]
    second = one_round(ties='[ { by = "marks", of = "counted", from = 2 } ]')
    assert [row[1] for row in table(compute(second, facts))] == ["B", "A"]


def test_fewer_penalties_by_sum_and_by_number():
    # A: 92.00 − 2 = 90.00 in one penalty; B: 91.50 − 1 − 0.50 = 90.00 in two kinds
    facts = facts_of(
        {"A": ["92"] * 7, "B": ["91.50"] * 7},
        adjustments=[("A", "quiz", "-2"), ("B", "quiz", "-1"), ("B", "late", "-0.50")],
    )
    by_sum = compute(one_round(ties='[ { by = "penalties" } ]'), facts)
    assert table(by_sum) == [(1, "B", "90.00", None), (2, "A", "90.00", None)]
    assert "比较扣分 1.50 < 2.00" in story(by_sum.standings[0].steps, "zh")
    by_number = compute(one_round(ties='[ { by = "penalties", of = "number" } ]'), facts)
    assert table(by_number) == [(1, "A", "90.00", None), (2, "B", "90.00", None)]
    assert "比较扣分项数 1 < 2" in story(by_number.standings[0].steps, "zh")


def test_the_panel_score_or_an_adjustment_may_decide_either_way():
    facts = facts_of({"A": ["90"] * 7, "B": ["88"] * 7}, adjustments=[("B", "bonus", "2")])
    order = {
        '[ { by = "panel" } ]': ["A", "B"],
        '[ { by = "panel", better = "lower" } ]': ["B", "A"],
        '[ { by = "adjustment", kind = "bonus" } ]': ["B", "A"],
        '[ { by = "adjustment", kind = "bonus", better = "lower" } ]': ["A", "B"],
    }
    assert {ties: [row[1] for row in table(compute(one_round(ties=ties), facts))] for ties in order} == order


def test_a_criterion_may_decide_by_counted_or_all_sheets():
    # One criterion: counted sums are equal (450); all: A 450+95+80 = 625, B 450+93+70 = 613
    facts = facts_of({"A": PLAIN, "B": ["93", "88.50", "90", "90", "90", "91.50", "70"]})
    counted = compute(one_round(ties='[ { by = "criterion", criterion = "lecture" } ]'), facts)
    assert [row[0] for row in table(counted)] == [1, 1]
    everything = compute(one_round(ties='[ { by = "criterion", criterion = "lecture", of = "all" } ]'), facts)
    assert table(everything) == [(1, "A", "90.00", None), (2, "B", "90.00", None)]
    assert "比较“Lecture” 625.00 > 613.00" in story(everything.standings[0].steps, "zh")


def test_sheets_are_compared_as_far_as_every_tied_entry_has_them():
    # B lacks judge 7 (absent): 6 sheets, drop 91 and 89, mean of 90 90 90 90 = 90.00.
    # A 95 91 90 90 90 89 80, B 91 90 90 90 90 89: second 91 > 90
    facts = facts_of(
        {"A": PLAIN, "B": ["91", "90", "90", "90", "90", "89", None]},
        rulings=[ruling("absent", "B", judge="J7")],
    )
    assert table(compute(one_round(), facts)) == [(1, "A", "90.00", None), (2, "B", "90.00", None)]
