"""A measured figure with the limit that was measured beside it in the same run, and the table of them."""
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`ours` and `limit` are in the same unit; where more is better the ratio is ours/limit, else limit/ours."""

    what: str
    ours: float
    limit: float
    unit: str
    limit_is: str
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """How much of the limit is reached: 1 is all of it."""
        high, low = (self.ours, self.limit) if self.more_is_better else (self.limit, self.ours)
        return high / low if low else math.inf


def table(figures: Sequence[Figure]) -> str:
    """The figures as the lines of a Markdown table, ratios first."""
    lines = ["| of the limit | what | ours | limit | the limit is |", "|---|---|---|---|---|"]
    for each in figures:
        lines.append(
            f"| {each.ratio:.0%} | {each.what} | {each.ours:.4g} {each.unit} | {each.limit:.4g} {each.unit} "
            f"| {each.limit_is} |"
        )
    return "\n".join(lines)


def percentile(values: Sequence[float], part: int) -> float:
    """By nearest rank; the values need no order."""
    return sorted(values)[math.ceil(len(values) * part / 100) - 1]
