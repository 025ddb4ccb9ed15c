"""From sheets to a score: reduced panels, missing marks, rulings, replaced judges, penalties and their limits."""

from decimal import Decimal

from contest.rules import Rounding, RoundingMode, SittingFact, compute, story
from contest.rules.numbers import shown
from tests.rules.making import PANEL, codes, facts_of, one_round, ruling, table

SEVEN = ["92.50", "90", "91.25", "88.75", "95", "89.50", "93"]  # drop 95 and 88.75: 456.25/5 = 91.25


def test_one_of_two_equal_extremes_is_dropped():
    # 95 95 90 90 90 85 85 → drop one 95, one 85: 95+90+90+90+85 = 450/5
    outcome = compute(one_round(), facts_of({"A": ["95", "95", "90", "90", "90", "85", "85"]}))
    assert table(outcome) == [(1, "A", "90.00", None)]
    sheets = outcome.rounds["final"].scores["A"].sheets
    assert [(sheet.judge, sheet.dropped) for sheet in sheets if sheet.dropped] == [("J2", "high"), ("J6", "low")]


def test_a_missing_sheet_keeps_the_entry_out_until_it_is_there():
    outcome = compute(one_round(), facts_of({"A": SEVEN, "B": [*SEVEN[:6], None], "C": [None] * 7}))
    assert table(outcome) == [(1, "A", "91.25", None), (None, "B", None, "incomplete"), (None, "C", None, "waiting")]
    assert story(outcome.standings[1].steps, "zh") == "评委 J7 的评分未齐，暂不排名"


def test_a_missing_sheet_may_be_left_out_before_dropping():
    # 92.50 90 91.25 88.75 95 89.50: drop 95 and 88.75: 363.25/4 = 90.8125 → 90.81
    rules = one_round(panel=PANEL + '\nmissing = "leave_out"')
    outcome = compute(rules, facts_of({"B": [*SEVEN[:6], None]}))
    assert table(outcome) == [(1, "B", "90.81", None)]
    assert codes(outcome, "B")[:3] == ["left_out", "reduced_panel", "panel_mean_both"]


def test_a_reduced_panel_may_drop_other_numbers():
    # 5 sheets, nothing dropped: 92.50+90+91.25+88.75+95 = 457.50/5 = 91.50
    rules = one_round(panel=PANEL + '\nmissing = "leave_out"\nby_size = { 5 = { drop_high = 0, drop_low = 0 } }')
    outcome = compute(rules, facts_of({"A": [*SEVEN[:5], None, None]}))
    assert table(outcome) == [(1, "A", "91.50", None)]
    assert "5 位评委平均 91.50" in story(outcome.standings[0].steps, "zh")


def test_fewer_marks_than_the_rule_needs_give_no_place():
    rules = one_round(panel=PANEL + '\nmissing = "leave_out"\nmin_marks = 5')
    outcome = compute(rules, facts_of({"A": [*SEVEN[:4], None, None, None]}))
    assert table(outcome) == [(None, "A", None, "too_few_marks")]
    assert outcome.rounds["final"].scores["A"].score is None


def test_absent_recused_and_void_sheets_go_before_dropping():
    # Each without J5 (95): drop 93 and 88.75: 92.50+90+91.25+89.50 = 363.25/4 = 90.8125 → 90.81
    for kind in ("absent", "recused", "void"):
        outcome = compute(one_round(), facts_of({"A": SEVEN}, rulings=[ruling(kind, "A", judge="J5")]))
        assert table(outcome) == [(1, "A", "90.81", None)]
        assert kind in codes(outcome, "A")


def test_a_judge_absent_from_the_whole_round_is_taken_off_every_panel():
    outcome = compute(one_round(), facts_of({"A": SEVEN, "B": SEVEN}, rulings=[ruling("absent", judge="J5")]))
    assert [row[2] for row in table(outcome)] == ["90.81", "90.81"]


