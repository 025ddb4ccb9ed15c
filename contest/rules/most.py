"""The highest score that a round can give, as far as its rules say: for a promise that weights add up to 100."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contest.rules.numbers import EXACT, ONE, ZERO, total
from contest.rules.shape import Adjust, Apply, Ceiling, ChainStep, PanelOf, Plus, RoundRules, Scale, Take, Times
from contest.rules.shape_attempts import AttemptsTake

PLAIN = (Take.MEAN, Take.MEDIAN)


def most_of(round: RoundRules) -> Decimal | None:
    """The highest score, bonuses of a judged round left aside; None where the rules set no limit."""
    most = _most_of_panel(round)
    most = _after(round, round.after, most)
    if round.attempts is not None:
        if most is not None and round.attempts.take is AttemptsTake.SUM:
            most = EXACT.multiply(most, Decimal(round.attempts.best_of or round.attempts.count))
        most = _after(round, round.attempts.after, most)
    return most


def _most_of_panel(round: RoundRules) -> Decimal | None:
    panel = round.panel
    if not round.is_judged:
        return ZERO
    if round.sheet is not None and (round.sheet.rank or round.sheet.normalise or round.sheet.handed_in):
        return None
    if panel.of is PanelOf.SHEETS:
        most = round.sheet_max
    else:
        most = total([EXACT.multiply(c.max, panel.factors.get(c.id, ONE)) for c in round.criteria if c.weight])
    if panel.take in PLAIN:
        return most
    if panel.take is Take.SUM and panel.size is not None and panel.need is None and most is not None:
        trim = panel.trim_for(panel.size)
        return EXACT.multiply(most, Decimal(panel.size - trim.high - trim.low))
    return None


def _after(round: RoundRules, links: Sequence[ChainStep], most: Decimal | None) -> Decimal | None:
    """The highest score after a chain; a round that is only measured gets it from what may be recorded."""
    for link in links:
        if isinstance(link, Scale):
            most = link.to
        elif isinstance(link, Ceiling):
            most = link.at if most is None else min(most, link.at)
        elif most is None:
            continue
        elif isinstance(link, Times):
            most = EXACT.multiply(most, link.by)
        elif isinstance(link, Plus):
            most = EXACT.add(most, link.add)
        elif isinstance(link, Adjust) and not round.is_judged:
            for id in link.kinds:
                kind = round.adjustment(id)
                if kind is None or most is None:
                    continue
                limit = kind.max if kind.sum_max is None and not kind.is_measured else kind.sum_max
                most = None if limit is None or kind.apply is Apply.MULTIPLY else EXACT.add(most, limit)
    return most
