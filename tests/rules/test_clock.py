"""The clock of a rule file: what it may say, how it is refused, and what a time costs."""

from decimal import Decimal

import pytest

from contest.rules import RuleFileError, read_rules
from tests.rules.making import PROJECT

FULL = (PROJECT / "contest" / "rules" / "presets" / "lecture-final.toml").read_text(encoding="utf-8")
OWN = '{ title = { zh = "自主命题", en = "Prepared talk" }, limit = 240, under = 180, over = 250, value = -2 }'


def rules(clock: str = OWN):
    assert OWN in FULL
    return read_rules(FULL.replace(OWN, clock).encode()).rounds["final"]


def test_the_final_times_its_two_talks_in_their_order():
    clocks = rules().clocks
    assert [(id, c.title.zh, c.limit, c.under, c.over, c.value) for id, c in clocks.items()] == [
        ("time_own", "自主命题", 240, 180, 250, -2),
        ("time_random", "随机命题", 120, 60, 130, -2),
    ]


@pytest.mark.parametrize("seconds, costs", [
    (0, -2), (179, -2), (180, 0), (240, 0), (246, 0), (250, 0), (251, -2), (252, -2), (9999, -2),
])  # fmt: skip
def test_a_time_costs_its_value_outside_the_bounds_and_nothing_on_them(seconds, costs):
    assert rules().clocks["time_own"].proposed(seconds) == Decimal(costs)


def test_without_a_bound_nothing_is_taken_off_on_that_side():
    clock = rules("{ limit = 240, value = -2 }").clocks["time_own"]
    assert [clock.proposed(seconds) for seconds in (0, 240, 9999)] == [0, 0, 0]
    assert clock.title.zh == "自主命题超时或不足"


def test_a_rule_file_without_clocks_has_none():
    assert list(rules().clocks) == ["time_own", "time_random"]
    assert rules('{ limit = 1, value = 0 }').clocks["time_own"].limit == 1
    assert read_rules(FULL.replace(f"clock = {OWN}\n", "").encode()).rounds["final"].clocks.keys() == {"time_random"}


@pytest.mark.parametrize("written, key, part", [
    ("240", "clock", "a table"),
    ("{ value = -2 }", "clock.limit", "nothing found"),
    ("{ limit = 0, value = -2 }", "clock.limit", "whole number from 1"),
    ("{ limit = 99999, value = -2 }", "clock.limit", "to 21600"),
    ("{ limit = 4.5, value = -2 }", "clock.limit", "whole number"),
    ("{ limit = 240, value = -2, under = 241 }", "clock.under", "from 1 to 240"),
    ("{ limit = 240, value = -2, over = 239 }", "clock.over", "from 240"),
    ("{ limit = 240 }", "clock.value", "nothing found"),
    ("{ limit = 240, value = -1 }", "clock.value", "a multiple of 2"),
    ("{ limit = 240, value = -4 }", "clock.value", "at least -2"),
    ("{ limit = 240, value = -2, ovr = 250 }", "clock.ovr", "perhaps over"),
    ('{ limit = 240, value = -2, title = "" }', "clock.title", "a text"),
])  # fmt: skip
def test_a_wrong_clock_is_refused_in_one_line_with_its_key(written, key, part):
    with pytest.raises(RuleFileError) as caught:
        rules(written)
    assert (caught.value.key, "\n" in str(caught.value)) == (f"adjustments.time_own.{key}", False)
    assert part in str(caught.value)
    assert caught.value.in_("zh")


def test_a_factor_has_no_clock():
    factor = f'apply = "multiply"\nmin = 0\nmax = 2\nclock = {OWN}'
    text = FULL.replace(f"min = -2\nmax = 0\nstep = 2\nchoices = [-2]\nsum_min = -2\nclock = {OWN}", factor)
    with pytest.raises(RuleFileError) as caught:
        read_rules(text.encode())
    assert caught.value.key == "adjustments.time_own.clock"
