"""Judges who are far apart look again: when it is due, what review marks do, and what is said about it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from contest.rules import Facts, LiveFacts, MarkFact, Memory, Rules, compute, read_folder, read_rules, story
from contest.rules.errors import FolderError, RuleFileError
from tests.rules.making import ONE_ROUND, codes, facts_of, put, ruling, table

TWO = "{ decimals = 2, mode = 'half_up' }"
MEAN = f"take = 'mean'\nround = {TWO}"


def rules(review: str, panel: str = MEAN, more: str = "") -> Rules:
    text = ONE_ROUND.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]")
    return read_rules(f"{text}{more}\n[rounds.final.review]\n{review}".encode())


def facts(entries: dict[str, list[str | None]], *reviews: tuple[str, str, str], rulings=()) -> Facts:
    own = facts_of(entries, judges=max(len(marks) for marks in entries.values()), rulings=rulings)
    marks = [MarkFact("final", entry, judge, None, None, "review", Decimal(mark)) for entry, judge, mark in reviews]
    return replace(own, marks=(*own.marks, *marks))


WIDE: dict[str, list[str | None]] = {"A": ["60", "80", "76"], "B": ["70", "75", "72"]}


def test_a_review_is_due_from_the_spread_on():
    outcome = compute(rules("spread = 20"), facts(WIDE))
    # (60 + 80 + 76)/3; the entry is ranked until somebody looks again
    assert table(outcome) == [(1, "B", "72.33", None), (2, "A", "72.00", None)]
    assert story(outcome.standings[1].steps, "zh").startswith("评委 J2 与 J1 相差 20，达到 20，须复议；")
    assert codes(outcome, "B")[0] != "review_due"
    assert "review_due" not in codes(compute(rules("spread = 20.01"), facts(WIDE)), "A")


def test_a_required_review_keeps_the_entry_out_until_it_is_there():
    own = rules("spread = 20\nrequired = true")
    outcome = compute(own, facts(WIDE))
    assert table(outcome) == [(1, "B", "72.33", None), (None, "A", None, "incomplete")]
    assert codes(outcome, "A") == ["review_required"]
    assert table(compute(own, facts(WIDE, ("A", "J1", "70"))))[0] == (1, "A", "75.33", None)


def test_a_review_mark_replaces_that_judges_value():
    # J1's 60 becomes 70: (70 + 80 + 76)/3 = 75.33; the original stays beside it
    outcome = compute(rules("spread = 20"), facts(WIDE, ("A", "J1", "70")))
    assert table(outcome)[0] == (1, "A", "75.33", None)
    assert story(outcome.standings[0].steps, "zh").startswith(
        "评委 J2 与 J1 相差 20，达到 20，复议：J1 60→70，复议后极差 10；3 位评委平均 75.33"
    )
    sheet = outcome.rounds["final"].scores["A"].sheets[0]
    assert (sheet.total, sheet.value) == (Decimal(60), Decimal(70))


def test_review_marks_join_the_others():
    # 60 80 76 and 72 of a further judge: 288/4
    outcome = compute(rules("spread = 20\nuse = 'mean'"), facts(WIDE, ("A", "J9", "72")))
    assert {row[1]: row[2] for row in table(outcome)} == {"A": "72.00", "B": "72.33"}
    assert "复议：J9 —→72，复议后极差 20" in story(outcome.standings[1].steps, "zh")
    assert [sheet.judge for sheet in outcome.rounds["final"].scores["A"].sheets] == ["J1", "J2", "J3", "J9"]


def test_the_two_closest_of_all_count():
    # two reviewers 60 and 85, a third 80: 80 and 85
    two: dict[str, list[str | None]] = {"A": ["60", "85"]}
    outcome = compute(rules("spread = 20\nuse = 'closest_two'"), facts(two, ("A", "J3", "80")))
    assert table(outcome)[0][2] == "82.50"
    assert "取最接近的 80、85，J1 的分不计；2 位评委平均 82.50" in story(outcome.standings[0].steps, "zh")
    assert [sheet.dropped for sheet in outcome.rounds["final"].scores["A"].sheets] == ["low", None, None]
    # 60 and 80, a third 70: both pairs are as close, so all three count
    equal = compute(rules("spread = 20\nuse = 'closest_two'"), facts({"A": ["60", "80"]}, ("A", "J3", "70")))
    assert table(equal)[0][2] == "70.00"


def test_reviews_that_were_not_due_or_not_whole_change_nothing():
    outcome = compute(rules("spread = 20"), facts(WIDE, ("B", "J1", "90")))
    assert {row[1]: row[2] for row in table(outcome)}["B"] == "72.33"
    assert "相差 5，未到 20，J1 的复议分不计" in story(outcome.standings[0].steps, "zh")
    void = facts(WIDE, ("A", "J1", "70"), rulings=[ruling("recused", "A", judge="J1")])
    # Without J1 80 and 76 are 4 apart, and his review goes with him.
    assert [code for code in codes(compute(rules("spread = 20"), void), "A") if code.startswith("review")] == []


def test_the_spread_is_of_standard_scores_or_of_the_sheets_as_the_rule_says():
    marks: dict[str, list[str | None]] = {"A": ["60", "80"], "B": ["70", "90"], "C": ["80", "100"]}
    normal = f"[rounds.final.sheet]\nnormalise = {{ by = 'standard', round = {TWO} }}"
    # Both judges: mean in the middle, SD 10: A 40 and 40. Raw 20 apart, standard 0.
    assert "review_due" in codes(compute(rules("spread = 20\nof = 'total'", more=normal), facts(marks)), "A")
    assert "review_due" not in codes(compute(rules("spread = 20\nof = 'value'", more=normal), facts(marks)), "A")
    # A review mark is on the standard scale: A's 40 of J1 becomes 50: 45.
    replaced = compute(rules("spread = 20\nof = 'total'", more=normal), facts(marks, ("A", "J1", "50")))
    assert {row[1]: row[2] for row in table(replaced)}["A"] == "45.00"


def test_an_entry_that_still_waits_for_sheets_waits_for_no_review():
    outcome = compute(rules("spread = 20\nrequired = true"), facts({"A": ["60", "90", None]}))
    assert codes(outcome, "A") == ["incomplete"]
    assert codes(compute(rules("spread = 20"), facts({"A": ["60"]})), "A")[0] != "review_due"


REVIEWED = {
    "entries.csv": "entry\nA\nB\n",
    "marks.csv": "entry,judge,criterion,kind,mark\nA,J1,lecture,mark,60\nA,J2,lecture,,85\nB,J1,,,70\nB,J2,,,71\n"
    "A,J3,,review,80\n",
}


def test_review_marks_of_a_folder(tmp_path):
    own = rules("spread = 20\nuse = 'closest_two'")
    outcome = compute(own, read_folder(put(tmp_path / "c", REVIEWED), own))
    # J3 reviews A and is no judge of B, though nobody wrote judges.csv.
    assert table(outcome) == [(1, "A", "82.50", None), (2, "B", "70.50", None)]
    with pytest.raises(FolderError, match=r"marks\.csv"):
        own = read_rules(ONE_ROUND.replace("PANEL", MEAN).replace("TIES", "[]").replace("AFTER", "[]").encode())
        read_folder(tmp_path / "c", own)
    wrong = [("attempt", "A,J3,,2,review,80"), ("mark", "A,J3,lecture,,review,101"), ("mark", "A,J3,,,review,")]
    for cell, row in wrong:
        files = {**REVIEWED, "marks.csv": f"entry,judge,criterion,attempt,kind,mark\n{row}\n"}
        with pytest.raises(FolderError) as caught:
            read_folder(put(tmp_path / "d", files), rules("spread = 20"))
        assert caught.value.column == cell


def test_a_live_recount_hears_of_a_review():
    own, memory = rules("spread = 20"), Memory()
    live = LiveFacts(own, facts(WIDE))
    assert table(compute(own, live, memory))[1] == (2, "A", "72.00", None)
    live.put_review("final", "A", "J1", {"": Decimal(70)})
    assert table(compute(own, live, memory))[0] == (1, "A", "75.33", None)
    live.put_review("final", "A", "J1", {})
    assert compute(own, live, memory) == compute(own, facts(WIDE))


@pytest.mark.parametrize(
    ("review", "panel", "more", "key"),
    [
        ("use = 'mean'", MEAN, "", "review.spread"),
        ("spread = 0", MEAN, "", "review.spread"),
        ("spread = 20\nuse = 'median'", MEAN, "", "review.use"),
        ("spread = 20\nof = 'judges'", MEAN, "", "review.of"),
        ("spread = 20\nrequired = 1", MEAN, "", "review.required"),
        ("spread = 20", MEAN + "\nof = 'criteria'", "", "review"),
        ("spread = 20", MEAN, "[rounds.final.sheet]\nrank = {}", "review"),
        ("spread = 20", MEAN, "[rounds.final.attempts]\ncount = 2\ntake = 'best'", "review"),
    ],
)  # fmt: skip
def test_a_wrong_review_is_refused_with_its_key(review, panel, more, key):
    with pytest.raises(RuleFileError) as caught:
        rules(review, panel, more)
    assert caught.value.key == f"rounds.final.{key}"
