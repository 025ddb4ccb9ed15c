"""Several attempts of an entry in a round become one score: which count, what a missing or void one does."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from contest.rules.chain import missing_values
from contest.rules.facts import AdjustmentFact, RulingFact
from contest.rules.numbers import ZERO, mean, shown, total
from contest.rules.outcome import AppliedAdjustment, AttemptScore, EntryScore, Status, Step
from contest.rules.scaling import follow
from contest.rules.shape import Apply, RoundRules
from contest.rules.shape_attempts import AttemptsRule, AttemptsTake, MissingAttempt

if TYPE_CHECKING:
    from contest.rules.scoring import Tally, Try


def of_attempt(round: RoundRules, values: Sequence[AdjustmentFact], attempt: int) -> Sequence[AdjustmentFact]:
    """The values that act on one attempt; a value without a number belongs to the first."""
    if round.attempts is None:
        return values
    return [value for value in values if (value.attempt or 1) == attempt]


def voided(rulings: Sequence[RulingFact]) -> set[int]:
    """The attempts that rulings take away as a whole: void, with the attempt's number and without a judge."""
    return {r.attempt for r in rulings if r.kind == "void" and r.judge is None and r.attempt is not None}


def put_together(tally: Tally, values: Sequence[AdjustmentFact]) -> None:
    """The entry's score out of its attempts, with what happens to them together and the steps that say so."""
    rule = tally.rules.attempts
    if rule is None:
        return
    for attempt in tally.tries:
        tally.steps.append(Step("attempt_void" if attempt.void else "attempt", {"attempt": attempt.attempt}))
        if not attempt.void:
            tally.steps.extend(attempt.steps)
    tally.status = _lacking(tally, rule)
    if tally.status is not None:
        return
    scores = _scores(tally.tries, rule)
    if not scores:
        tally.status = Status.TOO_FEW_MARKS
        tally.steps.append(Step("no_attempt", {}))
        return
    score, tally.counted = _taken(tally, rule, scores)
    lacking = missing_values(rule.adjustments, values)
    if lacking:
        tally.status = Status.INCOMPLETE
        tally.steps.append(Step("value_missing", {"kinds": [kind.title for kind in lacking]}))
        return
    follow(tally, tally, score, rule.after, values)


def _lacking(tally: Tally, rule: AttemptsRule) -> Status | None:
    """Why the attempts cannot be put together yet. An attempt that is marked in part is always waited for."""
    made = [attempt for attempt in tally.tries if not attempt.void]
    begun = [attempt.status for attempt in made if attempt.status not in (None, Status.WAITING)]
    if begun:
        return next(status for status in Status if status in begun)
    waiting = [attempt.attempt for attempt in made if attempt.status is Status.WAITING]
    if made and len(waiting) == len(made):
        return Status.WAITING
    if waiting:
        code = {
            MissingAttempt.INCOMPLETE: "attempts_missing", MissingAttempt.LEAVE_OUT: "attempts_left_out",
            MissingAttempt.ZERO: "attempts_zero",
        }[rule.missing]
        tally.steps.append(Step(code, {"attempts": waiting}))
    return Status.INCOMPLETE if waiting and rule.missing is MissingAttempt.INCOMPLETE else None


def _scores(tries: Sequence[Try], rule: AttemptsRule) -> dict[int, Decimal]:
    """The score of each attempt that is looked at."""
    found: dict[int, Decimal] = {}
    for attempt in tries:
        if attempt.score is not None and not attempt.void:
            found[attempt.attempt] = attempt.score
        elif rule.missing is MissingAttempt.ZERO:
            found[attempt.attempt] = shown(ZERO, rule.places)
    return found


def _taken(tally: Tally, rule: AttemptsRule, scores: dict[int, Decimal]) -> tuple[Decimal, frozenset[int]]:
    """What is made of the scores and which attempts it is made of. Of equal ones the earlier counts."""
    higher = tally.rules.ranking.higher_wins
    ordered = sorted(scores, key=lambda attempt: (-scores[attempt] if higher else scores[attempt], attempt))
    places = tally.rules.places
    if rule.take in (AttemptsTake.SUM, AttemptsTake.MEAN):
        counted = sorted(ordered[:rule.best_of])
        value = (total if rule.take is AttemptsTake.SUM else mean)([scores[attempt] for attempt in counted])
        if rule.rounding is not None:
            value = rule.rounding.apply(value)
        some = "_best" if len(counted) < len(scores) else ""
        said = {"count": len(counted), "value": shown(value, places), **({"attempts": counted} if some else {})}
        tally.steps.append(Step(f"attempts_{rule.take}{some}", said))
        return value, frozenset(counted)
    chosen = {AttemptsTake.BEST: ordered[0], AttemptsTake.LAST: max(scores)}.get(rule.take, ordered[-1])
    value = scores[chosen] if rule.rounding is None else rule.rounding.apply(scores[chosen])
    tally.steps.append(Step(f"attempts_{rule.take}", {"attempt": chosen, "value": shown(value, places)}))
    return value, frozenset({chosen})


def score_of_attempts(tally: Tally) -> EntryScore:
    """The entry with all its attempts. Sheets, components and panel are those of the best attempt that counts."""
    attempts = tuple(
        AttemptScore(
            each.attempt, () if each.panel is None else each.panel.sheets,
            () if each.panel is None else each.panel.components, None if each.panel is None else each.panel.score,
            each.applied, None if each.void else each.score, each.attempt in tally.counted, each.measured,
        )
        for each in tally.tries
    )
    sign = 1 if tally.rules.ranking.higher_wins else -1
    counted = [each for each in attempts if each.counted and each.score is not None]
    best = max(counted, key=lambda each: (sign * (each.score or ZERO), -each.attempt), default=None)
    own = _applied(tally.rules, counted)
    if best is None:
        return EntryScore((), (), None, (*own, *tally.applied), tally.score, attempts)
    groups = next(each.groups for each in tally.tries if each.attempt == best.attempt)
    return EntryScore(
        best.sheets, best.components, best.panel, (*own, *tally.applied), tally.score, attempts, groups, best.measured,
    )


def _applied(round: RoundRules, counted: Sequence[AttemptScore]) -> tuple[AppliedAdjustment, ...]:
    """What each kind did in the attempts that count: values that are added, together; a factor, where one counts."""
    if len(counted) == 1:
        return counted[0].adjustments
    found: dict[str, Decimal] = {}
    for each in counted:
        for applied in each.adjustments:
            found[applied.kind] = found.get(applied.kind, ZERO) + applied.value
    adding = {kind.id for kind in round.adjustments if kind.apply is Apply.ADD}
    return tuple(AppliedAdjustment(kind, value) for kind, value in found.items() if kind in adding)
