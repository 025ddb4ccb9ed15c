"""Every preset against its worked example in examples/presets/: places, scores and awards as worked out by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from contest.rules import compute, outcome_json, read_folder, read_rules, story
from contest.rules.comparing import explained_otherwise, first_difference, read_standings
from tests.rules.making import PROJECT

PRESETS = PROJECT / "contest" / "rules" / "presets"
EXAMPLES = PROJECT / "examples"
WITH_ITS_OWN = {"lecture-final": EXAMPLES / "lecture-final"}

# (entry, place, score) in the order of the ranking, then who gets which award. How the numbers come about:
# lecture-preliminary: 90…96 without 90 and 96 is 93.00, −2; 02 has 91 seven times: tied, second-highest 95 > 91.
# lecture-final-questions: 436 / 5 = 87.20, −2; 426 / 5 = 85.20: tied, counted 90 > 86; 03 has 0 for the random topic.
# speech: middle five 46.20 / 5 = 9.24; middle four of eight 36.95 / 4 = 9.2375; 9.28 − 0.05 and 46.15 / 5, both 9.23.
# science-fair: 0.4 · 80 + 0.6 · 91 = 86.60; 0.4 · 82 + 0.6 · 86 = 84.40; then the review, W2 and W3 by novelty.
# isef: 95, 92, 89 …; the caucus put P03 before P02. levels: means 35, 34 …, P01–P03 again: 33, 35, 33; 20 works.
# expert-review: 63.36 + 60 + 60 + 55 (复议 for 40), 58.02 + 50 + 50 + 60, 52.67 + 40 + 40 + 50; then 5 · 47.33, …
# mayor-award: 5, 3 and 4 of 6 votes; 91.00 and 81.00 in the review. robotics: 190 three times; 90.0 s; then 180 > 170.
# odyssey: 200 − 15 + 44.44 + 100; 160 + 50 + 75. informatics: sums. toastmasters: 8, 8, 4, 4, 0; J4 is void.
# speech-ranks: 6, 6, 6 with equal reciprocals; 267, 267, 265 points; A before B with two of three judges.
# dance: 1 + 3 + 1, 3 + 1 + 2, 2 + 4 + 3, 4 + 2 + 4. venue-appraisal: 278.5 / 3; 75; V3's 9 lies outside its band.
# papers: 82.00; 90 and 86 of 90, 70, 86; P3 waits for a review. exhibits: means 80, 60, 80 moved to 73.33.
# audience-share: 86.45 + 5, 86.45 + 4, 88.35 + 2.
EXPECTED: dict[str, tuple[list[tuple[str, int | None, str | None]], dict[str, list[str]]]] = {
    "lecture-preliminary": ([("01", 1, "91.00"), ("02", 2, "91.00"), ("03", 3, "80.60")], {}),
    "lecture-final-questions": (
        [("01", 1, "85.20"), ("02", 2, "85.20"), ("03", 3, "62.00")],
        {"ten_best": ["01", "02", "03"], "excellent": []},
    ),
    "speech": (
        [("04", 1, "9.24"), ("03", 2, "9.24"), ("01", 3, "9.23"), ("02", 4, "9.23")],
        {"first": ["04"], "second": ["03", "01"], "third": ["02"]},
    ),
    "science-fair": (
        [("W2", 1, "86.60"), ("W1", 2, "84.40"), ("W3", 3, "80.00"), ("W4", 4, "72.00"), ("W5", 5, "61.00")],
        {"first": [], "second": ["W2"], "third": ["W1"]},
    ),
    "isef": (
        [("P01", 1, "95.00"), ("P03", 2, "89.00"), ("P02", 3, "92.00")]
        + [(f"P{n:02}", n, f"{98 - 3 * n}.00") for n in range(4, 13)],
        {"first": ["P01"], "second": ["P03"], "third": ["P02"], "fourth": ["P04"]},
    ),
    "levels": (
        [("P02", 1, "35.00"), ("P01", 2, "33.00"), ("P03", 2, "33.00")]
        + [(f"P{n:02}", n, f"{36 - n}.00") for n in range(4, 21)],
        {"gold": ["P02"], "silver": ["P01", "P03"], "bronze": ["P04", "P05", "P06"],
         "honourable": ["P07", "P08", "P09", "P10"]},
    ),
    "expert-review": (
        [("W1", 1, "238.36"), ("W2", 2, "218.02"), ("W3", 3, "182.67"), ("W4", 4, "236.65"), ("W5", 5, "209.90"),
         ("W6", 6, "183.20")],
        {"first": ["W1"], "second": ["W2"], "third": ["W3", "W4"]},
    ),
    "mayor-award": (
        [("A", 1, "91.00"), ("C", 2, "81.00"), ("B", 3, "0")],
        {"mayor": ["A", "C"], "nomination": []},
    ),
    "robotics": (
        [("T2", 1, "190"), ("T1", 2, "190"), ("T3", 3, "190")],
        {"first": [], "second": ["T2"], "third": ["T1"]},
    ),
    "odyssey": ([("A", 1, "329.44"), ("B", 2, "285.00")], {"first": ["A"], "second": ["B"], "third": []}),
    "informatics": (
        [("JS-0001", 1, "320"), ("JS-0002", 2, "220"), ("ZJ-0007", 3, "120"), ("ZJ-0011", 4, "70")],
        {"first": ["JS-0001"], "second": ["JS-0002"], "third": ["ZJ-0007"]},
    ),
    "toastmasters": (
        [("B", 1, "8"), ("A", 2, "8"), ("D", 3, "4"), ("C", 4, "4"), ("E", 5, "0")],
        {"first": ["B"], "second": ["A"], "third": ["D"]},
    ),
    "speech-ranks": ([("A", 1, "6"), ("B", 2, "6"), ("C", 3, "6"), ("D", 4, "12")], {"finalist": ["A", "B", "C"]}),
    "dance": (
        [("C", 1, "5"), ("A", 2, "6"), ("D", 3, "9"), ("B", 4, "10")],
        {"first": ["C"], "second": ["A"], "third": ["D"]},
    ),
    "venue-appraisal": (
        [("V1", 1, "92.83"), ("V2", 2, "75.00"), ("V3", None, None)],
        {"excellent": ["V1"], "good": ["V2"], "sufficient": []},
    ),
    "papers": (
        [("P2", 1, "88.00"), ("P1", 2, "82.00"), ("P3", None, None)], {"first": [], "second": [], "third": ["P2"]},
    ),
    "exhibits": (
        [("X2", 1, "83.33"), ("X1", 2, "76.66"), ("X3", 3, "68.33"), ("X4", 4, "63.33")],
        {"first": [], "second": ["X2"], "third": ["X1"]},
    ),
    "audience-share": (
        [("C", 1, "91.45"), ("A", 2, "90.45"), ("B", 3, "90.35")], {"first": ["C"], "second": ["A", "B"], "third": []},
    ),
}  # fmt: skip


def preset(name: str) -> Path:
    return PRESETS / f"{name}.toml"


def example(name: str) -> Path:
    return WITH_ITS_OWN.get(name, EXAMPLES / "presets" / name)


def test_every_preset_has_its_worked_example():
    # The lecture final has a folder and a test of its own: test_lecture_final.py.
    assert {path.stem for path in PRESETS.glob("*.toml")} == {*EXPECTED, "lecture-final"}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_preset_gives_its_example_what_was_worked_out_by_hand(name):
    rules = read_rules(preset(name).read_bytes())
    outcome = compute(rules, read_folder(example(name), rules))
    standings, awards = EXPECTED[name]
    found = [(s.entry, s.place, s.score) for s in outcome.standings]
    assert found == [(entry, place, None if score is None else Decimal(score)) for entry, place, score in standings]
    assert {given.award: [entry for entry, _ in given.entries] for given in outcome.awards} == awards


@pytest.mark.parametrize("name", [*EXPECTED, "lecture-final"])
def test_an_example_holds_the_preset_and_its_recount(name):
    folder = example(name)
    assert (folder / "rules.toml").read_bytes() == preset(name).read_bytes()
    rules = read_rules((folder / "rules.toml").read_bytes())
    recorded = read_standings((folder / "standings.json").read_bytes())
    found = json.loads(json.dumps(outcome_json(compute(rules, read_folder(folder, rules)))))
    assert first_difference(recorded, found) is None
    assert explained_otherwise(recorded, found) is None


@pytest.mark.parametrize("name", [*EXPECTED, "lecture-final"])
def test_a_preset_is_told_in_both_languages(name):
    rules = read_rules(preset(name).read_bytes())
    outcome = compute(rules, read_folder(example(name), rules))
    titles = [rules.title, *(each.title for each in rules.rounds.values()), *(each.title for each in rules.awards)]
    titles += [criterion.title for each in rules.rounds.values() for criterion in each.criteria]
    assert [title for title in titles if title.zh == title.en] == []
    for standing in outcome.standings:
        assert story(standing.steps, "zh") != story(standing.steps, "en") != ""
