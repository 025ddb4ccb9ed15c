"""How strict each judge is, by least squares: x = mu + entry + judge + error, the judges' effects adding up to 0.

Putting the best entry effects into the sum of squares leaves one equation per judge (the reduced normal equations):

    sum over j's entries i of (b_j - mean of b over the judges of i)  =  sum over them of (x_ij - mean of x of i)

They have one solution, up to a constant, exactly where the judges are connected through entries that they share.
"""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from contest.rules.numbers import FINE, ZERO

Item = Sequence[tuple[str, Decimal]]


def judge_effects(items: Sequence[Item]) -> dict[str, Decimal] | None:
    """Each judge's effect (above 0: mild), to 130 digits; None where the judges fall into unconnected groups.

    An item is one thing that was marked: (judge, mark) of everybody who marked it.
    """
    names = sorted({judge for item in items for judge, _ in item})
    if not _connected(items):
        return None
    rows: dict[str, dict[str, Decimal]] = {name: {} for name in names}
    right = dict.fromkeys(names, ZERO)
    for item in items:
        count = Decimal(len(item))
        if len(item) == 1:
            continue
        part = FINE.divide(Decimal(1), count)
        mean = FINE.divide(sum((mark for _, mark in item), ZERO), count)
        for judge, mark in item:
            row = rows[judge]
            right[judge] = FINE.add(right[judge], FINE.subtract(mark, mean))
            row[judge] = FINE.add(row.get(judge, ZERO), Decimal(1))
            for other, _ in item:
                row[other] = FINE.subtract(row.get(other, ZERO), part)
    effects = _solved(names, rows, right)
    shift = FINE.divide(sum(effects.values(), ZERO), Decimal(len(names))) if names else ZERO
    return {name: FINE.subtract(effect, shift) for name, effect in effects.items()}


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


def _solved(
    names: list[str], rows: dict[str, dict[str, Decimal]], right: dict[str, Decimal],
) -> dict[str, Decimal]:
    """Elimination with the judge of the fewest neighbours first, which keeps a thin graph thin; the last effect is 0.

    The equations are symmetric and, without one judge, positive definite: no pivoting is needed.
    """
    left = set(names)
    order: list[tuple[str, dict[str, Decimal], Decimal]] = []
    while len(left) > 1:
        name = min(left, key=lambda other: (len(rows[other]), other))
        left.discard(name)
        row, value = rows.pop(name), right.pop(name)
        pivot = row.pop(name)
        order.append((name, {other: FINE.divide(cell, pivot) for other, cell in row.items()},
                      FINE.divide(value, pivot)))
        for other in row:
            target = rows[other]
            factor = FINE.divide(target.pop(name), pivot)
            for third, cell in row.items():
                target[third] = FINE.subtract(target.get(third, ZERO), FINE.multiply(factor, cell))
            right[other] = FINE.subtract(right[other], FINE.multiply(factor, value))
    effects = dict.fromkeys(left, ZERO)
    for name, row, value in reversed(order):
        for other, cell in row.items():
            value = FINE.subtract(value, FINE.multiply(cell, effects[other]))
        effects[name] = value
    return effects
