"""An entry's marks as a line of dots: where each lies between the round's lowest and highest mark, for inline SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from flask_babel import gettext as _

from contest.analysis.marks import Given
from contest.analysis.spread import mean
from organizer.result_words import Words

# The drawing is this wide, in units of its own; dots keep clear of both ends.
WIDE, EDGE = 140, 6


@dataclass(frozen=True)
class Span:
    """The lowest and highest mark of a round, in points; what every line of dots is drawn to."""

    low: Decimal
    high: Decimal

    def at(self, value: Decimal) -> str:
        """Where a mark lies on the line, in units of the drawing."""
        share = (value - self.low) / (self.high - self.low)
        return f"{EDGE + (WIDE - 2 * EDGE) * share:.1f}"


@dataclass(frozen=True)
class Plot:
    """One entry's dots (where, whether dropped), the tick of what they come to, and all of it in words."""

    dots: Sequence[tuple[str, bool]]
    tick: str | None
    told: str


def span_of(values: Iterable[Decimal]) -> Span | None:
    """The span of all marks in whole points; None without any."""
    there = list(values)
    if not there:
        return None
    low, high = Decimal(floor(min(there))), Decimal(ceil(max(there)))
    return Span(low, high if high > low else low + 1)


def plot(marks: Sequence[Given], span: Span, value: Decimal | None, words: Words) -> Plot:
    """An entry's marks as dots. `value`: what the panel made of them; None: the mean of those that count."""
    counted = [mark.value for mark in marks if mark.dropped is None]
    middle = value if value is not None else mean(counted) if counted else None
    # Hollow dots come last, so that a counted mark of the same value is not hidden under them.
    ordered = sorted(marks, key=lambda mark: mark.dropped is not None)
    counts, is_out = str(_("%(seat)s %(mark)s")), str(_("%(seat)s %(mark)s（去掉）"))
    told = [
        (counts if mark.dropped is None else is_out)
        % {"seat": words.judge(mark.judge), "mark": words.points(mark.value)} for mark in marks
    ]  # fmt: skip
    return Plot(
        [(span.at(mark.value), mark.dropped is not None) for mark in ordered],
        span.at(middle) if middle is not None else None, _("、").join(told),
    )  # fmt: skip

