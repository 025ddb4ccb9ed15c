"""Places from scores: who is placed where, how ties are broken, and why entries share a place."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from contest.rules.outcome import Step
from contest.rules.shape import TieBreak
from contest.rules.ties import TieSource, same_step, split_step, tie_value

Places = Mapping[str, tuple[int, tuple[Step, ...]]]


@dataclass(slots=True)
class Contender:
    """An entry with a score. `label` is what others' stories call it by."""

    entry: str
    label: str
    score: Decimal
    steps: list[Step] = field(default_factory=list)


def places(contenders: Sequence[Contender], chain: tuple[TieBreak, ...], source: TieSource) -> Places:
    """Each entry's place (equal ones share it and the next is skipped: 1, 1, 3) with the steps that decided it."""
    result: dict[str, tuple[int, tuple[Step, ...]]] = {}
    place = 1
    for group in _split(contenders, {contender.entry: contender.score for contender in contenders}, True):
        for settled in break_tie(group, chain, source) if len(group) > 1 else [group]:
            for contender in settled:
                contender.steps.append(Step("placed", {"place": place}))
                result[contender.entry] = (place, tuple(contender.steps))
            place += len(settled)
    return result


def _split(
    contenders: Sequence[Contender], values: Mapping[str, Decimal], higher_wins: bool,
) -> list[list[Contender]]:
    """Groups of equal value, best first; inside a group by entry code, so that the order of input never matters."""
    ordered = sorted(contenders, key=lambda contender: contender.entry)
    ordered.sort(key=lambda contender: values[contender.entry], reverse=higher_wins)
    groups: list[list[Contender]] = []
    for contender in ordered:
        if groups and values[groups[-1][0].entry] == values[contender.entry]:
            groups[-1].append(contender)
        else:
            groups.append([contender])
    return groups


def break_tie(group: list[Contender], chain: tuple[TieBreak, ...], source: TieSource) -> list[list[Contender]]:
    """Groups that still share a place after the whole chain, best first; the comparisons are added to their steps."""
    for contender in group:
        contender.steps.append(Step("tied", {"others": [c.label for c in group if c is not contender]}))
    settled: list[list[Contender]] = []
    # A piece of work: the entries still tied, the link of the chain, the position in it, whether the link split them.
    pending: list[tuple[list[Contender], int, int, bool]] = [(group, 0, 0, False)]
    while pending:
        tied, link, position, told = pending.pop()
        if len(tied) == 1 or link == len(chain):
            if len(tied) > 1:
                for contender in tied:
                    contender.steps.append(Step("shared", {"others": [c.label for c in tied if c is not contender]}))
            settled.append(tied)
            continue
        tie = chain[link]
        entries = [contender.entry for contender in tied]
        values = tie_value(tie, position, entries, source)
        if values is None:
            if not told:
                said = same_step(tie, position, entries, source)
                for contender in tied:
                    contender.steps.append(said)
            pending.append((tied, link + 1, 0, False))
            continue
        parts = _split(tied, values, tie.higher_wins)
        if len(parts) > 1:
            for contender in tied:
                others = [[c.label, values[c.entry]] for c in tied if c is not contender]
                contender.steps.append(split_step(tie, position, values[contender.entry], others, source))
        pending.extend((part, link, position + 1, told or len(parts) > 1) for part in reversed(parts))
    return settled
