"""Who gets which award: the ranking is walked from the first place down, award after award, each entry gets one."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from contest.rules.numbers import EXACT, Rounding, shown
from contest.rules.outcome import GivenAward, Standing, Step
from contest.rules.shape_awards import AwardRules, AwardSize, AwardTies

# The rankings an award is given out of, each with its division (None: all of them together).
Rankings = Callable[[AwardRules], Sequence[tuple[str | None, Sequence[Standing]]]]


@dataclass(frozen=True, slots=True)
class _Placed:
    entry: str
    place: int
    score: Decimal


def give_awards(awards: Sequence[AwardRules], rankings: Rankings) -> tuple[GivenAward, ...]:
    """Every award of the file in its order, once per ranking it is given out of; one nobody gets is there, empty.

    Whoever is out of the ranking gets none. Those who share a place are never parted.
    """
    given: list[GivenAward] = []
    have: set[str] = set()
    for award in awards:
        for division, standings in rankings(award):
            one = _give(award, division, standings, have)
            have.update(entry for entry, _ in one.entries)
            given.append(one)
    return tuple(given)


def _give(award: AwardRules, division: str | None, standings: Sequence[Standing], have: set[str]) -> GivenAward:
    ranked = [_Placed(s.entry, s.place, s.score) for s in standings if s.place is not None and s.score is not None]
    ranked.sort(key=lambda row: (row.place, row.entry))
    free = [row for row in ranked if row.entry not in have]
    good = [row for row in free if award.min_score is None or row.score >= award.min_score]
    quota = _quota(award, len(ranked), len(free))
    got: list[_Placed] = []
    tie: Step | None = None
    for place, group in groupby(good, key=lambda row: row.place):
        sharing = list(group)
        taken = place - 1 if award.size is AwardSize.TOP else len(got)
        if taken >= quota:
            break
        if taken + len(sharing) > quota:
            tie = _tie(award, got, sharing)
            got += sharing if award.ties is AwardTies.EXTEND else []
            break
        got += sharing
    steps = [_heading(award, len(ranked), quota), _places(got), *([tie] if tie else [])]
    if tie is None and len(good) < len(free) and award.size in (AwardSize.TOP, AwardSize.REST):
        steps.append(Step("award_least", {"least": award.min_score}))
    elif tie is None and award.size is not AwardSize.TOP and len(got) < quota:
        missing = quota - len(got)
        below = len(good) < len(free)
        steps.append(
            Step("award_below", {"least": award.min_score, "missing": missing}) if below
            else Step("award_few", {"missing": missing})
        )
    entries = tuple((row.entry, row.place) for row in got)
    return GivenAward(award.id, award.title, division, quota, entries, tuple(steps))


def _quota(award: AwardRules, ranked: int, free: int) -> int:
    if award.size is AwardSize.REST:
        return free
    if award.mode is None:
        return int(award.number)
    return int(Rounding(0, award.mode).apply(EXACT.multiply(award.number, Decimal(ranked))))


def _heading(award: AwardRules, ranked: int, quota: int) -> Step:
    args = {"award": award.title, "quota": quota}
    if award.size is AwardSize.REST:
        return Step("award_rest", args)
    if award.size is AwardSize.TOP:
        return Step("award_top", args)
    if award.mode is None:
        return Step("award_count", args)
    percent = shown(EXACT.multiply(award.number, Decimal(100)), 0)
    return Step(f"award_share_{award.mode}", {**args, "ranked": ranked, "percent": percent})


def _places(got: Sequence[_Placed]) -> Step:
    if not got:
        return Step("award_vacant", {})
    first, last = got[0].place, got[-1].place
    return Step("award_place", {"first": first}) if first == last else Step(
        "award_places", {"first": first, "last": last})


def _tie(award: AwardRules, got: Sequence[_Placed], sharing: Sequence[_Placed]) -> Step:
    extend = award.ties is AwardTies.EXTEND
    args = {"place": sharing[0].place, "sharing": len(sharing), "count": len(got) + (len(sharing) if extend else 0)}
    return Step("award_extended", args) if extend else Step("award_shrunk", args)
