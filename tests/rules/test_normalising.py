"""Marks of strict and mild judges made comparable: published formulas and their guards, worked by hand."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from contest.rules import AppearanceFact, AssignmentFact, EntryFact, Facts, Rules, compute, read_rules, story
from contest.rules.errors import RuleFileError
from contest.rules.linear_effects import judge_effects
from contest.rules.numbers import Rounding, RoundingMode, settled
from tests.rules.making import ONE_ROUND, codes, facts_of, ruling, table

TWO = "{ decimals = 2, mode = 'half_up' }"
MEAN = f"take = 'mean'\nround = {TWO}\nmissing = 'leave_out'"


def rules(by: str, more: str = "", panel: str = MEAN) -> Rules:
    text = ONE_ROUND.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]")
    return read_rules(f"{text}[rounds.final.sheet]\nnormalise = {{ by = '{by}', round = {TWO}{more} }}".encode())


def scores(by: str, entries: dict[str, list[str | None]], more: str = "") -> dict[str, str | None]:
    judges = max(len(marks) for marks in entries.values())
    outcome = compute(rules(by, more), facts_of(entries, judges=judges))
    return {entry: score for _, entry, score, _ in sorted(table(outcome), key=lambda row: row[1])}


FOUR: dict[str, list[str | None]] = {"A": ["82"], "B": ["75"], "C": ["90"], "D": ["68"]}


def test_standard_scores_of_the_published_case():
    # mean 78.75, sample SD 9.42956: 50 + 10 (x − mean) / SD
    assert scores("standard", FOUR) == {"A": "53.45", "B": "46.02", "C": "61.93", "D": "38.60"}


def test_the_explanation_names_each_judges_mark_and_value():
    facts = facts_of({"A": ["82", "70"], "B": ["75", "60.5"], "C": ["90", "80"]}, judges=2)
    outcome = compute(rules("standard"), facts)
    # J2: mean 70.16667, SD 9.75107: C 60.08, A 49.83, B 40.09; J1: mean 82.33333, SD 7.50555
    assert story(outcome.standings[0].steps, "zh") == (
        "标准分：J1 90→60.21、J2 80→60.08；2 位评委平均 60.15；最终 60.15，列第 1 名"
    )
    sheets = outcome.rounds["final"].scores["A"].sheets
    assert [(s.total, s.value) for s in sheets] == [
        (Decimal("82"), Decimal("49.56")),
        (Decimal("70"), Decimal("49.83")),
    ]


def test_the_other_targets_and_deviations():
    # z = (x − 78.75)/9.42956; population SD 8.16624: 50 + 10 · 3.25/8.16624 = 53.98; 500 + 100 · 0.34466 = 534.47
    assert scores("z", FOUR) == {"A": "0.34", "B": "-0.40", "C": "1.19", "D": "-1.14"}
    assert scores("standard", FOUR, ", deviation = 'population'")["A"] == "53.98"
    assert scores("standard", FOUR, ", mean = 500, sd = 100")["A"] == "534.47"


def test_a_mean_shift_moves_a_judge_to_the_mean_of_the_judges_means():
    # J1: 80 90, mean 85; J2: 60 70, mean 65; mean of means 75. A 80−10 = 70, B 90−10 = 80, C 60+10 = 70, D 80
    marks: dict[str, list[str | None]] = {"A": ["80"], "B": ["90"], "C": [None, "60"], "D": [None, "70"]}
    assert scores("mean_shift", marks) == {"A": "70.00", "B": "80.00", "C": "70.00", "D": "80.00"}


def test_the_fields_scale_uses_mean_and_deviation_of_all_marks():
    # all marks 80 90 60 70: M = 75, S = 12.90994; J1: mean 85, SD 7.07107: A 75 − 12.90994 · 0.70711 = 65.87
    marks: dict[str, list[str | None]] = {"A": ["80"], "B": ["90"], "C": [None, "60"], "D": [None, "70"]}
    assert scores("field", marks, ", min_marks = 2") == {"A": "65.87", "B": "84.13", "C": "65.87", "D": "84.13"}


def test_places_of_each_judge_and_their_mean():
    # J1: 90 80 80 → 1, 2.5, 2.5; J2: 70 60 80 → 2, 3, 1; means 1.5, 2.75, 1.75
    marks: dict[str, list[str | None]] = {"A": ["90", "70"], "B": ["80", "60"], "C": ["80", "80"]}
    assert scores("rank_mean", marks) == {"A": "1.50", "B": "2.75", "C": "1.75"}


def test_places_of_judges_with_different_loads_are_said_to_weigh_differently():
    marks: dict[str, list[str | None]] = {"A": ["90", "70"], "B": ["80", "60"], "C": ["70", None]}
    outcome = compute(rules("rank_mean"), facts_of(marks, judges=2))
    assert "各评委评的份数不同（2 至 3 份），名次的分量不一样" in story(outcome.standings[0].steps, "zh")
    equal = compute(rules("rank_mean"), facts_of({"A": ["90"], "B": ["80"]}, judges=1))
    assert "unequal_loads" not in codes(equal, "A")


def test_linear_effects_take_a_judges_strictness_out():
    # J1 marks A 80, B 70; J2 marks B 60, C 75: J2 is 10 stricter, b = +5, −5: A 75, B 65 and 65, C 80
    marks: dict[str, list[str | None]] = {"A": ["80"], "B": ["70", "60"], "C": [None, "75"]}
    assert scores("linear", marks) == {"A": "75.00", "B": "65.00", "C": "80.00"}


def test_linear_effects_are_the_least_squares_of_all_marks():
    # Every judge's residuals add up to 0, every entry's too: that is what least squares means.
    marks = {
        ("A", "1"): 80, ("A", "2"): 71, ("B", "2"): 64, ("B", "3"): 77, ("C", "1"): 90, ("C", "3"): 85, ("C", "2"): 83,
        ("D", "3"): 60,
    }  # fmt: skip
    items = [[(judge, Decimal(mark)) for (own, judge), mark in marks.items() if own == entry] for entry in "ABCD"]
    effects = judge_effects(items)
    assert effects is not None
    left = {judge: Fraction(0) for judge in effects}
    for item in items:
        of_entry = sum(Fraction(mark) - Fraction(effects[judge]) for judge, mark in item) / len(item)
        for judge, mark in item:
            left[judge] += Fraction(mark) - Fraction(effects[judge]) - of_entry
    assert all(abs(residual) < Fraction(1, 10**100) for residual in left.values())
    assert abs(sum(effects.values())) < Decimal(10) ** -100


def test_judges_who_share_no_entry_cannot_be_compared():
    marks: dict[str, list[str | None]] = {"A": ["80"], "B": [None, "60"]}
    outcome = compute(rules("linear"), facts_of(marks, judges=2))
    assert table(outcome) == [(None, "A", None, "incomplete"), (None, "B", None, "incomplete")]
    assert codes(outcome, "A") == ["judges_unconnected"]
    assert outcome.rounds["final"].scores["A"].sheets[0].total == 80


def test_equal_marks_of_a_judge_are_moved_by_the_mean_only():
    # J2 gave 70 three times: each counts as the mean, 50.
    marks: dict[str, list[str | None]] = {"A": ["82", "70"], "B": ["75", "70"], "C": ["90", "70"]}
    outcome = compute(rules("standard"), facts_of(marks, judges=2))
    assert [sheet.value for sheet in outcome.rounds["final"].scores["A"].sheets] == [Decimal("49.56"), Decimal("50")]
    assert "评委 J2 的打分全部相同，只作均值平移" in story(outcome.standings[0].steps, "zh")


def test_too_few_marks_borrow_the_deviation_of_the_field():
    # All marks 82 75 90 68 60 70: M 74.16667, S 10.66615. J2 has two, mean 65: 50 ∓ 10 · 5/10.66615 = 45.31, 54.69
    marks: dict[str, list[str | None]] = {**FOUR, "E": [None, "60"], "F": [None, "70"]}
    found = scores("standard", marks)
    assert (found["A"], found["E"], found["F"]) == ("53.45", "45.31", "54.69")
    outcome = compute(rules("standard"), facts_of(marks, judges=2))
    assert "few_marks_shifted" in codes(outcome, "E") and "few_marks_shifted" not in codes(outcome, "A")
    # Not adjusted at all: 50 + 10 · (60 − 74.16667)/10.66615 = 36.72
    assert scores("standard", marks, ", fallback = 'none'")["E"] == "36.72"
    # and with two marks allowed: 50 ∓ 10 · 5/7.07107
    assert scores("standard", marks, ", min_marks = 2")["E"] == "42.93"


def test_a_single_mark_is_not_adjusted():
    # On the marks' own scale it stays as it is; on the standard scale it stands where it stands among all marks:
    # M = (82+75+90+68+60)/5 = 75, S = 11.70470: 50 + 10 · (−15)/11.70470 = 37.18
    marks: dict[str, list[str | None]] = {**FOUR, "E": [None, "60"]}
    assert scores("mean_shift", marks)["E"] == "60.00"
    assert scores("field", marks)["E"] == "60.00"
    assert scores("standard", marks)["E"] == "37.18"
    outcome = compute(rules("standard"), facts_of(marks, judges=2))
    assert "评委 J2 只评了一份，不作评委间调整" in story(outcome.standings[-1].steps, "zh")


def test_equal_marks_of_everybody_are_the_mean():
    assert scores("standard", {"A": ["70"], "B": ["70"], "C": ["70"]}) == dict.fromkeys("ABC", "50.00")


def test_rulings_are_respected_and_a_withdrawn_entry_counts_only_where_the_rule_says_so():
    marks: dict[str, list[str | None]] = {**FOUR, "E": ["100"]}
    gone = facts_of(marks, judges=1, rulings=[ruling("withdrawn", "E")])
    outcome = compute(rules("standard", ", withdrawn = 'leave_out'"), gone)
    assert [row[2] for row in table(outcome)] == ["61.93", "53.45", "46.02", "38.60", None]
    # Counted: mean 83, SD 12.52996: A 50 − 10/12.52996 = 49.20
    outcome = compute(rules("standard"), gone)
    assert {row[1]: row[2] for row in table(outcome)}["A"] == "49.20"
    # A void sheet is nobody's mark.
    void = facts_of(marks, judges=1, rulings=[ruling("void", "E", judge="J1")])
    assert {row[1]: row[2] for row in table(compute(rules("standard"), void))}["A"] == "53.45"


def test_a_person_is_normalised_over_both_panels_unless_the_rule_says_panel_or_division():
    # J1 sits on panel 1 (A, B) and on panel 2 (C, D)
    facts = facts_of(FOUR, judges=1, divisions={"A": "x", "B": "x", "C": "y", "D": "y"})
    panels = {"A": "1", "B": "1", "C": "2", "D": "2"}
    facts = replace(facts, appearances=tuple(replace(a, panel=panels[a.entry]) for a in facts.appearances))
    found = {
        scope: {r[1]: r[2] for r in table(compute(rules("z", f", min_marks = 2, scope = '{scope}'"), facts))}
        for scope in ("round", "panel", "division")
    }
    assert found["round"] == {"A": "0.34", "B": "-0.40", "C": "1.19", "D": "-1.14"}
    # two marks are one sample SD · 0.70711 from their mean, whatever they are
    assert found["panel"] == found["division"] == {"A": "0.71", "B": "-0.71", "C": "0.71", "D": "-0.71"}


def test_the_sum_of_a_sheet_may_be_rounded_first():
    text = ONE_ROUND.replace("PANEL", "take = 'sum'").replace("TIES", "[]").replace("AFTER", "[]")
    own = read_rules(f"{text}[rounds.final.sheet]\nround = {{ decimals = 0, mode = 'half_up' }}".encode())
    assert table(compute(own, facts_of({"A": ["80.5", "70.49"]}, judges=2)))[0][2] == "151"


def test_a_root_that_comes_out_even_is_rounded_as_the_exact_number():
    # 1 2 3: SD 1; with mean 0.005 and sd 1 the values are 1.005, 0.005, −0.995; of 1 4 7 (SD 3) the same.
    for marks in (("1", "2", "3"), ("1", "4", "7"), ("0.1", "0.4", "0.7")):
        entries: dict[str, list[str | None]] = {"A": [marks[2]], "B": [marks[1]], "C": [marks[0]]}
        assert scores("standard", entries, ", mean = 0.005, sd = 1") == {"A": "1.01", "B": "0.01", "C": "-1.00"}
    third = Decimal(1) / 3
    assert settled(third * 3, Rounding(0, RoundingMode.DOWN)) == 0  # 28 digits are not near enough to 1
    assert settled(1 - Decimal(10) ** -100, Rounding(0, RoundingMode.DOWN)) == 1


def test_two_judges_of_one_entry_and_nobody_at_all():
    assert scores("standard", {"A": [None, None]}) == {"A": None}
    assert table(compute(rules("linear"), Facts())) == []


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("normalise = { by = 'standard' }", "sheet.normalise.round"),
        ("normalise = { by = 'curve', round = ROUND }", "sheet.normalise.by"),
        ("normalise = { by = 'z', sd = 10, round = ROUND }", "sheet.normalise.sd"),
        ("normalise = { by = 'standard', sd = 0, round = ROUND }", "sheet.normalise.sd"),
        ("normalise = { by = 'standard', mean = 1000001, round = ROUND }", "sheet.normalise.mean"),
        ("normalise = { by = 'standard', min_marks = 1, round = ROUND }", "sheet.normalise.min_marks"),
        ("normalise = { by = 'z', round = ROUND }\nrank = {}", "sheet.rank"),
        ("normalise = 3", "sheet.normalise"),
        ("standard = {}", "sheet.standard"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_key(sheet, key):
    text = ONE_ROUND.replace("PANEL", MEAN).replace("TIES", "[]").replace("AFTER", "[]")
    with pytest.raises(RuleFileError) as caught:
        read_rules((text + "[rounds.final.sheet]\n" + sheet.replace("ROUND", TWO)).encode())
    assert caught.value.key == f"rounds.final.{key}"


def test_standard_scores_belong_to_panels_of_sheets():
    text = ONE_ROUND.replace("PANEL", MEAN + "\nof = 'criteria'").replace("TIES", "[]").replace("AFTER", "[]")
    with pytest.raises(RuleFileError, match=r"rounds\.final\.sheet"):
        read_rules((text + "[rounds.final.sheet]\nrank = {}").encode())


def test_assigned_judges_are_measured_on_what_they_marked():
    # A thousand sheets would say the same: J1 marks A B, J2 marks B C; each is measured on two sheets.
    facts = Facts(
        entries=tuple(EntryFact(e) for e in "ABC"),
        appearances=tuple(AppearanceFact("final", e, n) for n, e in enumerate("ABC", 1)),
        sittings=facts_of({}, judges=2).sittings,
        assignments=tuple(AssignmentFact("final", e, j) for e, j in ("A1", "B1", "B2", "C2") for j in [f"J{j}"]),
        marks=facts_of({"A": ["80"], "B": ["70", "60"], "C": [None, "75"]}).marks,
    )
    found = {row[1]: row[2] for row in table(compute(rules("mean_shift"), facts))}
    # means 75 and 67.5, mean of means 71.25: A 76.25, B (66.25 + 63.75)/2 = 65, C 78.75
    assert found == {"A": "76.25", "B": "65.00", "C": "78.75"}
