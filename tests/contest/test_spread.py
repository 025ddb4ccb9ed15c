"""Range, deviation, marks far from the others and standard scores, each worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contest.analysis.marks import Given
from contest.analysis.spread import Far, distances, figures, mean, median, sample_deviation, standard_scores


def numbers(text: str) -> list[Decimal]:
    return [Decimal(word) for word in text.split()]


def table(**entries: str) -> dict[str, list[Given]]:
    """Entries with the marks of J1, J2, …; a dash is a mark not given."""
    return {
        entry: [Given(f"J{at}", str(at), Decimal(m), None) for at, m in enumerate(marks.split(), 1) if m != "-"]
        for entry, marks in entries.items()
    }


def test_an_entrys_marks_in_figures():
    found = figures(numbers("91.00 88.50 95.00 89.00 82.50 90.00 87.50"))
    assert (found.count, found.median, found.least, found.most, found.range) == (
        7, Decimal("89.00"), Decimal("82.50"), Decimal("95.00"), Decimal("12.50"))
    assert found.trimmed == Decimal("89.2")
    assert round(found.mean, 4) == Decimal("89.0714")
    # The squares of the distances from the mean add up to 600/7; divided by 6 and rooted: sqrt(100/7).
    assert round(found.deviation, 6) == Decimal("3.779645")


def test_figures_of_few_marks_leave_out_what_they_cannot_say():
    two = figures(numbers("80 90"))
    assert (two.trimmed, two.median, round(two.deviation, 4)) == (None, Decimal(85), Decimal("7.0711"))
    one = figures(numbers("80"))
    assert (one.deviation, one.range) == (None, 0)
    assert sample_deviation([]) is None
    with pytest.raises(ValueError, match="no marks"):
        figures([])


def test_the_median_of_an_even_number_lies_between():
    assert (median(numbers("3 1 2")), median(numbers("4 1 3 2"))) == (Decimal(2), Decimal("2.5"))
    assert mean(numbers("1 2 2")) == Decimal("1.66666666666666666666666666667")


def test_a_mark_is_far_when_it_is_four_usual_distances_from_the_others_median():
    # Distances: A 2 1 1 9, B and C 2 1 1 2; the middle of the twelve is 1.5, so far begins above 6.
    found = distances(table(a="80 81 82 90", b="70 71 72 73", c="70 71 72 73"))
    assert (found.usual, found.limit) == (Decimal("1.5"), Decimal("6.0"))
    assert found.far == {"a": [Far("J4", Decimal(90), Decimal(81))]}


def test_exactly_four_usual_distances_is_not_far():
    found = distances(table(a="80 81 82 87", b="70 71 72 73", c="70 71 72 73"))
    assert (found.limit, found.far) == (Decimal("6.0"), {})


def test_nothing_is_far_among_few_marks_or_equal_ones():
    assert distances(table(a="80 81 82 99", b="70 71 72 73")).usual is None
    assert distances(table(a="80 80 99", b="70 70 70", c="70 70 70", d="70 70 70")).limit is None
    equal = distances(table(a="80 80 80 80", b="70 70 70 99", c="70 70 70 70"))
    assert (equal.usual, equal.far) == (None, {})


def test_standard_scores_of_one_judge():
    # Raw 82 75 90 68: mean 78.75, sample deviation 9.42956.
    found = standard_scores(table(a="82", b="75", c="90", d="68"))
    assert {entry: round(value, 2) for entry, value in found.items()} == {
        "a": Decimal("53.45"), "b": Decimal("46.02"), "c": Decimal("61.93"), "d": Decimal("38.60")}


def test_a_judge_without_a_scale_is_left_out_of_the_standard_score():
    # J2 gave everybody the same, J3 marked two entries only: J1 alone decides, and d has no score at all.
    found = standard_scores(table(a="82 70 90", b="75 70 60", c="90 70 -", d="- 70 -"))
    alone = standard_scores(table(a="82", b="75", c="90"))
    assert found == alone and "d" not in found
