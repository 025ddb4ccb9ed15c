"""Small contests for the tests of the rules: one criterion, sheets written as lists of marks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    Outcome,
    Rules,
    RulingFact,
    SittingFact,
    read_rules,
)

PROJECT = Path(__file__).resolve().parents[2]
FIXTURES = Path(__file__).with_name("fixtures")

ONE_ROUND = """
format = 1
title = "Contest"
[criteria.lecture]
title = "Lecture"
max = 100
step = 0.01
[adjustments.quiz]
title = "Quiz"
max = 0
sum_min = -2
[adjustments.late]
title = "Late"
max = 0
family = "time"
[adjustments.over]
title = "Overtime"
max = 0
family = "time"
[adjustments.bonus]
title = "Bonus"
min = 0
[adjustments.factor]
title = "Difficulty"
apply = "multiply"
min = 0.5
max = 2
step = 0.1
[rounds.final]
title = "Final"
criteria = ["lecture"]
after = AFTER
tie_break = TIES
families = { time = { title = "Time", sum_min = -2 } }
[rounds.final.panel]
PANEL
"""
PANEL = 'size = 7\ndrop_high = 1\ndrop_low = 1\ntake = "mean"\nround = { decimals = 2, mode = "half_up" }'
LECTURE_TIES = '[ { by = "marks", of = "all", from = 2 }, { by = "lots" } ]'


def one_round(
    panel: str = PANEL,
    ties: str = LECTURE_TIES,
    after: str = '[ { adjust = ["quiz", "late", "over", "bonus"] } ]',
) -> Rules:
    """One round of one criterion to 100, seven judges, one high and one low sheet dropped, unless told otherwise."""
    return read_rules(ONE_ROUND.replace("PANEL", panel).replace("TIES", ties).replace("AFTER", after).encode())


def marks_of(
    entries: Mapping[str, Sequence[str | None]], round: str = "final", criterion: str = "lecture"
) -> tuple[MarkFact, ...]:
    """Marks of J1, J2, … for each entry; None is a mark not given."""
    return tuple(
        MarkFact(round, entry, f"J{seat}", criterion, None, "mark", Decimal(mark))
        for entry, marks in entries.items()
        for seat, mark in enumerate(marks, start=1)
        if mark is not None
    )


def facts_of(
    entries: Mapping[str, Sequence[str | None]],
    adjustments: Sequence[tuple[str, str, str]] = (),
    rulings: Sequence[RulingFact] = (),
    divisions: Mapping[str, str] | None = None,
    sittings: Sequence[SittingFact] | None = None,
    judges: int = 7,
) -> Facts:
    """A contest of one round, the entries in running order."""
    return Facts(
        entries=tuple(EntryFact(entry, (divisions or {}).get(entry)) for entry in entries),
        appearances=tuple(AppearanceFact("final", entry, order) for order, entry in enumerate(entries, start=1)),
        sittings=tuple(sittings)
        if sittings is not None
        else tuple(SittingFact("final", None, f"J{seat}", str(seat)) for seat in range(1, judges + 1)),
        marks=marks_of(entries),
        adjustments=tuple(
            AdjustmentFact("final", entry, None, None, kind, Decimal(value)) for entry, kind, value in adjustments
        ),
        rulings=tuple(rulings),
    )


def ruling(
    kind: str,
    entry: str | None = None,
    judge: str | None = None,
    value: str | None = None,
    criterion: str | None = None,
    round: str | None = "final",
) -> RulingFact:
    """A ruling of the only round."""
    return RulingFact(round, entry, None, judge, criterion, kind, value)


def table(outcome: Outcome) -> list[tuple[int | None, str, str | None, str | None]]:
    """The standings as (place, entry, score, status)."""
    return [(s.place, s.entry, None if s.score is None else format(s.score, "f"), s.status) for s in outcome.standings]


def codes(outcome: Outcome, entry: str) -> list[str]:
    """The codes of an entry's steps."""
    return [step.code for s in outcome.standings if s.entry == entry for step in s.steps]


SMALL_FOLDER: dict[str, str | bytes] = {
    "entries.csv": "entry,division,unit,name,title\n08,,Unit,Name,Title\n12,,,,\n",
    "appearances.csv": "entry,order,number,panel\n08,1,,\n12,2,,\n",
    "judges.csv": "judge,seat,from,until\nJ1,1,,\nJ2,2,,1\nJ2b,2,2,\n",
    "marks.csv": "entry,judge,mark\n08,J1,90\n08,J2,91.5\n12,J1,80\n12,J2b,81.25\n",
    "adjustments.csv": "entry,kind,value\n08,quiz,-1\n",
    "rulings.csv": "entry,judge,criterion,kind,value\n12,,,withdrawn,\n",
}


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The folder with these files in it."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder
