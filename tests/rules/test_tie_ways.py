"""Ways to break a tie beyond marks: places, reciprocals, judge against judge, runs, times, a judge only for ties."""

from decimal import Decimal

import pytest

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    RuleFileError,
    SittingFact,
    compute,
    read_rules,
    story,
)  # fmt: skip
from tests.rules.making import facts_of, one_round, table

MEAN = 'take = "mean"\nround = { decimals = 2, mode = "half_up" }'
HEAD = 'format = 1\ntitle = "T"\n'
PLACES = """
[criteria.place]
title = "Place"
kind = "rank"
max = 20
[rounds.final]
title = "Final"
criteria = ["place"]
ranking = { better = "lower" }
panel = { take = "sum" }
sheet = { rank = {} }
tie_break = TIES
"""


def order(outcome):
    return [(s.place, s.entry) for s in outcome.standings]


def told(outcome, entry):
    return story(next(s for s in outcome.standings if s.entry == entry).steps, "zh")


def of_places(ties: str, **places: str):
    """Judges' places by entry: A="112" is first with two judges and second with one."""
    rules = read_rules((HEAD + PLACES.replace("TIES", ties)).encode())
    return compute(rules, Facts(
        entries=tuple(EntryFact(entry) for entry in places),
        appearances=tuple(AppearanceFact("final", entry, n) for n, entry in enumerate(places, 1)),
        sittings=tuple(SittingFact("final", None, f"J{n}", str(n)) for n in range(1, len(places["A"]) + 1)),
        marks=tuple(
            MarkFact("final", entry, f"J{n}", "place", None, "mark", Decimal(int(place, 36)))
            for entry, given in places.items() for n, place in enumerate(given, 1)
        ),
    ))  # fmt: skip


def test_the_sum_of_reciprocals_rewards_the_extremes():
    # both 6: A 1/1 + 1/1 + 1/4 = 2.25; B 3 × 1/2 = 1.5
    outcome = of_places('[ { by = "reciprocals" } ]', A="114", B="222", C="331", D="443")
    assert order(outcome) == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]
    assert "比较名次倒数和 2.25 > 1.5" in told(outcome, "A")


def test_equal_reciprocals_are_equal_although_their_decimals_have_no_end():
    # 1/2 + 1/3 + 1/6 = 1 = 1/1 + 0; here: 2 3 6 against 3 2 6: 1 and 1, the same exact sum in another order
    outcome = of_places('[ { by = "reciprocals" } ]', A="236", B="623", C="111")
    assert order(outcome) == [(1, "C"), (2, "A"), (2, "B")]
    assert "名次倒数和相同" in told(outcome, "A")


def test_first_places_then_first_and_second_ones():
    # A 1 1 6 and B 1 2 5: two firsts to one. B 1 2 5 and C 4 1 3: one first each; to the second place two to one
    assert order(of_places('[ { by = "firsts" } ]', A="116", B="125", C="999")) == [(1, "A"), (2, "B"), (3, "C")]
    chain = '[ { by = "firsts" }, { by = "firsts", upto = 2 } ]'
    outcome = of_places(chain, A="125", B="413", C="999")
    assert order(outcome) == [(1, "A"), (2, "B"), (3, "C")]
    assert "第 1 名以内的票数相同，比较第 2 名以内的票数 2 > 1" in told(outcome, "A")


def test_of_two_the_majority_of_the_judges_decides():
    # A 3 + 1 + 3 + 2 = 9, B 2 + 4 + 1 + 2 = 9: B is preferred by judges 1 and 3, A by judge 2, judge 4 is undecided
    outcome = of_places('[ { by = "head_to_head" } ]', A="3132", B="2412", C="9999")
    assert order(outcome) == [(1, "B"), (2, "A"), (3, "C")]
    assert "两两比较胜数 2 > 1" in told(outcome, "B")


