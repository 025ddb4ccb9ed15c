"""Carry-over: the scores of other rounds are added to a round's own before it is ranked."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from contest.rules.memory import Memory
from contest.rules.numbers import EXACT, ONE, shown
from contest.rules.outcome import CarriedScore, EntryScore, Status, Step
from contest.rules.scoring import Ranked, Scored
from contest.rules.shape import RoundRules, Rules


def with_carried(rules: Rules, scored: Mapping[str, Scored], memory: Memory) -> Mapping[str, Scored]:
    """The rounds with what is carried into them. What a round carries on is what it gave itself, without the others.

    An entry that has no score in a round that is carried over is outside the ranking.
    """
    if all(round.carry is None for round in rules.rounds.values()):
        return scored
    places = {id: {ranked.entry: ranked for ranked in of.ranked} for id, of in scored.items()}
    found = dict(scored)
    for id, of in scored.items():
        carry = rules.rounds[id].carry
        if carry is None:
            continue
        parts = [
            memory.call(
                (id, ranked.entry), _carried, rules, id, ranked, of.scores[ranked.entry],
                tuple([places[other].get(ranked.entry) for other in carry.weights]),
            )
            for ranked in of.ranked
        ]
        found[id] = replace(
            of, ranked=tuple([ranked for ranked, _ in parts]), scores={ranked.entry: score for ranked, score in parts})
    return found


def _carried(
    rules: Rules, id: str, ranked: Ranked, score: EntryScore, parts: tuple[Ranked | None, ...],
) -> tuple[Ranked, EntryScore]:
    """An entry in a round, with its `parts` in the rounds that are carried over, in the order of the rule."""
    carry = rules.rounds[id].carry
    if carry is None or ranked.score is None:
        return ranked, score
    titles = {other: rules.rounds[other].title for other in carry.weights}
    without = [other for other, part in zip(carry.weights, parts, strict=True) if part is None or part.score is None]
    if without:
        said = Step("missed_round", {"rounds": [titles[other] for other in without]})
        return (
            replace(ranked, score=None, status=Status.MISSED_ROUND, steps=(*ranked.steps, said)),
            replace(score, own=score.score, score=None),
        )
    total = ranked.score
    steps: list[Step] = []
    carried = []
    for (other, weight), part in zip(carry.weights.items(), parts, strict=True):
        own = None if part is None else part.score
        if own is None:
            continue
        value = own if weight == ONE else EXACT.multiply(own, weight)
        total = EXACT.add(total, value)
        carried.append(CarriedScore(other, titles[other], value))
        args = {"round": titles[other], "score": own}
        steps.append(Step("carried_over", args) if weight == ONE else Step(
            "carried_weighted", {**args, "weight": shown(weight, 0), "value": shown(value, 0)}))
    if carry.rounding is not None:
        total = carry.rounding.apply(total)
    total = shown(total, _places(rules, id))
    steps.append(Step("carried_score", {"score": total}))
    return (
        replace(ranked, score=total, steps=(*ranked.steps, *steps)),
        replace(score, own=score.score, score=total, carried=tuple(carried)),
    )


def _places(rules: Rules, id: str) -> int:
    """The decimals of a score with what is carried into it."""
    round: RoundRules = rules.rounds[id]
    if round.carry is None:
        return round.places
    if round.carry.rounding is not None:
        return round.carry.rounding.decimals
    return max(round.places, *(rules.rounds[other].places for other in round.carry.weights))
