"""What a mark may be: points, places, levels, passed or not; weights of criteria and the total they must reach."""

from decimal import Decimal

import pytest

from contest.rules import AppearanceFact, EntryFact, Facts, MarkError, MarkFact, RuleFileError, compute, read_rules
from contest.rules.folder import read_folder
from tests.rules.making import put, table

# SFIAB: levels 1L, 1M, 1H … 4H count 1 to 12.
LEVELS = ["1L", "1M", "1H", "2L", "2M", "2H", "3L", "3M", "3H", "4L", "4M", "4H"]
FAIR = f"""
format = 1
title = "Fair"
[criteria.thought]
title = "Scientific thought"
kind = "level"
levels = {LEVELS}
WEIGHT
[criteria.logbook]
title = "Logbook"
kind = "pass"
weight = 0
[rounds.talks]
title = "Interviews"
criteria = ["thought", "logbook"]
TOTAL
panel = {{ PANEL }}
tie_break = [ {{ by = "criterion", criterion = "logbook" }} ]
"""
MEAN = 'take = "mean", round = { decimals = 2, mode = "half_up" }'


def fair(weight: str = "", total: str = "", panel: str = MEAN) -> bytes:
    return FAIR.replace("WEIGHT", weight).replace("TOTAL", total).replace("PANEL", panel).encode()


def criterion(text: str) -> bytes:
    """A file with one criterion of these keys."""
    return (
        f'format = 1\ntitle = "x"\n[criteria.a]\ntitle = "A"\n{text}\n'
        f'[rounds.r]\ntitle = "R"\ncriteria = ["a"]\npanel = {{ take = "sum" }}\n'
    ).encode()


def test_each_level_counts_its_number_and_may_be_written_as_name_or_number():
    thought = read_rules(fair()).rounds["talks"].criteria[0]
    assert [thought.check(name) for name in LEVELS] == [Decimal(n) for n in range(1, 13)]
    assert thought.check("12") == thought.check("12.00") == 12
    assert (thought.min, thought.max, thought.step) == (1, 12, 1)
    assert [band.title.zh for band in thought.bands] == LEVELS[::-1]
    assert thought.level_of(Decimal(6)).name == "2H" and thought.level_of(Decimal("6.5")) is None


@pytest.mark.parametrize("text", ["5H", "13", "0", "1.5", "1l", "", "NaN"])
def test_what_is_no_level_is_refused_and_the_levels_are_named(text):
    with pytest.raises(MarkError) as caught:
        read_rules(fair()).rounds["talks"].criteria[0].check(text)
    assert caught.value.code == "no_level"
    assert "1L, 1M, 1H" in caught.value.in_("en")


def test_levels_with_numbers_of_their_own_lie_on_the_largest_grid_that_holds_them():
    rules = read_rules(criterion('kind = "level"\nlevels = ["low", "mid", "top"]\nvalues = [0, 2.5, 10]'))
    found = rules.rounds["r"].criteria[0]
    assert (found.min, found.max, found.step, found.check("mid")) == (0, 10, Decimal("2.5"), Decimal("2.5"))
    with pytest.raises(MarkError):
        found.check("5")  # on the grid, but no level


def test_a_pass_is_one_a_fail_is_zero():
    logbook = read_rules(fair()).rounds["talks"].criteria[1]
    assert [logbook.check(text) for text in ("pass", "fail", "1", "0")] == [1, 0, 1, 0]


def test_a_place_is_a_whole_number_from_one():
    place = read_rules(criterion('kind = "rank"\nmax = 6')).rounds["r"].criteria[0]
    assert (place.min, place.max, place.step, place.check("6")) == (1, 6, 1, 6)
    for wrong in ("0", "7", "1.5"):
        with pytest.raises(MarkError):
            place.check(wrong)


MARKS = "entry,judge,criterion,mark\n" + "".join(
    f"{entry},{judge},{name},{mark}\n"
    for entry, judge, name, mark in [
        ("A", "J1", "thought", "3M"),
        ("A", "J1", "logbook", "fail"),
        ("A", "J2", "thought", "4L"),
        ("A", "J2", "logbook", "pass"),
        ("B", "J1", "thought", "8"),
        ("B", "J1", "logbook", "1"),
        ("B", "J2", "thought", "4L"),
        ("B", "J2", "logbook", "pass"),
    ]
)