def test_of_three_the_number_of_the_others_each_beats_decides():
    # all 9. A–B: 1<3, 5>1, 3<5 → A; A–C: 1<5, 5>3, 3>1 → C; B–C: 3<5, 1<3, 5>1 → B: each beats one
    circle = of_places('[ { by = "head_to_head" } ]', A="153", B="315", C="531")
    assert order(circle) == [(1, "A"), (1, "B"), (1, "C")]
    outcome = of_places('[ { by = "head_to_head" } ]', A="126", B="234", C="441")
    # A–B: 1<2, 2<3, 6>4 → A; A–C: 1<4, 2<4, 6>1 → A; B–C: 2<4, 3<4, 4>1 → B
    assert order(outcome) == [(1, "A"), (2, "B"), (3, "C")]
    assert "两两比较胜数 2（B 号 1、C 号 0）" in told(outcome, "A")


def test_a_lower_sum_of_places_and_the_median_of_the_sheets():
    # both 270/3 = 90; medians 90 and 91
    facts = facts_of({"A": ["80", "90", "100"], "B": ["84", "91", "95"]}, judges=3)
    outcome = compute(one_round(panel=MEAN, ties='[ { by = "median" } ]'), facts)
    assert order(outcome) == [(1, "B"), (2, "A")]
    assert "比较评委分中位数 91.00 > 90.00" in told(outcome, "B")
    assert order(compute(one_round(panel=MEAN, ties='[ { by = "median", better = "lower" } ]'), facts)) == [
        (1, "A"), (2, "B")]  # fmt: skip


def test_marks_from_the_lowest_on_where_the_lower_one_wins():
    facts = facts_of({"A": ["80", "95", "95"], "B": ["80", "90", "100"]}, judges=3)
    outcome = compute(one_round(panel=MEAN, ties='[ { by = "marks", better = "lower" } ]'), facts)
    assert order(outcome) == [(1, "B"), (2, "A")]
    assert "比较评委第 2 低的分数 90.00 < 95.00" in told(outcome, "B")


def test_xiangtan_compares_the_counted_marks_from_high_to_low():
    # dropped 99 and 10 against 91 and 80: counted 90.50 90.50 90 90 89 and 91 90 90 90 89
    panel = f"drop_high = 1\ndrop_low = 1\n{MEAN}"
    facts = facts_of({"A": ["99", "90.50", "90.50", "90", "90", "89", "10"],
                      "B": ["91", "91", "90", "90", "90", "89", "80"]})
    outcome = compute(one_round(panel=panel, ties='[ { by = "marks", of = "counted" } ]'), facts)
    assert table(outcome) == [(1, "B", "90.00", None), (2, "A", "90.00", None)]


def test_further_decimals_where_the_published_ones_are_equal():
    # 270.01/3 = 90.00333… and 270/3 = 90: both 90.00; minus one for each
    facts = facts_of({"A": ["90", "90", "90"], "B": ["90", "90", "90.01"]}, judges=3,
                     adjustments=[("A", "quiz", "-1"), ("B", "quiz", "-1")])
    rules = one_round(panel=MEAN, ties='[ { by = "unrounded" } ]', after='[ { adjust = ["quiz"] } ]')
    outcome = compute(rules, facts)
    assert table(outcome) == [(1, "B", "89.00", None), (2, "A", "89.00", None)]
    assert "比较未舍入的得分 89.003333 > 89.00" in told(outcome, "B")


def test_the_last_rounding_of_the_chain_is_the_one_that_is_undone():
    rounding = '{ round = { decimals = 0, mode = "half_up" } }'
    facts = facts_of({"A": ["90.40"], "B": ["90.20"]}, judges=1)
    rules = one_round(panel=MEAN, ties='[ { by = "unrounded" } ]', after=f"[ {rounding} ]")
    assert table(compute(rules, facts)) == [(1, "A", "90", None), (2, "B", "90", None)]


CLUB = PLACES.replace('ranking = { better = "lower" }\n', "").replace(
    "sheet = { rank = {} }", "sheet = { ballot = { places = 3 }, points = [3, 2, 1] }")


