"""Recounts without a seat and under other panel rules, counted by hand."""

from __future__ import annotations

from contest.analysis import alternatives, recounting
from contest.analysis.alternatives import Way
from contest.analysis.marks import are_points, given, table_of
from contest.analysis.recounting import Crossing, Move, SeatOf
from contest.rules import SittingFact, compute, read_rules
from tests.rules.making import ONE_ROUND as RULE_FILE
from tests.rules.making import PROJECT, facts_of, one_round, ruling, table

PLAIN = 'take = "mean"\nround = { decimals = 2, mode = "half_up" }'
AWARDS = """
[[awards]]
id = "first"
title = "First"
count = 1
ties = "extend"
[[awards]]
id = "others"
title = "Others"
rest = true
"""


def with_awards():
    whole = RULE_FILE.replace("PANEL", PLAIN).replace("TIES", "[]").replace("AFTER", '[ { adjust = ["quiz"] } ]')
    return read_rules((whole + AWARDS).encode())


def test_without_a_seat_the_engine_counts_again_and_the_moves_are_told():
    # a: 90 90 60 is 80.00, b: 82.00, c: 81.00; without seat 3 they are 90, 82 and 81.
    rules, facts = with_awards(), facts_of({"a": ["90", "90", "60"], "b": ["82"] * 3, "c": ["81"] * 3}, judges=3)
    third = recounting.seats(facts, ["final"])[2]
    before, after = compute(rules, facts), compute(rules, recounting.without(facts, third))
    assert table(before) == [(1, "b", "82.00", None), (2, "c", "81.00", None), (3, "a", "80.00", None)]
    assert table(after) == [(1, "a", "90.00", None), (2, "b", "82.00", None), (3, "c", "81.00", None)]
    moves = recounting.moves(before.standings, after.standings)
    found = {entry: (move.place, move.moved) for entry, move in moves.items()}
    assert found == {"a": (1, 2), "b": (2, -1), "c": (3, -1)}
    assert recounting.holders(before.awards) == {"b": "first", "c": "others", "a": "others"}
    assert recounting.crossings(before.awards, after.awards) == [Crossing(("a",), ("b",)), Crossing((), ())]


def test_an_entry_that_loses_its_place_crosses_every_line():
    # Two marks are needed: without seat 3, a is left with one.
    panel = f"{PLAIN}\nmin_marks = 2\nmissing = 'leave_out'"
    rule_file = RULE_FILE.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]") + AWARDS
    rules = read_rules(rule_file.encode())
    facts = facts_of({"a": ["90", None, "90"], "b": ["80", "80", "80"]}, judges=3)
    before = compute(rules, facts)
    after = compute(rules, recounting.without(facts, SeatOf("final", None, "3", ("J3",))))
    assert recounting.moves(before.standings, after.standings)["a"] == Move(None, None, 0)
    assert recounting.crossings(before.awards, after.awards) == [Crossing(("b",), ("a",)), Crossing((), ("a",))]


def test_a_seat_with_a_substitute_is_one_seat_with_two_judges():
    sittings = (
        SittingFact("final", "A", "J1", "1"), SittingFact("final", "A", "J2", "2", last=1),
        SittingFact("final", "A", "J2b", "2", first=2), SittingFact("final", "B", "K2", "2"),
    )  # fmt: skip
    found = recounting.seats(facts_of({}, sittings=sittings), ["final"])
    assert [(seat.code, seat.judges) for seat in found] == [
        ("final|A|1", ("J1",)), ("final|A|2", ("J2", "J2b")), ("final|B|2", ("K2",))]


def test_other_ways_change_the_panel_alone_and_keep_penalties():
    rules = one_round()
    facts = facts_of(
        {"a": [*["90"] * 6, "20"], "b": ["85", "85", "86", "86", "86", "87", "87"]}, [("a", "quiz", "-1")]
    )  # fmt: skip
    scores = {
        way: [row[1:3] for row in table(alternatives.counted(rules, facts, "final", way))] for way in Way
    }  # fmt: skip
    assert scores == {
        Way.MEAN: [("b", "86.00"), ("a", "79.00")], Way.TRIMMED: [("a", "89.00"), ("b", "86.00")],
        Way.MEDIAN: [("a", "89.00"), ("b", "86.00")],
    }  # fmt: skip
    assert table(compute(rules, facts))[0] == (1, "a", "89.00", None)


def test_a_sum_is_not_compared_with_means_and_criteria_are():
    assert not alternatives.comparable(one_round('take = "sum"').rounds["final"])
    skating = read_rules((PROJECT / "examples/skating/pairs-free-skating.toml").read_bytes())
    assert all(alternatives.comparable(each) and are_points(each) for each in skating.rounds.values())


def test_the_table_of_marks_says_what_was_dropped():
    facts = facts_of(
        {"a": ["91", "88.5", "95", "89", "82.5", "90", "87.5"], "b": [None] * 7}, rulings=[ruling("void", "a", "J1")]
    )
    scores = compute(one_round(), facts).rounds["final"].scores
    found = {mark.judge: (str(mark.value), mark.dropped) for mark in given(scores["a"], None)}
    assert found == {
        "J2": ("88.5", None), "J3": ("95", "high"), "J4": ("89", None), "J5": ("82.5", "low"), "J6": ("90", None),
        "J7": ("87.5", None),
    }  # fmt: skip
    assert list(table_of(scores, None)) == ["a"]
    assert [mark.dropped for mark in given(scores["a"], "lecture")] == [None, "high", None, "low", None, None]
    assert given(scores["a"], "no such criterion") == []
