"""Severity, rank correlation and Krippendorff's alpha: worked by hand and against published examples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.analysis.agreement import Alpha, Judge, alpha, correlation, judges, ranks, spearman
from contest.analysis.marks import Given
from tests.contest.test_spread import numbers, table

# Twelve units, four observers: Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C.
TWELVE = (
    "1 2 3 3 2 1 4 1 2 - - -", "1 2 3 3 2 2 4 1 2 5 - 3", "- 3 3 3 2 3 4 2 2 5 1 -", "1 2 3 3 2 4 4 1 2 5 1 -",
)  # fmt: skip
# Fifteen units, three coders: the computational example of Wikipedia, "Krippendorff's alpha".
FIFTEEN = (
    "- - - - - 3 4 1 2 1 1 3 3 - 3", "1 - 2 1 3 3 4 3 - - - - - - -", "- - 2 1 3 4 4 - 2 1 1 3 3 - 4",
)  # fmt: skip


def of_coders(*rows: str) -> dict[str, list[Given]]:
    """A table of marks out of one row per judge."""
    units = zip(*(row.split() for row in rows), strict=True)
    return table(**{f"u{at}": " ".join(unit) for at, unit in enumerate(units)})


@pytest.mark.parametrize(
    ("rows", "published", "entries", "marks"), [(TWELVE, "0.849", 11, 40), (FIFTEEN, "0.811", 12, 26)]
)
def test_alpha_agrees_with_the_published_examples(rows, published, entries, marks):
    found = alpha(of_coders(*rows))
    assert (round(found.value, 3), found.entries, found.marks) == (Decimal(published), entries, marks)


def test_alpha_by_hand():
    # Five entries, J2 always one above J1: observed 1; of 1 2 2 3 3 4 4 5 5 6 the squares are 22.5, so expected is 5.
    assert alpha(table(a="1 2", b="2 3", c="3 4", d="4 5", e="5 6")) == Alpha(Decimal("0.8"), 5, 10)


def test_alpha_says_nothing_of_few_entries_or_of_marks_that_never_differ():
    assert alpha(table(a="1 2", b="2 3", c="3 4", d="4 5", e="5 -")) == Alpha(None, 4, 8)
    assert alpha(table(a="7 7", b="7 7", c="7 7", d="7 7", e="7 7")) == Alpha(None, 5, 10)
    assert alpha({}) == Alpha(None, 0, 0)


def test_equal_values_share_the_mean_of_their_ranks():
    assert ranks(numbers("20 10 20 30 10")) == numbers("3.5 1.5 3.5 5 1.5")


def test_spearman_of_the_textbook_and_with_ties():
    # IQ and hours of television, ten people: rho = -29/165 (Wikipedia, "Spearman's rank correlation coefficient").
    iq, hours = numbers("106 86 100 101 99 103 97 113 112 110"), numbers("7 0 27 50 28 29 20 12 6 17")
    assert round(spearman(iq, hours), 6) == Decimal("-0.175758")
    # Ranks 1 2.5 2.5 4 against 1 2 3 4: 4.5 / sqrt(4.5 * 5).
    assert round(spearman(numbers("1 2 2 3"), numbers("1 2 3 4")), 6) == Decimal("0.948683")
    assert correlation(numbers("1 1 1"), numbers("1 2 3")) is None


def test_a_severe_judge_who_ranks_like_the_others():
    # J3 gives 2 less than the mean of J1 and J2 each time; J1 is 1 above the mean of the others, J2 1 above it too.
    found = judges(table(a="80 80 78", b="82 82 80", c="84 84 82", d="86 86 84", e="88 88 86"))
    assert found["J3"] == Judge("J3", 5, 5, Decimal(-2), Decimal(1))
    assert (found["J1"].severity, found["J2"].severity) == (Decimal(1), Decimal(1))


def test_a_judge_with_few_entries_in_common_is_not_spoken_of():
    found = judges(table(a="80 80", b="82 82", c="84 84", d="86 86", e="88 -"))
    assert (found["J1"].marks, found["J1"].shared) == (5, 4)
    assert (found["J1"].severity, found["J1"].correlation) == (None, None)