def test_a_judge_whose_ranking_is_used_for_tied_positions_only():
    # A 3 + 1 = 4, B 1 + 3 = 4, C 2 + 2 = 4, D none. The tie-breaking judge has D first, and that changes nothing
    rules = read_rules((HEAD + CLUB.replace("TIES", '[ { by = "tiebreak_judge", better = "lower" } ]')).encode())
    ballots = {"J1": "ACB", "J2": "BCA", "T": "DCAB"}
    facts = Facts(
        entries=tuple(EntryFact(entry) for entry in "ABCD"),
        appearances=tuple(AppearanceFact("final", entry, n) for n, entry in enumerate("ABCD", 1)),
        sittings=(SittingFact("final", None, "J1", "1"), SittingFact("final", None, "J2", "2"),
                  SittingFact("final", None, "T", "T", "tiebreak")),
        marks=tuple(MarkFact("final", entry, judge, "place", None, "mark", Decimal(n))
                    for judge, ballot in ballots.items() for n, entry in enumerate(ballot, 1)),
    )
    outcome = compute(rules, facts)
    assert table(outcome) == [(1, "C", "4", None), (2, "A", "4", None), (3, "B", "4", None), (4, "D", "0", None)]
    assert "比较裁决评委给的第 1 份评分 2（A 号 3、B 号 4）" in told(outcome, "C")
    assert [sheet.judge for sheet in outcome.rounds["final"].scores["A"].sheets] == ["J1", "J2"]


RUNS = """
[adjustments.points]
title = "Points"
min = 0
max = 100
step = 1
[adjustments.time]
title = "Time"
min = 0
max = 600
step = 0.01
better = "lower"
[rounds.skills]
title = "Skills"
after = [ { adjust = ["points"] } ]
attempts = { count = 3, take = "best", missing = "leave_out" }
tie_break = TIES
"""


def runs(ties: str, **teams: list[str]):
    """Runs as "points/time"."""
    rules = read_rules((HEAD + RUNS.replace("TIES", ties)).encode())
    values = [
        AdjustmentFact("skills", team, n, None, kind, Decimal(value))
        for team, of in teams.items() for n, run in enumerate(of, 1)
        for kind, value in zip(("points", "time"), run.split("/"), strict=False)
    ]  # fmt: skip
    if not any(tie.kind for tie in rules.rounds["skills"].tie_break):
        values = [value for value in values if value.kind == "points"]
    return compute(rules, Facts(
        entries=tuple(EntryFact(team) for team in teams),
        appearances=tuple(AppearanceFact("skills", team, n) for n, team in enumerate(teams, 1)),
        adjustments=tuple(values),
    ))  # fmt: skip


def test_the_next_best_runs_and_who_has_a_further_run_beats_who_has_none():
    # all best 80; second 70 70 60 –; third of A 0, of B none
    outcome = runs('[ { by = "attempt" } ]', D=["80"], C=["80", "60"], B=["70", "80"], A=["80", "70", "0"])
    assert order(outcome) == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]
    assert "比较第 2 好的一次 70（A 号 70、C 号 60、D 号 —），比较第 3 好的一次 — < 0" in told(outcome, "B")
    assert "比较第 3 好的一次 0 > —" in told(outcome, "A")


def test_equal_runs_leave_the_tie_to_the_next_link():
    outcome = runs('[ { by = "attempt" }, { by = "lots" } ]', A=["80", "70"], B=["70", "80"])
    assert order(outcome) == [(1, "A"), (1, "B")]
    assert "从第 2 好的一次起均相同，需抽签" in told(outcome, "A")


def test_the_time_of_the_counted_run_then_of_the_other():
    # best 80 in 60 s for all three; the other run's time 50, 45 and none
    chain = '[ { by = "measured", kind = "time" }, { by = "measured", kind = "time", of = "other" } ]'
    outcome = runs(chain, A=["80/60", "70/50"], B=["10/45", "80/60"], C=["80/60"], D=["80/59"])
    assert order(outcome) == [(1, "D"), (2, "B"), (3, "A"), (4, "C")]
    assert "比较“Time” 59（A 号 60、B 号 60、C 号 60）" in told(outcome, "D")
    assert "比较另一次的“Time” 45（A 号 50、C 号 —）" in told(outcome, "B")


