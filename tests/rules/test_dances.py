"""A round whose places are given by the skating system: one dance, several, absent judges, withdrawn entries."""

from decimal import Decimal

import pytest

from contest.rules import (
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    Outcome,
    Rules,
    RulingFact,
    SittingFact,
    compute,
    read_rules,
    story,
)
from contest.rules.errors import RuleFileError
from tests.rules.making import ruling


def rules(dances: int, more: str = "", panel: str = 'take = "majority"') -> Rules:
    criteria = "".join(
        f'[criteria.d{n}]\ntitle = {{ zh = "舞{n}", en = "Dance {n}" }}\nkind = "rank"\nmax = 12\n'
        for n in range(1, dances + 1)
    )
    names = ", ".join(f'"d{n}"' for n in range(1, dances + 1))
    return read_rules(
        f'format = 1\ntitle = "Final"\n{criteria}[rounds.final]\ntitle = "Final"\ncriteria = [{names}]\n{more}\n'
        f"[rounds.final.panel]\n{panel}\n".encode()
    )


def facts(entries: dict[str, list[str]], rulings: tuple[RulingFact, ...] = (), divisions: str = "") -> Facts:
    """Each entry's marks: one string for each dance, "2 4 1 3 2"; "-" is a mark that is not there."""
    judges = len(next(iter(entries.values()))[0].split())
    return Facts(
        entries=tuple(EntryFact(entry, dict(zip(entries, divisions, strict=False)).get(entry)) for entry in entries),
        appearances=tuple(AppearanceFact("final", entry, n) for n, entry in enumerate(entries, 1)),
        sittings=tuple(SittingFact("final", None, f"J{n}", str(n)) for n in range(1, judges + 1)),
        marks=tuple(
            MarkFact("final", entry, f"J{judge}", f"d{dance}", None, "mark", Decimal(mark))
            for entry, rows in entries.items()
            for dance, row in enumerate(rows, 1)
            for judge, mark in enumerate(row.split(), 1)
            if mark != "-"
        ),
        rulings=rulings,
    )


def rows(outcome: Outcome) -> list[tuple[int | None, str, str | None]]:
    return [(s.place, s.entry, None if s.score is None else str(s.score)) for s in outcome.standings]


PUBLISHED = {"A": ["2 4 1 3 2"], "B": ["4 2 3 4 4"], "C": ["3 3 2 1 1"], "D": ["1 1 4 2 3"]}


def test_one_dance_gives_the_places():
    outcome = compute(rules(1), facts(PUBLISHED))
    assert rows(outcome) == [(1, "C", "1"), (2, "D", "2"), (3, "A", "3"), (4, "B", "4")]
    assert [story(s.steps, "zh") for s in outcome.standings] == [
        "舞1：名次 3、3、2、1、1，仍相同，续看：5 位评委列入前 3 名，和 10，本舞第 1 名，列第 1 名",
        "舞1：名次 1、1、4、2、3，仍相同，续看：4 位评委列入前 3 名，和 7，本舞第 2 名，列第 2 名",
        "舞1：名次 2、4、1、3、2，3 位评委列入前 2 名，这些名次之和 5，小者在前，本舞第 3 名，列第 3 名",
        "舞1：名次 4、2、3、4、4，5 位评委列入前 4 名（过半数为 3 位），本舞第 4 名，列第 4 名",
    ]
    (component,) = outcome.rounds["final"].scores["A"].components
    assert component.value == 3 and [mark for _, mark, _ in component.marks] == [2, 4, 1, 3, 2]


def test_several_dances_by_the_sum_of_places_then_rules_10_and_11():
    # Dance 1: A 1, B 2, C 3; dance 2: B 1, A 2, C 3 by rule 5. A and B total 3 with one first each, sum 1: rule 11.
    # Majority 4 of 6, column 1: A 1 1 2 | 2 1 2 → 3; B 2 2 1 | 1 2 1 → 3. Column 2: 6 and 6; sums 9 and 9: shared.
    outcome = compute(rules(2), facts({"A": ["1 1 2", "2 1 2"], "B": ["2 2 1", "1 2 1"], "C": ["3 3 3", "3 3 3"]}))
    assert rows(outcome) == [(1, "A", "3"), (1, "B", "3"), (3, "C", "6")]
    assert "和相同，争第 1 名：前 1 名的舞有 1 支，名次之和 1" in story(outcome.standings[0].steps, "zh")
    # One more first for A decides in column 1: A 4 of 6.
    outcome = compute(rules(2), facts({"A": ["1 1 1", "2 1 2"], "B": ["2 2 2", "1 2 1"], "C": ["3 3 3", "3 3 3"]}))
    assert rows(outcome) == [(1, "A", "3"), (2, "B", "3"), (3, "C", "6")]
    assert "再看各舞全部名次：前 1 名有 4 个，和 4" in story(outcome.standings[0].steps, "zh")


