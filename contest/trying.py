"""Rules tried out: a few made-up entries and a panel's marks, and what the one engine makes of them. Nothing is stored.

Everything here is pure. Times are whole seconds, marks and values exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    EntryScore,
    Facts,
    MarkFact,
    PanelRule,
    RoundRules,
    Rules,
    RulingFact,
    SittingFact,
    Standing,
    compute,
)
from contest.rules.scoring import looks_at_field
from contest.rules.shape import CriterionKind, PanelOf, Take, Trim
from contest.sampling import Marks, Sample, grid, is_allowed

TRIES = 80
LONGEST_TIME = 6 * 3600
_CLOCK = re.compile(r"([0-9]{1,3})[:：'′]([0-5]?[0-9])[\"″]?", re.ASCII)


@dataclass(frozen=True)
class Tried:
    """What came out for a sample: its row of the ranking and its score with all its parts."""

    standing: Standing
    score: EntryScore


def try_out(
    rules: Rules, round_: RoundRules, samples: Sequence[Sample], *, judges: int, absent: Sequence[int] = ()
) -> list[Tried]:
    """The samples judged by `round_` (a round of the rules, perhaps altered), in the order they were given.

    They are called 1, 2, 3 … A judge who is absent counts as ruled absent for everybody.
    """
    codes = [str(at) for at, _sample in enumerate(samples, start=1)]
    here = round_.id
    # The round stands alone here: what a division overrides has been chosen already, and nothing is carried into it.
    altered = replace(rules, rounds={**rules.rounds, here: replace(round_, divisions={}, carry=None)}, awards=())
    of_none = {kind.id for kind in round_.attempts.adjustments} if round_.attempts is not None else set()
    tries = [
        (code, number, part) for code, sample in zip(codes, samples, strict=True)
        for number, part in enumerate((sample, *sample.later), start=1)
    ]  # fmt: skip
    outcome = compute(altered, Facts(
        entries=tuple(EntryFact(code) for code in codes),
        appearances=tuple(AppearanceFact(here, code, at, code) for at, code in enumerate(codes, start=1)),
        sittings=tuple(SittingFact(here, None, str(seat), str(seat)) for seat in range(1, judges + 1)),
        marks=tuple(
            MarkFact(here, code, str(judge), criterion, number, "mark", mark)
            for code, number, part in tries for judge, sheet in part.marks.items() if judge not in absent
            for criterion, mark in sheet.items()
        ),
        adjustments=tuple(
            AdjustmentFact(here, code, None if kind in of_none else number, None, kind, value)
            for code, number, part in tries for kind, value in part.values
        ),
        rulings=tuple(RulingFact(here, None, None, str(judge), None, "absent", None) for judge in absent),
    )).rounds[here]  # fmt: skip
    rows = {standing.entry: standing for standing in outcome.standings}
    return [Tried(rows[code], outcome.scores[code]) for code in codes]


def variants(round_: RoundRules, marks: int) -> Iterator[tuple[str, RoundRules]]:
    """The same round by other rules for this many marks: "drop_0", "drop_1", "drop_2", "median", where they differ.

    Only means and medians are compared: what is a sum or a place would be on another scale.
    """
    panel = round_.panel
    if not round_.is_judged or panel.take not in (Take.MEAN, Take.MEDIAN) or panel.rounding is None:
        return
    plain = panel.drop_beyond is None and not panel.merge_extremes
    now = (panel.take, panel.trim_for(marks)) if plain else None
    for code, take, drop in (
        ("drop_0", Take.MEAN, 0), ("drop_1", Take.MEAN, 1), ("drop_2", Take.MEAN, 2), ("median", Take.MEDIAN, 0)
    ):  # fmt: skip
        trim = Trim(drop, drop)
        if (take, trim) != now and 2 * drop < marks:
            other: PanelRule = replace(
                panel, take=take, trim=trim, by_size={}, min_marks=2 * drop + 1, middle=None, drop_beyond=None,
                merge_extremes=False,
            )  # fmt: skip
            yield code, replace(round_, panel=other)


def needs_field(round_: RoundRules) -> bool:
    """Whether an entry's score depends on the others, so that a trial of one entry alone would say nothing."""
    return looks_at_field(round_) or any(each.kind is CriterionKind.RANK for each in round_.criteria)


def tied_with(rules: Rules, round_: RoundRules, sample: Sample, *, judges: int, absent: Sequence[int] = ()) -> Sample:
    """An entry that ends with the same score by other marks, so that a tie-break has something to decide.

    Where the rules leave no such entry, one with the same marks.
    """
    for marks in _shifted(round_, sample.marks, absent):
        other = replace(sample, marks=marks)
        first, second = try_out(rules, round_, [sample, other], judges=judges, absent=absent)
        score, place = first.standing.score, first.standing.place
        if score is not None and score == second.standing.score and place != second.standing.place:
            return other
    return sample


def seconds_of(text: str) -> int | None:
    """Whole seconds of "4:06" or "246"; None for anything else, and beyond six hours."""
    written = text.strip()
    found = _CLOCK.fullmatch(written)
    if found:
        seconds = int(found[1]) * 60 + int(found[2])
    elif written.isascii() and written.isdigit() and len(written) < 6:
        seconds = int(written)
    else:
        return None
    return seconds if seconds <= LONGEST_TIME else None


def clock_text(seconds: int) -> str:
    """Seconds as the hall reads them: 4:06."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def counted_marks(round_: RoundRules, score: EntryScore) -> list[Decimal]:
    """The sheets that a panel of sheets took its mean or sum of, by seat; empty for any other panel."""
    if round_.panel.of is not PanelOf.SHEETS or round_.panel.take not in (Take.MEAN, Take.SUM) or score.panel is None:
        return []
    return [each.total for each in score.sheets if each.total is not None and each.dropped is None]


def _shifted(round_: RoundRules, marks: Marks, absent: Sequence[int]) -> Iterator[Marks]:
    """The same marks with a little taken from one judge's and given to another's, one pair after the other."""
    judges = sorted((judge for judge in marks if judge not in absent), key=lambda j: -sum(marks[j].values()))
    # What the drops leave alone comes first: there the sum stays, and with it the score.
    extremes, given = {judges[0], judges[-1]} if judges else set(), 0
    for criterion in round_.criteria:
        for width in (2, 1):
            little = grid(criterion) * width
            for up in sorted(judges, key=lambda judge: judge in extremes):
                for down in sorted(judges, key=lambda judge: judge in extremes):
                    if up == down or criterion.id not in marks[up] or criterion.id not in marks[down]:
                        continue
                    raised, lowered = marks[up][criterion.id] + little, marks[down][criterion.id] - little
                    if not (is_allowed(criterion, raised) and is_allowed(criterion, lowered)):
                        continue
                    given += 1
                    if given > TRIES:
                        return
                    changed = {judge: dict(sheet) for judge, sheet in marks.items()}
                    changed[up][criterion.id], changed[down][criterion.id] = raised, lowered
                    yield changed
