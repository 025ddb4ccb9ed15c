"""A made-up contest for any rule file: so many judges, so many entries, and likely marks for all of them. Pure.

Chance is an argument: the same seed makes the same contest.
"""

from __future__ import annotations

from collections.abc import Iterator

from commands.replaying.errors import ReplayError
from contest import sampling
from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    MarkFact,
    RoundRules,
    Rules,
    SittingFact,
)  # fmt: skip

PANEL = "A"


def made_up(rules: Rules, *, judges: int, entries: int, seed: int) -> Facts:
    """The facts of a contest in which one panel of so many judges marks every entry in every judged round.

    Raises ReplayError where tablets could not judge it: a round of several attempts, or no judged round at all.
    """
    for code, round_ in rules.rounds.items():
        if sampling.attempts_of(round_) > 1:
            raise ReplayError(f"the round {code} has several attempts; tablets mark rounds of one attempt only")
    judged = {code: round_ for code, round_ in rules.rounds.items() if round_.is_judged}
    if not judged:
        raise ReplayError("the rule file has no round that judges mark")
    width = len(str(entries))
    codes = [str(number).zfill(width) for number in range(1, entries + 1)]
    seats = [f"J{seat:02d}" for seat in range(1, judges + 1)]
    marks, adjustments = [], []
    for at, entry in enumerate(codes):
        for code, round_ in rules.rounds.items():
            found = sampling.sample_of(round_, judges if code in judged else 0, seed, entry=at)
            marks += list(_marks(code, entry, seats, round_, found))
            adjustments += [AdjustmentFact(code, entry, None, None, kind, value) for kind, value in found.values]
    return Facts(
        entries=tuple(EntryFact(code, None, None, f"选手{code}", f"作品{code}") for code in codes),
        appearances=tuple(
            AppearanceFact(round_, code, at, code, PANEL)
            for round_ in rules.rounds for at, code in enumerate(codes, start=1)
        ),
        sittings=tuple(
            SittingFact(round_, PANEL, judge, str(seat))
            for round_ in judged for seat, judge in enumerate(seats, start=1)
        ),
        marks=tuple(marks), adjustments=tuple(adjustments),
    )  # fmt: skip


def _marks(
    code: str, entry: str, seats: list[str], round_: RoundRules, found: sampling.Sample
) -> Iterator[MarkFact]:
    for number, judge in enumerate(seats, start=1):
        for criterion in round_.criteria if round_.is_judged else ():
            yield MarkFact(code, entry, judge, criterion.id, None, "mark", found.marks[number][criterion.id])