def test_a_weight_of_zero_is_not_counted_and_still_breaks_ties(tmp_path):
    """Levels 3M = 8 and 4L = 10, mean 9; with weight 2 it is 18. B's logbook passed twice, A's once."""
    for weight, score in (("", "9.00"), ("weight = 2", "18.00")):
        for panel in (MEAN, 'of = "criteria", ' + MEAN):
            data = fair(weight, panel=panel)
            folder = put(tmp_path, {"rules.toml": data, "entries.csv": "entry\nA\nB\n", "marks.csv": MARKS})
            outcome = compute(read_rules(data), read_folder(folder))
            assert table(outcome) == [(1, "B", score, None), (2, "A", score, None)]


def test_a_weight_multiplies_each_mark_of_a_sheet():
    data = criterion('max = 10\nstep = 0.5\nweight = 1.5').replace(
        b'[rounds.r]', b'[criteria.b]\ntitle = "B"\nmax = 10\nstep = 1\n[rounds.r]'
    ).replace(b'criteria = ["a"]', b'criteria = ["a", "b"]\ntotal = 25')
    rules = read_rules(data)
    marks = [("a", "8.5"), ("b", "9")]  # 8.5 × 1.5 + 9 = 21.75
    facts = Facts(
        entries=(EntryFact("01"),),
        appearances=(AppearanceFact("r", "01", 1),),
        marks=tuple(MarkFact("r", "01", "J1", name, None, "mark", Decimal(mark)) for name, mark in marks),
    )
    outcome = compute(rules, facts)
    assert outcome.rounds["r"].scores["01"].sheets[0].total == Decimal("21.75")
    assert rules.rounds["r"].sheet_max == 25


def test_weights_that_miss_the_total_are_an_error_that_names_both_numbers():
    assert read_rules(fair("weight = 2.5", "total = 30")).rounds["talks"].sheet_max == 30
    with pytest.raises(RuleFileError) as caught:
        read_rules(fair("weight = 2.5", "total = 100"))
    assert caught.value.key == "rounds.talks.total"
    assert "100" in caught.value.in_("en") and " 30" in caught.value.in_("en")
    with pytest.raises(RuleFileError):
        read_rules(fair("weight = 2.5", "total = 29", 'of = "criteria", ' + MEAN))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('kind = "grade"\nmax = 10\nstep = 1', "kind"),
        ('kind = "rank"', "max"),
        ('kind = "rank"\nmax = 6\nmin = 0', "min"),
        ('kind = "rank"\nmax = 6\nstep = 0.5', "step"),
        ('kind = "rank"\nmax = 1', "max"),
        ('kind = "rank"\nmax = 6\nbands = []', "bands"),
        ('kind = "level"', "levels"),
        ('kind = "level"\nlevels = ["A"]', "levels"),
        ('kind = "level"\nlevels = ["A", "A"]', "levels[1]"),
        ('kind = "level"\nlevels = ["A", " B"]', "levels[1]"),
        ('kind = "level"\nlevels = ["A", 2]', "levels[1]"),
        ('kind = "level"\nlevels = ["A", "B"]\nvalues = [1]', "values"),
        ('kind = "level"\nlevels = ["A", "B"]\nvalues = [2, 1]', "values[1]"),
        ('kind = "level"\nlevels = ["A", "B"]\nvalues = [1, "x"]', "values[1]"),
        ('kind = "level"\nlevels = ["2", "1"]', "levels[0]"),
        ('kind = "level"\nlevels = ["A", "B"]\nmax = 2', "max"),
        ('kind = "pass"\nlevels = ["A", "B"]', "levels"),
        ("max = 10\nstep = 1\nvalues = [1]", "values"),
        ("max = 10\nstep = 1\nweight = -1", "weight"),
        ("max = 10\nstep = 1\nweight = 1001", "weight"),
    ],
)
def test_a_slip_in_a_criterion_is_named(text, key):
    with pytest.raises(RuleFileError) as caught:
        read_rules(criterion(text))
    assert caught.value.key == f"criteria.a.{key}"
    assert len(caught.value.in_("zh").splitlines()) == 1
