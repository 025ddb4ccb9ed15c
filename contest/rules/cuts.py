"""Where a ranking is cut: the first so many of it, and what becomes of a place that is shared across the last one."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from contest.rules.numbers import EXACT, Rounding, RoundingMode, shown
from contest.rules.outcome import Standing, Step
from contest.rules.shape import TieBreak
from contest.rules.shape_awards import AwardTies
from contest.rules.standings import Ranking


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of a ranking that has a place. A score of a lower block is on another scale and reaches no line."""

    entry: str
    place: int
    score: Decimal | None

    def reaches(self, least: Decimal, higher_wins: bool) -> bool:
        """Whether the score is at least as good as this one."""
        return self.score is not None and (self.score >= least if higher_wins else self.score <= least)


@dataclass(frozen=True, slots=True)
class Cut:
    """Those above the cut, by place, and the steps that say what a tie at the cut did; none where there was none."""

    rows: list[Placed]
    tie: list[Step]


def placed(standings: Sequence[Standing]) -> list[Placed]:
    """The rows that have a place, by place."""
    rows = [Placed(s.entry, s.place, None if s.block else s.score) for s in standings if s.place is not None]
    return sorted(rows, key=lambda row: (row.place, row.entry))


def cut(
    rows: Sequence[Placed], most: int, ties: AwardTies, chain: tuple[TieBreak, ...], ranking: Ranking,
    by_place: bool = False, prefix: str = "award",
) -> Cut:
    """The first `most` of `rows` (with `by_place`: the places to this one). `prefix` begins the codes of the steps."""
    got: list[Placed] = []
    for place, group in groupby(rows, key=lambda row: row.place):
        sharing = list(group)
        left = most - (place - 1 if by_place else len(got))
        if left <= 0:
            break
        if len(sharing) <= left:
            got += sharing
            continue
        if ties is AwardTies.BREAK:
            more, steps = _broken(sharing, left, chain, ranking, prefix)
            return Cut(got + more, steps)
        extend = ties is AwardTies.EXTEND
        args = {"place": place, "sharing": len(sharing), "count": len(got) + (len(sharing) if extend else 0)}
        got += sharing if extend else []
        return Cut(got, [Step(f"{prefix}_extended" if extend else f"{prefix}_shrunk", args)])
    return Cut(got, [])


def _broken(
    sharing: list[Placed], left: int, chain: tuple[TieBreak, ...], ranking: Ranking, prefix: str,
) -> tuple[list[Placed], list[Step]]:
    """As many of those who share a place as the chain puts first; who is still equal then waits for lots."""
    rows = {row.entry: row for row in sharing}
    place = sharing[0].place
    parts, compared = ranking.parted(list(rows), chain)
    steps = [Step(f"{prefix}_broken", {"place": place, "sharing": len(sharing), "left": left}), *compared]
    got: list[Placed] = []
    for part in parts:
        if len(part) > left - len(got):
            if len(got) < left:
                steps.append(Step(f"{prefix}_lots", {"place": place, "sharing": len(part), "left": left - len(got)}))
            break
        got += [rows[entry] for entry in part]
    return got, steps


def rounded(value: Fraction, mode: RoundingMode) -> int:
    """A number that may not be whole as a whole one: exact, because a quotient is cut so that rounding stays right."""
    return int(Rounding(0, mode).apply(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))))


def written(share: Fraction) -> str:
    """A share as people read it: "10%", or "1/12" where per cent would have no end."""
    percent = 100 * share
    if 10**6 % percent.denominator:
        return f"{share.numerator}/{share.denominator}"
    return f"{format(shown(EXACT.divide(Decimal(percent.numerator), Decimal(percent.denominator)), 0), 'f')}%"
