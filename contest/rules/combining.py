"""The contest's result out of several rounds: sums and weights, what a missed round does, and the steps that say so."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from contest.rules.memory import Memory
from contest.rules.numbers import EXACT, ZERO, Rounding, shown
from contest.rules.outcome import Status, Step
from contest.rules.scoring import Ranked, Scored
from contest.rules.shape import Rules


def combined(rules: Rules, scored: Mapping[str, Scored], memory: Memory) -> tuple[Ranked, ...]:
    """The contest's result out of several rounds: an entry that lacks one of them is outside the ranking."""
    found: dict[str, dict[str, Ranked]] = {}
    for id in rules.result.rounds:
        for ranked in scored[id].ranked:
            found.setdefault(ranked.entry, {})[id] = ranked
    return tuple([memory.call(entry, _combine, rules, parts) for entry, parts in found.items()])


def _combine(rules: Rules, parts: Mapping[str, Ranked]) -> Ranked:
    result = rules.result
    latest = [parts[id] for id in result.rounds if id in parts][-1]
    steps: list[Step] = []
    for id, part in parts.items():
        steps.append(Step("in_round", {"round": rules.rounds[id].title}))
        steps.extend(part.steps)
    statuses = [part.status for part in parts.values() if part.status is not None]
    missed = [rules.rounds[id].title for id in result.rounds if id not in parts]
    if missed:
        statuses.append(Status.MISSED_ROUND)
        steps.append(Step("missed_round", {"rounds": missed}))
    status = next((status for status in Status if status in statuses), None)
    score = None
    if status is None:
        score, said = _sum_of_rounds(rules, parts)
        steps.extend(said)
    return Ranked(latest.entry, latest.label, latest.division, latest.running, score, status, tuple(steps))


def _sum_of_rounds(rules: Rules, parts: Mapping[str, Ranked]) -> tuple[Decimal, list[Step]]:
    result = rules.result
    score = ZERO
    steps: list[Step] = []
    for id in result.rounds:
        own = parts[id].score or ZERO
        args = {"round": rules.rounds[id].title, "score": own}
        if result.weights is None:
            score = EXACT.add(score, own)
            steps.append(Step("round_score", args))
        else:
            weighted = EXACT.multiply(own, result.weights[id])
            score = EXACT.add(score, weighted)
            steps.append(Step("round_weighted", {
                **args, "weight": shown(result.weights[id], 0), "value": shown(weighted, 0),
            }))
    if result.rounding is not None:
        score = result.rounding.apply(score)
    score = shown(score, _result_places(rules, result.rounding))
    return score, [*steps, Step("result_score", {"score": score})]


def _result_places(rules: Rules, rounding: Rounding | None) -> int:
    return rounding.decimals if rounding is not None else max(rules.rounds[id].places for id in rules.result.rounds)