def test_a_shared_place_may_be_written_as_the_mean():
    equal = {"A": ["1 2 1 2"], "B": ["2 1 2 1"], "C": ["3 3 3 3"]}
    outcome = compute(rules(1, 'ranking = { shared = "mean" }'), facts(equal))
    assert rows(outcome) == [(1, "A", "1.5"), (1, "B", "1.5"), (3, "C", "3")]
    assert [s.mean_place for s in outcome.standings] == [Decimal("1.5"), Decimal("1.5"), Decimal(3)]


def test_whoever_has_left_takes_no_part_and_whoever_waits_is_not_placed():
    marks = {**PUBLISHED, "E": ["5 5 - 5 5"]}
    outcome = compute(rules(1), facts(marks, (ruling("withdrawn", "C"),)))
    # Without C: column 1: nobody (3 of 5). Column 2: A 3, sum 5; D 3, sum 4: D, A; B.
    assert rows(outcome) == [(1, "D", "1"), (2, "A", "2"), (3, "B", "3"), (None, "C", None), (None, "E", None)]
    assert {s.entry: s.status for s in outcome.standings if s.status} == {"C": "withdrawn", "E": "incomplete"}


def test_a_judge_who_did_not_place_everybody_is_passed_over():
    # J4 is recused for A: the other four judges decide. Majority 3. A 2 4 1 2, B 4 2 3 4, C 3 3 2 1, D 1 1 4 3.
    # Column 2: A 3 → place 1. Column 3: C 4, D 3: C, D. Column 4: B.
    outcome = compute(rules(1), facts(PUBLISHED, (ruling("recused", "A", judge="J4"),)))
    assert rows(outcome) == [(1, "A", "1"), (2, "C", "2"), (3, "D", "3"), (4, "B", "4")]
    assert "舞1：评委 J4 没有给全部参赛者名次，不计" in story(outcome.standings[1].steps, "zh")
    # An absent judge is nobody's: nothing is said about passing over.
    outcome = compute(rules(1), facts(PUBLISHED, (ruling("absent", judge="J4"),)))
    assert [row[1] for row in rows(outcome)] == ["A", "C", "D", "B"]
    told = story(outcome.standings[1].steps, "zh")
    assert told.startswith("评委 J4 缺席，不计入；") and "没有给全部" not in told


def test_nobody_is_left_to_judge():
    every = tuple(ruling("recused", entry, judge=f"J{n}") for n, entry in enumerate("ABCDA", 1))
    outcome = compute(rules(1), facts(PUBLISHED, every))
    assert {s.status for s in outcome.standings} == {"too_few_marks"}


def test_each_division_is_placed_for_itself():
    marks = {"A": ["1 1 2"], "B": ["2 2 1"], "C": ["2 1 2"], "D": ["1 2 1"]}
    outcome = compute(rules(1), facts(marks, divisions="xxyy"))
    assert [(s.division, s.place, s.entry) for s in outcome.standings] == [
        ("x", 1, "A"), ("x", 2, "B"), ("y", 1, "D"), ("y", 2, "C"),
    ]  # fmt: skip


def test_empty_and_waiting_rounds():
    assert rows(compute(rules(1), Facts())) == []
    outcome = compute(rules(1), facts({"A": ["- - -"]}))
    assert [(s.place, s.status) for s in outcome.standings] == [(None, "waiting")]


@pytest.mark.parametrize(
    ("more", "panel", "key"),
    [
        ("", 'take = "majority"\ndrop_high = 1', "panel.drop_high"),
        ("", 'take = "majority"\nround = { decimals = 0, mode = "up" }', "panel.round"),
        ("", 'take = "majority"\nmissing = "zero"', "panel.missing"),
        ("after = [ { floor = 0 } ]", 'take = "majority"', "after"),
        ('ranking = { better = "higher" }', 'take = "majority"', "ranking"),
    ],
)  # fmt: skip
def test_what_does_not_go_with_majority_is_refused(more, panel, key):
    with pytest.raises(RuleFileError) as caught:
        rules(1, more, panel)
    assert caught.value.key == f"rounds.final.{key}"
