"""How strict each judge is, by least squares: x = mu + entry + judge + error, the judges' effects adding up to 0.

Putting the best entry effects into the sum of squares leaves one equation per judge (the reduced normal equations):

    sum over j's entries i of (b_j - mean of b over the judges of i)  =  sum over them of (x_ij - mean of x of i)

They have one solution, up to a constant, exactly where the judges are connected through entries that they share.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Context, Decimal

from contest.rules.numbers import FINE, ZERO

ROUGH = Context(prec=28)
NEAR_ENOUGH = Decimal(1).scaleb(-105)
MOST_REFINEMENTS = 20
Item = Sequence[tuple[str, Decimal]]
# A judge, what stands before that judge's effect, and the neighbours' cells of the same equation.
Factor = tuple[str, Decimal, dict[str, Decimal]]


def judge_effects(items: Sequence[Item]) -> dict[str, Decimal] | None:
    """Each judge's effect (above 0: mild), to more than a hundred digits; None where judges are unconnected.

    An item is one thing that was marked: (judge, mark) of everybody who marked it.
    """
    if not _connected(items):
        return None
    factors = _factors(items)
    effects = dict.fromkeys(sorted({judge for item in items for judge, _ in item}), ZERO)
    # A solution of 28 digits is quick; what it leaves unexplained is solved again, which adds twenty digits or more.
    for _ in range(MOST_REFINEMENTS):
        left = _unexplained(items, effects)
        if all(abs(value) < NEAR_ENOUGH for value in left.values()):
            break
        for name, more in _solved(factors, left).items():
            effects[name] = FINE.add(effects[name], more)
    shift = FINE.divide(sum(effects.values(), ZERO), Decimal(len(effects))) if effects else ZERO
    return {name: FINE.subtract(effect, shift) for name, effect in effects.items()}


def _unexplained(items: Sequence[Item], effects: dict[str, Decimal]) -> dict[str, Decimal]:
    """What is left of each judge's equation: the marks without the effects, less the mean of theirs in each item."""
    left = dict.fromkeys(effects, ZERO)
    for item in items:
        cleared = [FINE.subtract(mark, effects[judge]) for judge, mark in item]
        whole = ZERO
        for mark in cleared:
            whole = FINE.add(whole, mark)
        mean = FINE.divide(whole, Decimal(len(item)))
        for (judge, _), mark in zip(item, cleared, strict=True):
            left[judge] = FINE.add(left[judge], FINE.subtract(mark, mean))
    return left


def _connected(items: Sequence[Item]) -> bool:
    """Whether every judge can be reached from every other through shared items."""
    group: dict[str, str] = {}

    def root(name: str) -> str:
        while group.setdefault(name, name) != name:
            group[name] = group[group[name]]
            name = group[name]
        return name

    for item in items:
        first = root(item[0][0])
        for judge, _ in item[1:]:
            group[root(judge)] = first
            first = root(first)
    return len({root(name) for name in list(group)}) <= 1


def _factors(items: Sequence[Item]) -> list[Factor]:
    """The equations taken apart once, the judge of the fewest neighbours first, which keeps a thin graph thin.

    They are symmetric and, without the last judge, positive definite: no pivoting is needed.
    """
    rows: dict[str, dict[str, Decimal]] = {judge: {judge: ZERO} for item in items for judge, _ in item}
    for judges, times in Counter(tuple(sorted(judge for judge, _ in item)) for item in items).items():
        part = ROUGH.divide(Decimal(times), Decimal(len(judges)))
        for judge in judges:
            row = rows[judge]
            row[judge] = ROUGH.add(row[judge], Decimal(times))
            for other in judges:
                row[other] = ROUGH.subtract(row.get(other, ZERO), part)
    found: list[Factor] = []
    subtract, multiply = ROUGH.subtract, ROUGH.multiply
    while len(rows) > 1:
        name = min(rows, key=lambda judge: (len(rows[judge]), judge))
        row = rows.pop(name)
        pivot = row.pop(name)
        found.append((name, pivot, row))
        others = sorted(row)
        for at, other in enumerate(others):
            target = rows[other]
            del target[name]
            factor = ROUGH.divide(row[other], pivot)
            for third in others[at:]:
                value = subtract(target.get(third, ZERO), multiply(factor, row[third]))
                target[third] = value
                rows[third][other] = value
    found.extend((name, ZERO, {}) for name in rows)
    return found


def _solved(factors: Sequence[Factor], right: dict[str, Decimal]) -> dict[str, Decimal]:
    """One rough solution; the judge who was taken last has the effect 0."""
    right = dict(right)
    for name, pivot, row in factors[:-1]:
        share = ROUGH.divide(right[name], pivot)
        for other, cell in row.items():
            right[other] = ROUGH.subtract(right[other], ROUGH.multiply(cell, share))
    effects: dict[str, Decimal] = {}
    for name, pivot, row in reversed(factors):
        value = right[name]
        for other, cell in row.items():
            value = ROUGH.subtract(value, ROUGH.multiply(cell, effects[other]))
        effects[name] = ROUGH.divide(value, pivot) if pivot else ZERO
    return effects
