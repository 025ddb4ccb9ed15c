"""Places from scores: who is placed where, how ties are broken, and why entries share a place."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.rules.memory import Memory
from contest.rules.numbers import EXACT, ZERO, shown
from contest.rules.outcome import Step
from contest.rules.shape import RankingRules, Shared, TieBreak, TieBy
from contest.rules.ties import TieSource, same_step, split_step, tie_value, told_value

# The last link of a chain that must tell everyone apart, where the rule file does not write it itself.
LOTS = TieBreak(TieBy.LOTS, None, 1, None, None, None, False)
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Contender:
    """An entry with a score. `label` is what others' stories call it by; `order`, see Ranked, decides instead of it."""

    entry: str
    label: str
    score: Decimal
    order: Decimal | None = None


# Those who share a place after all comparisons, each with the steps that say what was compared.
Settled = list[tuple[str, tuple[Step, ...]]]


@dataclass(frozen=True, slots=True)
class Place:
    """A place with the steps that decided it. `mean` is there where the rules give shared places their mean."""

    place: int
    mean: Decimal | None
    steps: tuple[Step, ...]


def places(
    contenders: Sequence[Contender], rules: RankingRules, chain: tuple[TieBreak, ...], source: TieSource,
    memory: Memory | None = None, ahead: int = 0, groups: int = 0,
) -> dict[str, Place]:
    """Each entry's place. Equal ones share it, and what comes next is by `rules`: 1, 1, 3; 1.5, 1.5, 3; 1, 1, 2.

    `ahead` entries on `groups` different places are before all of them.
    """
    if rules.forced and not any(tie.by is TieBy.LOTS for tie in chain):
        chain = (*chain, LOTS)
    result: dict[str, Place] = {}
    for group in _by_score(contenders, rules):
        for settled in _settle(group, chain, source, memory or Memory()):
            place = groups + 1 if rules.shared is Shared.DENSE else ahead + 1
            mean = None
            if rules.shared is Shared.MEAN:
                mean = shown(EXACT.add(Decimal(ahead + 1), HALF * (len(settled) - 1)), 0)
            said = [Step("placed", {"place": place})]
            if mean is not None and len(settled) > 1:
                said.append(Step("placed_mean", {"mean": mean}))
            for entry, steps in settled:
                result[entry] = Place(place, mean, (*steps, *said))
            ahead += len(settled)
            groups += 1
    return result


def _settle(
    group: list[Contender], chain: tuple[TieBreak, ...], source: TieSource, memory: Memory,
) -> list[Settled]:
    """Who of those with an equal score shares a place with whom, best first. What a tie came to is remembered."""
    if len(group) == 1:
        return [[(group[0].entry, ())]]
    entries = tuple([contender.entry for contender in group])
    return memory.call((source.own, entries), break_tie, group, chain, source.only(entries))


def _by_score(contenders: Sequence[Contender], rules: RankingRules) -> list[list[Contender]]:
    """Groups of equal score, best first; those whom a method has ordered come by that order, before all others."""
    ordered = [contender for contender in contenders if contender.order is not None]
    scored = [contender for contender in contenders if contender.order is None]
    orders = {c.entry: c.order for c in ordered if c.order is not None}
    return [
        *_split(ordered, orders, False),
        *_split(scored, {contender.entry: contender.score for contender in scored}, rules.higher_wins),
    ]


def _split(
    contenders: Sequence[Contender], values: Mapping[str, Decimal | None], higher_wins: bool,
) -> list[list[Contender]]:
    """Groups of equal value, best first, those without one last; inside a group by entry code, so that the order of
    input never matters.
    """
    ordered = sorted(contenders, key=lambda contender: contender.entry)
    ordered.sort(key=lambda contender: values[contender.entry] or ZERO, reverse=higher_wins)
    ordered.sort(key=lambda contender: values[contender.entry] is None)
    groups: list[list[Contender]] = []
    for contender in ordered:
        if groups and values[groups[-1][0].entry] == values[contender.entry]:
            groups[-1].append(contender)
        else:
            groups.append([contender])
    return groups


def break_tie(group: list[Contender], chain: tuple[TieBreak, ...], source: TieSource) -> list[Settled]:
    """Groups that still share a place after the whole chain, best first, with the comparisons that were made."""
    steps = {c.entry: [Step("tied", {"others": [d.label for d in group if d is not c]})] for c in group}
    settled: list[Settled] = []
    # A piece of work: the entries still tied, the link of the chain, the position in it, whether the link split them.
    pending: list[tuple[list[Contender], int, int, bool]] = [(group, 0, 0, False)]
    while pending:
        tied, link, position, told = pending.pop()
        if len(tied) == 1 or link == len(chain):
            if len(tied) > 1:
                for contender in tied:
                    others = [c.label for c in tied if c is not contender]
                    steps[contender.entry].append(Step("shared", {"others": others}))
            settled.append([(contender.entry, tuple(steps[contender.entry])) for contender in tied])
            continue
        tie = chain[link]
        entries = [contender.entry for contender in tied]
        values = tie_value(tie, position, entries, source)
        if values is None:
            if not told:
                said = same_step(tie, position, entries, source)
                for contender in tied:
                    steps[contender.entry].append(said)
            pending.append((tied, link + 1, 0, False))
            continue
        parts = _split(tied, values, tie.higher_wins)
        if len(parts) > 1:
            said_as = {entry: told_value(tie, value, source) for entry, value in values.items()}
            for contender in tied:
                compared = [[c.label, said_as[c.entry]] for c in tied if c is not contender]
                steps[contender.entry].append(split_step(tie, position, said_as[contender.entry], compared, source))
        pending.extend((part, link, position + 1, told or len(parts) > 1) for part in reversed(parts))
    return settled
