"""Scaling to the best of the field: a score becomes a share of the best one, as a step of the chain after the panel."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from contest.rules.chain import run_chain
from contest.rules.facts import AdjustmentFact
from contest.rules.numbers import EXACT, ZERO, shown
from contest.rules.outcome import Step
from contest.rules.shape import ChainStep, RoundRules, Scale, ScaleScope

if TYPE_CHECKING:
    from contest.rules.scoring import Tally, Try


@dataclass(slots=True)
class Unscaled:
    """A score that waits for the rest of the field, with what comes after: first a scaling, then the other links."""

    score: Decimal
    links: Sequence[ChainStep]
    values: Sequence[AdjustmentFact]
    families: dict[str, Decimal] = field(default_factory=dict)


def scales(round: RoundRules) -> bool:
    """Whether a round's score is scaled to the best of the field."""
    links = round.after if round.attempts is None else round.attempts.after
    return any(isinstance(link, Scale) for link in links)


def follow(
    tally: Tally, of: Try | Tally, score: Decimal, links: Sequence[ChainStep], values: Sequence[AdjustmentFact],
    families: dict[str, Decimal] | None = None,
) -> None:
    """Follow the chain of an entry as far as a scaling, which waits for the field, or to its end."""
    families = {} if families is None else families
    stop = next((at for at, link in enumerate(links) if isinstance(link, Scale)), len(links))
    score, applied, said = run_chain(tally.rules, links[:stop], score, values, tally.rules.places, families)
    of.applied = (*of.applied, *applied)
    of.steps.extend(said)
    if stop < len(links):
        of.unscaled = Unscaled(score, links[stop:], values, families)
        return
    of.unscaled = None
    of.score = shown(score, tally.rules.places)
    of.steps.append(Step("score", {"score": of.score}))


def scale_field(tallies: Sequence[Tally]) -> None:
    """Scale every score that waits, and follow its chain further; a chain may scale more than once.

    The best is that of the round or of the division, as the step says, among those who have not left the contest.
    """
    while waiting := [(t, of) for t in tallies if (of := _whole(t)).unscaled is not None]:
        best: dict[tuple[str | None, bool], Decimal] = {}
        for tally, of in waiting:
            if of.unscaled is None or (tally.left is not None and any(t.left is None for t, _ in waiting)):
                continue
            key, score = _field(tally, of.unscaled), of.unscaled.score
            known = best.get(key)
            best[key] = score if known is None else (max if key[1] else min)(known, score)
        for tally, of in waiting:
            if of.unscaled is not None:
                one = of.unscaled
                _scale(tally, of, one, best.get(_field(tally, one), one.score))


def _whole(tally: Tally) -> Try | Tally:
    """What becomes the score of the round: all attempts together, or the only one."""
    return tally if tally.rules.attempts is not None else tally.tries[0]


def _field(tally: Tally, one: Unscaled) -> tuple[str | None, bool]:
    link = one.links[0]
    in_division = isinstance(link, Scale) and link.scope is ScaleScope.DIVISION
    return (tally.division or "" if in_division else None), not isinstance(link, Scale) or link.higher_wins


def _scale(tally: Tally, of: Try | Tally, one: Unscaled, best: Decimal) -> None:
    link, rest = one.links[0], one.links[1:]
    if not isinstance(link, Scale):
        return
    value = link.rounding.apply(_scaled(link, one.score, best))
    args = {
        "before": shown(one.score, 0), "best": shown(best, 0), "to": shown(link.to, 0),
        "value": shown(value, tally.rules.places),
    }
    if best <= 0 and link.higher_wins:
        of.steps.append(Step("scaled_zero", args))
    else:
        of.steps.append(Step("scaled" if link.higher_wins else "scaled_lower", args))
    follow(tally, of, value, rest, one.values, one.families)


def _scaled(link: Scale, score: Decimal, best: Decimal) -> Decimal:
    """score ÷ best × to (Odyssey of the Mind's scoring: raw ÷ best raw × 200); where less is better, best ÷ score × to.

    A best of 0 gives 0 to everyone; where less is better, who has the best gets the whole and a 0 beats all others, and
    so does one who was better than that and has left the contest.
    """
    if link.higher_wins:
        return EXACT.divide(EXACT.multiply(score, link.to), best) if best > 0 else ZERO
    if score <= best:
        return link.to
    return EXACT.divide(EXACT.multiply(best, link.to), score) if best > 0 else ZERO
