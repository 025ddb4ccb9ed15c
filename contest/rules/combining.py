"""The contest's result out of several rounds: what is made of their scores, what a missed round does, who is below."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from contest.rules.chain import limits
from contest.rules.memory import Memory
from contest.rules.numbers import EXACT, ONE, ZERO, Rounding, shown, total
from contest.rules.outcome import EntryScore, Status, Step
from contest.rules.scoring import Ranked, Scored
from contest.rules.shape import Rules
from contest.rules.shape_chain import last_rounding
from contest.rules.shape_result import BelowTake, MissedRound, ResultTake

# Where a rule leaves a missed round out, an entry that withdrew from that round has missed it, no more.
MISSED = (Status.WITHDRAWN, Status.MISSED_ROUND)


def combined(rules: Rules, scored: Mapping[str, Scored], memory: Memory) -> tuple[Ranked, ...]:
    """Every entry of the deciding rounds with its result, and those who did not go on in a block below."""
    found: dict[str, dict[str, Ranked]] = {}
    for id in rules.result.rounds:
        for ranked in scored[id].ranked:
            found.setdefault(ranked.entry, {})[id] = ranked
    order = list(rules.rounds)
    result = []
    for block, by in enumerate(rules.result.not_advanced, start=1):
        later = {
            entry for id in (*rules.result.rounds, *rules.result.not_advanced) if order.index(id) > order.index(by)
            for entry in _entries(scored[id])
        }
        for ranked in scored[by].ranked:
            if ranked.entry not in later:
                found.pop(ranked.entry, None)
                score = scored[by].scores[ranked.entry]
                result.append(memory.call(ranked.entry, _below, rules, by, block, ranked, score))
    return (*(memory.call(entry, _combine, rules, parts) for entry, parts in found.items()), *result)


def _entries(scored: Scored) -> set[str]:
    return {ranked.entry for ranked in scored.ranked}


def _below(rules: Rules, by: str, block: int, ranked: Ranked, score: EntryScore) -> Ranked:
    """An entry that was in no later round: ranked below all that were, by what it did in the round `by`."""
    title = rules.rounds[by].title
    steps = [Step("in_round", {"round": title}), *ranked.steps]
    value = ranked.score
    if value is not None:
        steps.append(Step("not_advanced", {"round": title}))
        if rules.result.below is BelowTake.SHEET_SUM:
            value = total([s.counted for s in score.sheets if s.counted is not None and s.dropped is None])
            value = shown(value, rules.rounds[by].places)
            steps.append(Step("sheet_sum", {"value": value}))
    return Ranked(
        ranked.entry, ranked.label, ranked.division, ranked.running, value, ranked.status, tuple(steps), block=block,
    )


def _combine(rules: Rules, parts: Mapping[str, Ranked]) -> Ranked:
    result = rules.result
    latest = [parts[id] for id in result.rounds if id in parts][-1]
    steps: list[Step] = []
    for id, part in parts.items():
        if len(result.rounds) > 1:
            steps.append(Step("in_round", {"round": rules.rounds[id].title}))
        steps.extend(part.steps)
    missed = [id for id in result.rounds if id not in parts]
    statuses = [part.status for part in parts.values() if part.status is not None]
    if result.missing is not MissedRound.OUT and any(part.score is not None for part in parts.values()):
        missed = [id for id in result.rounds if id not in parts or parts[id].status in MISSED]
        statuses = [status for status in statuses if status not in MISSED]
    if missed:
        titles = {"rounds": [rules.rounds[id].title for id in missed]}
        if result.missing is MissedRound.OUT:
            statuses.append(Status.MISSED_ROUND)
            steps.append(Step("missed_round", titles))
        else:
            steps.append(Step(f"missed_round_{result.missing}", titles))
    status = next((status for status in Status if status in statuses), None)
    score = None
    if status is None and len(result.rounds) == 1:
        score = latest.score
    elif status is None:
        score, said = _of_rounds(rules, parts)
        steps.extend(said)
    order = latest.order if len(result.rounds) == 1 else None
    return Ranked(latest.entry, latest.label, latest.division, latest.running, score, status, tuple(steps), order)


def _of_rounds(rules: Rules, parts: Mapping[str, Ranked]) -> tuple[Decimal, list[Step]]:
    """The score out of the rounds the entry was in (a missed one is 0 where the rules say so), with the steps."""
    result = rules.result
    own: dict[str, Decimal] = {}
    for id in result.rounds:
        score = parts[id].score if id in parts else None
        if score is not None:
            own[id] = score
        elif result.missing is MissedRound.ZERO:
            own[id] = shown(ZERO, rules.rounds[id].places)
    weights = {id: ONE if result.weights is None else result.weights[id] for id in own}
    weighted = {id: EXACT.multiply(own[id], weights[id]) for id in own}
    counted = _counted(rules, weighted)
    steps = [
        _round_step(rules, id, own[id], weighted[id]) if id in counted
        else Step("round_dropped", {"round": rules.rounds[id].title, "score": own[id]})
        for id in own
    ]
    score = total([weighted[id] for id in counted])
    if result.take is ResultTake.MEAN:
        score = EXACT.divide(score, total([weights[id] for id in counted]))
    if result.rounding is not None:
        score = result.rounding.apply(score)
    places = _result_places(rules, result.rounding)
    if result.take is ResultTake.MEAN:
        steps.append(Step("rounds_mean", {"value": shown(score, places)}))
    score, said = limits(result.after, score, places)
    score = shown(score, places)
    return score, [*steps, *said, Step("result_score", {"score": score})]


def _round_step(rules: Rules, id: str, own: Decimal, weighted: Decimal) -> Step:
    args = {"round": rules.rounds[id].title, "score": own}
    if rules.result.weights is None:
        return Step("round_score", args)
    return Step("round_weighted", {
        **args, "weight": shown(rules.result.weights[id], 0), "value": shown(weighted, 0),
    })


def _counted(rules: Rules, weighted: Mapping[str, Decimal]) -> Sequence[str]:
    """The rounds that count, in their order: all, the best so many, the best one or the last. Of equals the earlier."""
    result, ids = rules.result, list(weighted)
    if result.take is ResultTake.LAST:
        return ids[-1:]
    most = 1 if result.take is ResultTake.BEST else result.best
    if most is None:
        return ids
    best_first = sorted(ids, key=lambda id: -weighted[id] if result.ranking.higher_wins else weighted[id])
    return [id for id in ids if id in best_first[:most]]


def _result_places(rules: Rules, rounding: Rounding | None) -> int:
    last = last_rounding(rules.result.after) or rounding
    return last.decimals if last is not None else max(rules.rounds[id].places for id in rules.result.rounds)