def test_a_judge_replaced_midway_marks_the_rest_on_the_same_seat():
    # J4 sits for 1–1, J4b from 2: A has J4's 88.75 as before, B the same seven marks with J4b in J4's place
    seats = [SittingFact("final", None, f"J{n}", str(n)) for n in (1, 2, 3, 5, 6, 7)]
    seats += [SittingFact("final", None, "J4", "4", last=1), SittingFact("final", None, "J4b", "4", first=2)]
    facts = facts_of({"A": SEVEN, "B": SEVEN}, sittings=seats)
    moved = tuple(
        mark
        if (mark.entry, mark.judge) != ("B", "J4")
        else type(mark)(mark.round, mark.entry, "J4b", mark.criterion, mark.attempt, mark.kind, mark.mark)
        for mark in facts.marks
    )
    outcome = compute(
        one_round(ties="[]"), type(facts)(facts.entries, (), facts.appearances, facts.sittings, (), moved)
    )
    assert table(outcome) == [(1, "A", "91.25", None), (1, "B", "91.25", None)]
    assert story(outcome.standings[1].steps, "zh").startswith(
        "第 2 位起 4 号席由 J4b 接替 J4；去掉最高分 95.00、最低分 88.75"
    )
    assert "substituted" not in codes(outcome, "A")


def test_a_panel_reduced_by_until_counts_only_who_sits():
    seats = [SittingFact("final", None, f"J{n}", str(n)) for n in range(1, 7)] + [
        SittingFact("final", None, "J7", "7", last=1)
    ]
    outcome = compute(one_round(), facts_of({"A": SEVEN, "B": [*SEVEN[:6], None]}, sittings=seats))
    assert table(outcome) == [(1, "A", "91.25", None), (2, "B", "90.81", None)]
    assert "规定 7 位评委，实到 6 位" in story(outcome.standings[1].steps, "zh")


def test_penalties_come_after_the_mean_and_stop_at_their_limit():
    # 91.25 − 1 − 1 − 1 (at most −2) = 89.25
    outcome = compute(one_round(), facts_of({"A": SEVEN}, adjustments=[("A", "quiz", "-1")] * 3))
    assert table(outcome) == [(1, "A", "89.25", None)]
    assert story(outcome.standings[0].steps, "zh") == (
        "去掉最高分 95.00、最低分 88.75，其余 5 位平均 91.25；"
        "Quiz共 -3.00，按上限计 -2.00；Quiz扣 2.00；最终 89.25，列第 1 名"
    )


def test_a_family_limits_its_kinds_together():
    # late −1.50, overtime −1.50, family at most −2: 91.25 − 2 = 89.25; what the second kind still takes is 0.50
    facts = facts_of({"A": SEVEN}, adjustments=[("A", "late", "-1.50"), ("A", "over", "-1.50")])
    outcome = compute(one_round(), facts)
    assert table(outcome) == [(1, "A", "89.25", None)]
    applied = outcome.rounds["final"].scores["A"].adjustments
    assert [(a.kind, a.value) for a in applied] == [("late", Decimal("-1.50")), ("over", Decimal("-0.50"))]


def test_the_chain_after_the_panel_runs_in_its_order():
    # 91.25 × 1.1 = 100.375 → half to even at 2 decimals 100.38 → − 2 = 98.38 → ceiling 98 → 98.00
    rounding = '{ round = { decimals = 2, mode = "half_even" } }'
    after = '[ { adjust = ["factor"] }, ' + rounding + ', { adjust = ["late"] }, { ceiling = 98 } ]'
    facts = facts_of({"A": SEVEN}, adjustments=[("A", "factor", "1.1"), ("A", "late", "-2")])
    outcome = compute(one_round(after=after), facts)
    assert table(outcome) == [(1, "A", "98.00", None)]
    assert story(outcome.standings[0].steps, "en") == (
        "highest 95.00 and lowest 88.75 dropped, mean of the other 5: 91.25; Difficulty: times 1.1; "
        "100.375 rounded half to even to 2 decimals: 100.38; Late: -2.00; "
        "98.38 is above the ceiling: 98.00; score 98.00, place 1"
    )


