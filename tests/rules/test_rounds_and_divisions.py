"""Several rounds with weights, divisions that differ, a ranking across them; worked by hand."""

from decimal import Decimal

from contest.rules import (
    AppearanceFact,
    EntryFact,
    Facts,
    Outcome,
    Rules,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_rules,
    story,
)
from tests.rules.making import marks_of, table

MEAN = 'panel = { take = "mean", round = { decimals = 2, mode = "half_up" } }'
TWO_ROUNDS = f"""
format = 1
title = "Contest"
[criteria.lecture]
title = "Lecture"
max = 100
step = 0.01
[rounds.preliminary]
title = {{ zh = "初赛", en = "Preliminary" }}
criteria = ["lecture"]
{MEAN}
[rounds.final]
title = {{ zh = "决赛", en = "Final" }}
criteria = ["lecture"]
{MEAN}
[result]
rounds = ["preliminary", "final"]
"""
WEIGHTED = (
    TWO_ROUNDS
    + """
weights = { preliminary = 0.4, final = 0.6 }
round = { decimals = 2, mode = "half_up" }
tie_break = [ { by = "score", round = "final" }, { by = "lots" } ]
"""
)


def contest(
    preliminary: dict[str, list[str | None]], final: dict[str, list[str | None]], *rulings: RulingFact
) -> Facts:
    entries = list(dict.fromkeys([*preliminary, *final]))
    return Facts(
        entries=tuple(EntryFact(entry) for entry in entries),
        appearances=tuple(
            AppearanceFact(round, entry, order)
            for round, marks in (("preliminary", preliminary), ("final", final))
            for order, entry in enumerate(marks, start=1)
        ),
        sittings=(SittingFact(None, None, "J1"), SittingFact(None, None, "J2")),
        marks=marks_of(preliminary, "preliminary") + marks_of(final, "final"),
        rulings=rulings,
    )


def run(rules: str, facts: Facts) -> Outcome:
    return compute(read_rules(rules.encode()), facts)


def test_two_rounds_are_weighted_and_rounded():
    # A: 81.25 × 0.4 + 90 × 0.6 = 32.50 + 54 = 86.50; B: 90.33 × 0.4 + 85.55 × 0.6 = 36.132 + 51.33 = 87.462 → 87.46
    outcome = run(WEIGHTED, contest({"A": ["81", "81.50"], "B": ["90.33"] * 2}, {"A": ["90"] * 2, "B": ["85.55"] * 2}))
    assert table(outcome) == [(1, "B", "87.46", None), (2, "A", "86.50", None)]
    assert story(outcome.standings[0].steps, "zh") == (
        "初赛：2 位评委平均 90.33；最终 90.33；决赛：2 位评委平均 85.55；最终 85.55；"
        "初赛 90.33 × 0.4 = 36.132；决赛 85.55 × 0.6 = 51.33；总成绩 87.46，列第 1 名"
    )
    assert {id: [s.entry for s in round.standings] for id, round in outcome.rounds.items()} == {
        "preliminary": ["B", "A"],
        "final": ["A", "B"],
    }


def test_without_weights_rounds_are_added():
    outcome = run(TWO_ROUNDS, contest({"A": ["80"] * 2}, {"A": ["90.50"] * 2}))
    assert table(outcome) == [(1, "A", "170.50", None)]


def test_equal_results_go_to_the_named_round_and_then_to_lots_of_the_contest():
    # A: 90 × 0.4 + 80 × 0.6 = 84; B and C: 75 × 0.4 + 90 × 0.6 = 84
    facts = contest(
        {"A": ["90"] * 2, "B": ["75"] * 2, "C": ["75"] * 2},
        {"A": ["80"] * 2, "B": ["90"] * 2, "C": ["90"] * 2},
        RulingFact(None, "B", None, None, None, "lot", "2"),
        RulingFact(None, "C", None, None, None, "lot", "1"),
    )
    outcome = run(WEIGHTED, facts)
    assert table(outcome) == [(1, "C", "84.00", None), (2, "B", "84.00", None), (3, "A", "84.00", None)]
    assert story(outcome.standings[0].steps, "zh").endswith(
        "与 A 号、B 号同分，比较决赛成绩 90.00（A 号 80.00、B 号 90.00），抽签序号 1 < 2，列第 1 名"
    )


def test_who_misses_a_deciding_round_is_outside_the_result_but_ranked_in_the_other():
    outcome = run(WEIGHTED, contest({"A": ["80"] * 2, "B": ["70"] * 2}, {"A": ["90"] * 2}))
    assert table(outcome) == [(1, "A", "86.00", None), (None, "B", None, "missed_round")]
    assert [(s.place, s.entry) for s in outcome.rounds["preliminary"].standings] == [(1, "A"), (2, "B")]
    assert story(outcome.standings[1].steps, "zh").endswith("未参加决赛，不排名")


def test_a_round_still_being_judged_keeps_the_result_open():
    outcome = run(WEIGHTED, contest({"A": ["80"] * 2}, {"A": ["90", None]}))
    assert table(outcome) == [(None, "A", None, "incomplete")]


