"""Rulings against the computed result: a place and an award by decision, with the computed line beside it."""

import pytest

from contest.rules import FolderError, compute, outcome_json, read_folder, story
from tests.rules.making import SMALL_FOLDER, facts_of, one_round, put, ruling
from tests.rules.test_awards import given_by, rules_with, scored, told

FIVE = ("95", "90", "85", "80", "75")


def rows_of(outcome):
    return {row["entry"]: row for row in outcome_json(outcome)["standings"]}


def test_a_ruled_place_stands_beside_the_computed_one():
    outcome = compute(rules_with(), scored(*FIVE, rulings=[ruling("place", "04", value="3")]))
    rows = rows_of(outcome)
    assert [(s.entry, s.place, s.computed_place) for s in outcome.standings if s.ruled] == [("04", 3, 4)]
    assert (rows["04"]["place"], rows["04"]["computed_place"]) == (3, 4)
    assert "computed_place" not in rows["03"]
    told_of = {s.entry: story(s.steps, "zh") for s in outcome.standings}
    assert told_of["04"].endswith("最终 80.00，计算为第 4 名，裁定列第 3 名")
    assert story(outcome.standings[3].steps, "en").endswith("place 4 by the marks, place 3 by ruling")


def test_nobody_else_moves_and_the_rows_follow_the_ruled_places():
    outcome = compute(rules_with(), scored(*FIVE, rulings=[ruling("place", "05", value="1")]))
    assert [(s.place, s.entry) for s in outcome.standings] == [(1, "01"), (1, "05"), (2, "02"), (3, "03"), (4, "04")]


def test_awards_follow_the_ruled_places():
    rules = rules_with("a: count = 2", "b: rest = true")
    swapped = [ruling("place", "03", value="2"), ruling("place", "02", value="3")]
    assert given_by(rules, scored(*FIVE, rulings=swapped))["a"] == [("01", 1), ("03", 2)]


def test_a_place_by_decision_for_an_entry_that_the_marks_leave_out():
    facts = facts_of({"A": ["90"] * 7, "B": ["80"] * 6 + [None]}, rulings=[ruling("place", "B", value="2")])
    outcome = compute(one_round(), facts)
    (second,) = [s for s in outcome.standings if s.entry == "B"]
    assert (second.place, second.computed_place, second.status, second.score) == (2, None, None, None)
    assert "计算无名次，裁定列第 2 名" in story(second.steps, "zh")
    assert rows_of(outcome)["B"]["computed_place"] is None


def test_a_place_by_ruling_never_brings_back_who_was_disqualified():
    rulings = [ruling("disqualified", "02"), ruling("place", "02", value="1")]
    outcome = compute(rules_with(), scored(*FIVE, rulings=rulings))
    (out,) = [s for s in outcome.standings if s.entry == "02"]
    assert (out.place, out.status, out.ruled) == (None, "disqualified", False)
    assert "不生效" in story(out.steps, "zh")


def test_a_place_counts_within_the_division():
    facts = scored("95", "90", "85", divisions={"01": "J", "02": "J", "03": "P"}, rulings=[
        ruling("place", "02", value="1")])
    outcome = compute(rules_with(more="[result]\noverall = true\n"), facts)
    assert {s.entry: s.place for s in outcome.standings} == {"01": 1, "02": 1, "03": 1}
    assert {s.entry: s.place for s in outcome.overall} == {"01": 1, "02": 2, "03": 3}


def test_an_award_by_ruling_is_said_in_both_awards_and_its_former_place_stays_free():
    rules = rules_with("a: count = 1", "b: count = 2")
    facts = scored(*FIVE, rulings=[ruling("award", "03", value="a")])
    assert given_by(rules, facts) == {"a": [("01", 1), ("03", 3)], "b": [("02", 2)]}
    assert told(rules, facts) == [
        "一等奖 1 名：第 1 名；裁定授予 03 号（计算为二等奖）", "二等奖 2 名：第 2–3 名；裁定不授予 03 号",
    ]  # fmt: skip
    first, second = outcome_json(compute(rules, facts))["awards"]
    assert first["entries"][1] == {"entry": "03", "place": 3, "computed": "b"}
    assert second["ruled_out"] == ["03"]


def test_an_award_by_ruling_for_one_who_had_none_and_none_for_one_who_had_one():
    rules = rules_with("a: count = 1")
    facts = scored(*FIVE, rulings=[ruling("award", "05", value="a"), ruling("award", "01", value="none")])
    assert given_by(rules, facts) == {"a": [("05", 5)]}
    assert told(rules, facts, "en") == [
        "Prize A, 1: place 1; by ruling not given to no. 01; given to no. 05 by ruling (no award by the marks)"
    ]


def test_an_award_may_go_by_ruling_to_one_without_a_place():
    rules = rules_with("a: count = 1")
    facts = scored(*FIVE, rulings=[ruling("withdrawn", "05"), ruling("award", "05", value="a")])
    assert given_by(rules, facts) == {"a": [("01", 1), ("05", None)]}


def test_a_ruling_that_says_what_the_rules_say_changes_nothing():
    rules = rules_with("a: count = 1")
    assert told(rules, scored(*FIVE, rulings=[ruling("award", "01", value="a")])) == ["一等奖 1 名：第 1 名"]


@pytest.mark.parametrize(("row", "column", "wanted"), [
    ("08,,,place,", "value", "whole"),
    ("08,,,place,0", "value", "whole"),
    ("08,,,place,first", "value", "whole"),
    (",,,place,1", "entry", "filled"),
    ("08,J1,,place,1", "judge", "blank"),
    ("08,,,award,best", "value", "one_of"),
    ("08,,,award,", "value", "one_of"),
    ("08,,,advance,perhaps", "value", "one_of"),
    ("08,,,place,1\n08,,,place,2", "value", "new_row"),
    ("08,,,award,a\n08,,,award,none", "entry", "new_row"),
])  # fmt: skip
def test_a_wrong_override_is_refused_in_its_cell(tmp_path, row, column, wanted):
    files = {**SMALL_FOLDER, "rulings.csv": f"entry,judge,criterion,kind,value\n{row}\n"}
    del files["adjustments.csv"]
    with pytest.raises(FolderError) as error:
        read_folder(put(tmp_path / "c", files), rules_with("a: count = 1"))
    assert (error.value.file, error.value.column, error.value.wanted) == ("rulings.csv", column, wanted)