def test_a_floor_stops_penalties():
    after = '[ { adjust = ["over"] }, { floor = 0 } ]'
    rules = one_round(panel='take = "mean"\nround = { decimals = 2, mode = "half_up" }', after=after)
    assert table(compute(rules, facts_of({"A": ["1.50"]}, adjustments=[("A", "over", "-2")], judges=1))) == [
        (1, "A", "0.00", None)
    ]


def test_each_rounding_mode():
    # (0.12 + 0.13)/2 = 0.125
    found = {}
    for mode in ("half_up", "half_even", "down", "up"):
        rules = one_round(panel=f'take = "mean"\nround = {{ decimals = 2, mode = "{mode}" }}')
        found[mode] = table(compute(rules, facts_of({"A": ["0.12", "0.13"]}, judges=2)))[0][2]
    assert found == {"half_up": "0.13", "half_even": "0.12", "down": "0.12", "up": "0.13"}


def test_sum_and_median():
    # drop 95 and 88.75: sum 456.25, median of 89.50 90 91.25 92.50 93 = 91.25; even number: (90 + 91.25)/2 = 90.625
    trim = "drop_high = 1\ndrop_low = 1\n"
    assert table(compute(one_round(panel=trim + 'take = "sum"'), facts_of({"A": SEVEN})))[0][2] == "456.25"
    assert table(compute(one_round(panel=trim + 'take = "median"'), facts_of({"A": SEVEN})))[0][2] == "91.25"
    assert table(compute(one_round(panel='take = "median"'), facts_of({"A": SEVEN[:4]}, judges=4)))[0][2] == "90.625"


def test_a_whole_sheet_or_everything_may_be_ruled_zero():
    # J5 ruled 0: 92.50 90 91.25 88.75 0 89.50 93 → drop 93 and 0: 452/5 = 90.40; everything 0: 0.00
    one = compute(one_round(), facts_of({"A": SEVEN}, rulings=[ruling("zero", "A", judge="J5")]))
    assert table(one) == [(1, "A", "90.40", None)]
    everything = compute(one_round(), facts_of({"A": [None] * 7}, rulings=[ruling("zero", "A")]))
    assert table(everything) == [(1, "A", "0.00", None)]
    assert story(everything.standings[0].steps, "zh") == (
        "裁定全部得分为 0；去掉最高分 0.00、最低分 0.00，其余 5 位平均 0.00；最终 0.00，列第 1 名"
    )


def test_withdrawn_and_disqualified_entries_are_outside_the_ranking_with_their_marks_kept():
    outcome = compute(
        one_round(),
        facts_of(
            {"A": SEVEN, "B": SEVEN, "C": ["80"] * 7},
            rulings=[ruling("withdrawn", "A"), ruling("disqualified", "B")],
        ),
    )
    assert table(outcome) == [
        (1, "C", "80.00", None),
        (None, "A", None, "withdrawn"),
        (None, "B", None, "disqualified"),
    ]
    assert outcome.rounds["final"].scores["A"].score == Decimal("91.25")
    assert [story(s.steps, "zh") for s in outcome.standings[1:]] == ["已退赛，不排名", "已取消资格，不排名"]


def test_only_released_appearances_take_part():
    facts = facts_of({"A": SEVEN, "B": ["99"] * 7})
    released = type(facts)(facts.entries, (), facts.appearances[:1], facts.sittings, (), facts.marks)
    assert table(compute(one_round(), released)) == [(1, "A", "91.25", None)]
    nobody = type(facts)(facts.entries, (), (), facts.sittings, (), facts.marks)
    assert table(compute(one_round(), nobody)) == []


def test_a_small_negative_number_that_is_rounded_to_nothing_is_0_without_a_sign():
    half_up = Rounding(0, RoundingMode.HALF_UP)
    assert str(half_up.apply(Decimal("-0.3"))) == "0" and str(shown(Decimal("-0.00"), 1)) == "0.0"
