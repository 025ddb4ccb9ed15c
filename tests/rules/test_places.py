"""Scores to places: which score is better, what those who share a place get, and an order that a method gave itself."""

from decimal import Decimal

import pytest

from contest.rules import RuleFileError, compute, outcome_json, read_rules, story
from contest.rules.numbers import EXACT
from contest.rules.outcome import Step
from contest.rules.ranking import Contender, places
from contest.rules.shape import RankingRules
from contest.rules.ties import TieSource
from tests.rules.making import ONE_ROUND, PANEL, facts_of, ruling

NOTHING = TieSource("final", {}, {}, {})


def rules_with(ranking: str, ties: str = "[]"):
    text = ONE_ROUND.replace("PANEL", PANEL).replace("TIES", ties).replace("AFTER", "[]")
    return read_rules(text.replace("[rounds.final.panel]", f"{ranking}\n[rounds.final.panel]").encode())


FIELD = {"A": ["90"] * 7, "B": ["80"] * 7, "C": ["80"] * 7, "D": ["70"] * 7}


def placed(outcome):
    return {s.entry: s.place if s.mean_place is None else s.mean_place for s in outcome.standings}


@pytest.mark.parametrize(("ranking", "expected"), [
    ("", {"A": 1, "B": 2, "C": 2, "D": 4}),
    ('ranking = { shared = "min" }', {"A": 1, "B": 2, "C": 2, "D": 4}),
    ('ranking = { shared = "mean" }', {"A": 1, "B": Decimal("2.5"), "C": Decimal("2.5"), "D": 4}),
    ('ranking = { shared = "dense" }', {"A": 1, "B": 2, "C": 2, "D": 3}),
    ('ranking = { better = "lower" }', {"D": 1, "B": 2, "C": 2, "A": 4}),
    ('ranking = { better = "lower", shared = "dense" }', {"D": 1, "B": 2, "C": 2, "A": 3}),
])  # fmt: skip
def test_what_is_better_and_what_those_who_share_a_place_get(ranking, expected):
    assert placed(compute(rules_with(ranking), facts_of(FIELD))) == expected


def test_a_mean_place_is_written_beside_the_first_of_the_shared_ones_and_said():
    outcome = compute(rules_with('ranking = { shared = "mean" }'), facts_of(FIELD))
    rows = {row["entry"]: row for row in outcome_json(outcome)["standings"]}
    assert (rows["B"]["place"], rows["B"]["mean_place"], rows["D"]["mean_place"]) == (2, "2.5", "4")
    assert story(outcome.standings[1].steps, "zh").endswith("与 C 号并列，列第 2 名，名次取平均，计第 2.5 名")
    assert "mean_place" not in outcome_json(compute(rules_with(""), facts_of(FIELD)))["standings"][0]


def test_a_forced_order_asks_for_lots_although_the_chain_has_none():
    forced = rules_with('ranking = { order = "forced" }')
    outcome = compute(forced, facts_of(FIELD))
    assert placed(outcome)["B"] == placed(outcome)["C"] == 2
    assert "需抽签，尚无抽签结果" in story(outcome.standings[1].steps, "zh")
    drawn = [ruling("lot", "B", value="2"), ruling("lot", "C", value="1")]
    assert placed(compute(forced, facts_of(FIELD, rulings=drawn))) == {"A": 1, "C": 2, "B": 3, "D": 4}


def test_an_order_that_a_method_gave_decides_whatever_the_scores_are():
    field = [
        Contender("A", "A", Decimal(9), Decimal(2)),
        Contender("B", "B", Decimal(3), Decimal(1)),
        Contender("C", "C", Decimal(5), Decimal("3.5")),
        Contender("D", "D", Decimal(5), Decimal("3.5")),
        Contender("E", "E", Decimal(99)),
    ]
    found = places(field, RankingRules(), (), NOTHING)
    assert {entry: place.place for entry, place in found.items()} == {"B": 1, "A": 2, "C": 3, "D": 3, "E": 5}
    assert Step("shared", {"others": ["D"]}) in found["C"].steps


def test_mean_places_of_three_and_of_two_stay_exact():
    field = [Contender(code, code, Decimal(1)) for code in "ABC"] + [Contender(code, code, Decimal(0)) for code in "DE"]
    found = places(field, read_rules_ranking("mean"), (), NOTHING)
    assert [found[code].mean for code in "ABCDE"] == [2, 2, 2, Decimal("4.5"), Decimal("4.5")]
    assert EXACT.add(found["D"].mean, found["E"].mean) == 9


def read_rules_ranking(shared):
    return rules_with(f'ranking = {{ shared = "{shared}" }}').rounds["final"].ranking


def test_a_division_may_rank_otherwise():
    text = 'ranking = { better = "lower" }\ndivisions = { J = { ranking = { better = "higher" } } }'
    outcome = compute(rules_with(text), facts_of(FIELD, divisions={"A": "J", "B": "J", "C": "P", "D": "P"}))
    assert placed(outcome) == {"A": 1, "B": 2, "D": 1, "C": 2}


@pytest.mark.parametrize(("ranking", "key"), [
    ('ranking = { better = "most" }', "rounds.final.ranking.better"),
    ('ranking = { shared = "max" }', "rounds.final.ranking.shared"),
    ('ranking = { order = true }', "rounds.final.ranking.order"),
    ('ranking = { dense = true }', "rounds.final.ranking.dense"),
    ('ranking = "lower"', "rounds.final.ranking"),
])  # fmt: skip
def test_a_wrong_ranking_is_refused_with_its_key(ranking, key):
    with pytest.raises(RuleFileError) as error:
        rules_with(ranking)
    assert error.value.key == key


def test_the_result_of_one_round_has_its_ranking_in_the_round():
    with pytest.raises(RuleFileError) as error:
        rules_with("[result]\nranking = { better = 'lower' }\n")
    assert (error.value.key, error.value.wanted) == ("result.ranking", "only_for_several")