def test_one_against_one_without_a_value_is_said_as_behind():
    chain = '[ { by = "measured", kind = "time" } ]'
    outcome = runs(chain, A=["80/60"], B=["80"])
    assert order(outcome) == [(1, "A"), (2, "B")]
    assert "比较“Time” 60 < —" in told(outcome, "A")
    assert "比较“Time” — > 60" in told(outcome, "B")


def test_a_node_of_the_indicator_tree_decides():
    text = HEAD + """
[groups.work]
title = "Work"
[criteria.idea]
title = "Idea"
max = 50
step = 1
group = "work"
[criteria.talk]
title = "Talk"
max = 50
step = 1
[rounds.final]
title = "Final"
criteria = ["idea", "talk"]
panel = { take = "mean", round = { decimals = 1, mode = "half_up" } }
tie_break = [ { by = "group", group = "work" } ]
"""
    marks = {"A": ("30", "40"), "B": ("40", "30")}
    outcome = compute(read_rules(text.encode()), Facts(
        entries=(EntryFact("A"), EntryFact("B")),
        appearances=(AppearanceFact("final", "A", 1), AppearanceFact("final", "B", 2)),
        marks=tuple(MarkFact("final", e, "J1", c, None, "mark", Decimal(m)) for e, ms in marks.items()
                    for c, m in zip(("idea", "talk"), ms, strict=True)),
    ))
    assert order(outcome) == [(1, "B"), (2, "A")]
    assert "比较“Work” 40.0 > 30.0" in told(outcome, "B")


@pytest.mark.parametrize(("ties", "key", "wanted"), [
    ('[ { by = "firsts" } ]', "by", "tie_places"),
    ('[ { by = "reciprocals" } ]', "by", "tie_places"),
    ('[ { by = "attempt" } ]', "by", "tie_attempts"),
    ('[ { by = "group", group = "x" } ]', "group", "known"),
    ('[ { by = "measured", kind = "x" } ]', "kind", "known"),
    ('[ { by = "measured", kind = "quiz", of = "all" } ]', "of", "known"),
    ('[ { by = "round_rank", round = "final" } ]', "round", "another_round"),
    ('[ { by = "head_to_head", better = "lower" } ]', "better", "known"),
    ('[ { by = "median", of = "best" } ]', "of", "known"),
])  # fmt: skip
def test_a_comparison_that_finds_nothing_is_refused_with_its_key(ties, key, wanted):
    with pytest.raises(RuleFileError) as error:
        one_round(panel=MEAN, ties=ties)
    assert (error.value.key, error.value.wanted) == (f"rounds.final.tie_break[0].{key}", wanted)


def test_a_panel_per_criterion_has_no_sheets_to_compare():
    with pytest.raises(RuleFileError) as error:
        one_round(panel=f'of = "criteria"\n{MEAN}', ties='[ { by = "head_to_head" } ]')
    assert error.value.wanted == "tie_sheets"


@pytest.mark.parametrize("by", ["tiebreak_judge", "marks", "median"])
def test_where_places_are_compared_the_file_says_which_number_wins(by):
    text = (HEAD + PLACES).replace("TIES", f'[ {{ by = "{by}" }} ]')
    with pytest.raises(RuleFileError) as error:
        read_rules(text.encode())
    assert (error.value.key, error.value.wanted) == ("rounds.final.tie_break[0].better", "tie_better")
    read_rules(text.replace(f'"{by}"', f'"{by}", better = "lower"').encode())


def test_a_criterion_of_places_is_better_the_lower_it_is():
    text = (HEAD + PLACES).replace("TIES", '[ { by = "criterion", criterion = "place" } ]')
    (tie,) = read_rules(text.encode()).rounds["final"].tie_break
    assert not tie.higher_wins