def test_a_round_outside_the_result_changes_nothing():
    rules = TWO_ROUNDS.replace('rounds = ["preliminary", "final"]', 'rounds = ["final"]')
    outcome = run(rules, contest({"A": ["10"] * 2, "B": ["99"] * 2}, {"A": ["90"] * 2, "B": ["80"] * 2}))
    assert table(outcome) == [(1, "A", "90.00", None), (2, "B", "80.00", None)]
    assert story(outcome.standings[0].steps, "zh") == "2 位评委平均 90.00；最终 90.00，列第 1 名"


def test_a_tie_of_one_round_may_be_broken_by_another():
    rules = WEIGHTED.replace(
        'title = { zh = "决赛", en = "Final" }',
        ('title = { zh = "决赛", en = "Final" }\ntie_break = [ { by = "marks", round = "preliminary" } ]'),
    )
    outcome = run(rules, contest({"A": ["80", "60"], "B": ["75", "70"]}, {"A": ["90"] * 2, "B": ["90"] * 2}))
    standings = outcome.rounds["final"].standings
    assert [(s.place, s.entry) for s in standings] == [(1, "A"), (2, "B")]
    assert story(standings[0].steps, "zh").endswith("与 B 号同分，比较初赛评委第一高分 80.00 > 75.00，列第 1 名")


DIVIDED = f"""
format = 1
title = "Contest"
[divisions."少年组"]
title = {{ zh = "少年组", en = "Juniors" }}
[divisions."公众组"]
title = {{ zh = "公众组", en = "Public" }}
[criteria.lecture]
title = "Lecture"
max = 100
step = 0.01
[adjustments.late]
title = "Late"
max = 0
[rounds.final]
title = "Final"
criteria = ["lecture"]
{MEAN[:-1].replace("panel = {", "panel = { drop_high = 1, drop_low = 1,")}}}
after = [ {{ adjust = ["late"] }} ]
tie_break = [ {{ by = "marks" }} ]
[rounds.final.divisions."少年组"]
panel = {{ drop_high = 0, drop_low = 0 }}
tie_break = []
[result]
overall = true
"""


def divided(division_of: dict[str, str], marks: dict[str, list[str | None]]) -> Facts:
    return Facts(
        entries=tuple(EntryFact(entry, division_of.get(entry)) for entry in marks),
        appearances=tuple(AppearanceFact("final", entry, order) for order, entry in enumerate(marks, start=1)),
        sittings=tuple(SittingFact("final", None, f"J{n}") for n in (1, 2, 3)),
        marks=marks_of(marks),
    )


def test_places_count_within_a_division_and_a_division_overrides_only_what_differs():
    # 公众组 drops one high, one low: A 90, B 88.
    # 少年组 drops nothing: C (80+90+97)/3 = 89.00, D 89.00; no tie-break: shared.
    facts = divided(
        {"A": "公众组", "B": "公众组", "C": "少年组", "D": "少年组"},
        {"A": ["80", "90", "97"], "B": ["88"] * 3, "C": ["80", "90", "97"], "D": ["89"] * 3},
    )
    outcome = run(DIVIDED, facts)
    assert [(s.division, s.place, s.entry, str(s.score)) for s in outcome.standings] == [
        ("少年组", 1, "C", "89.00"),
        ("少年组", 1, "D", "89.00"),
        ("公众组", 1, "A", "90.00"),
        ("公众组", 2, "B", "88.00"),
    ]
    # Across divisions the round's own chain holds: C's highest mark 97 > D's 89
    assert outcome.overall is not None
    assert [(s.place, s.entry) for s in outcome.overall] == [(1, "A"), (2, "C"), (3, "D"), (4, "B")]
    rows = outcome_json(outcome)
    assert {row["division"] for row in rows["standings"]} == {"少年组", "公众组"}
    assert [row["place"] for row in rows["overall"]] == [1, 2, 3, 4]


def test_one_division_alone_is_not_named_in_the_standings():
    outcome = run(DIVIDED, divided({"A": "公众组", "B": "公众组"}, {"A": ["90"] * 3, "B": ["80"] * 3}))
    assert [s.division for s in outcome.standings] == [None, None]
    assert "division" not in outcome_json(outcome)["standings"][0]


def test_a_division_may_have_criteria_of_its_own():
    rules: Rules = read_rules(
        DIVIDED.replace(
            "[adjustments.late]", ('[criteria.play]\ntitle = "Play"\nmax = 10\nstep = 1\n[adjustments.late]')
        )
        .replace(
            "panel = { drop_high = 0, drop_low = 0 }", 'criteria = ["play"]\npanel = { drop_high = 0, drop_low = 0 }'
        )
        .encode()
    )
    own = rules.rounds["final"].for_division("少年组")
    assert ([c.id for c in own.criteria], own.sheet_max, own.panel.trim.high) == (["play"], Decimal(10), 0)
    assert rules.rounds["final"].for_division("公众组") is rules.rounds["final"]
    assert rules.rounds["final"].sheet_max == Decimal(100)
