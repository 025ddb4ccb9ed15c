"""Counts and measures that act by a rule, imported totals, indicator trees and bands that a measure picks."""

from decimal import Decimal

import pytest

from contest.rules import Outcome, RuleFileError, compute, read_folder, read_rules, story
from contest.rules.outcome import AppliedAdjustment, GroupScore
from tests.rules.making import PROJECT, codes, put, table


def recount(tmp_path, rules: bytes, **files: str) -> Outcome:
    """The outcome of a folder with these files; one entry A unless told otherwise."""
    content = {"entries.csv": "entry\nA\n", **{f"{name}.csv": text for name, text in files.items()}}
    return compute(read_rules(rules), read_folder(put(tmp_path, content), read_rules(rules)))


def block(heading: str) -> bytes:
    """The first example of docs/rules.md below a heading, so that what is written there is what is tested."""
    text = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1]
    return text.split("```toml\n", 1)[1].split("```", 1)[0].encode()


JUMPS = (
    "entry,judge,attempt,mark\n"
    + "".join(f"A,J{n},1,{mark}\n" for n, mark in enumerate(("18", "18.5", "17.5", "18", "19"), 1))
    + "".join(f"A,J{n},2,{mark}\n" for n, mark in enumerate(("10", "9", "9.5", "8", "11"), 1))
)
LENGTHS = "entry,kind,attempt,value\nA,distance,1,134.5\nA,gate,1,-2.9\nA,wind,1,4.3\nA,distance,2,70\nA,wind,2,-5.5\n"


def test_ski_jumping_adds_style_and_metres_and_never_falls_below_zero(tmp_path):
    """54.5 style + 60 + 14.5 × 1.8 = 86.1 − 2.9 + 4.3 = 142.0; 28.5 + 60 − 50 × 1.8 − 5.5 = −7, so 0."""
    outcome = recount(tmp_path, block("Counts and measures"), marks=JUMPS, adjustments=LENGTHS)
    assert table(outcome) == [(1, "A", "142.0", None)]
    first, second = outcome.rounds["jumps"].scores["A"].attempts
    assert (first.panel, first.score, second.score) == (Decimal("54.5"), Decimal("142.0"), Decimal(0))
    assert first.adjustments[0] == AppliedAdjustment("distance", Decimal("86.1"))
    assert first.measured == (AppliedAdjustment("distance", Decimal("134.5")),)
    assert story(outcome.standings[0].steps, "zh") == (
        "第 1 次：去掉最高分 19、最低分 17.5，其余 3 位合计 54.5；"
        "距离（米） 134.5，加 86.1；出发门补偿扣 2.9；风力补偿加 4.3；计 142.0；"
        "第 2 次：去掉最高分 11、最低分 8，其余 3 位合计 28.5；"
        "距离（米） 70，扣 30.0；风力补偿扣 5.5；-7.0 低于下限，计 0.0；计 0.0；"
        "2 次合计 142.0；最终 142.0，列第 1 名"
    )


@pytest.mark.parametrize(
    ("seconds", "effect"),
    [(0, "0"), (1, "-0.02"), (10, "-0.02"), (11, "-0.05"), (20, "-0.05"), (30, "-0.1"), (31, "-0.2"), (600, "-0.2")],
)
def test_graded_overtime_takes_the_step_that_was_reached(seconds, effect):
    """S20: 1–10 s −0.02, 11–20 s −0.05, 20–30 s −0.1, at most −0.2."""
    late = read_rules(block("Counts and measures")).rounds["jumps"].adjustment("late")
    assert late.acting(Decimal(seconds)) == Decimal(effect)
    assert not late.higher_wins and late.is_measured


COUNTED = """
format = 1
title = "Quiz"
[criteria.talk]
title = "Talk"
max = 100
step = 0.01
[adjustments.quiz]
title = "Wrong answers"
min = 0
max = 5
step = 1
each = -1
sum_min = -2
[adjustments.time]
title = "Time"
min = 0
step = 1
better = "lower"
[rounds.final]
title = "Final"
criteria = ["talk"]
panel = { take = "mean", round = { decimals = 2, mode = "half_up" } }
after = [ { adjust = ["quiz"] } ]
tie_break = [ { by = "adjustment", kind = "time", better = "lower" } ]
"""
TALKS = "entry,judge,mark\n" + "".join(f"{entry},J1,{mark}\n" for entry, mark in (("A", 90), ("B", 92), ("C", 90)))


def test_wrong_answers_are_counted_and_cost_at_most_two(tmp_path):
    values = "entry,kind,value\nA,quiz,0\nB,quiz,3\nC,quiz,1\nC,quiz,1\n"
    outcome = recount(tmp_path, COUNTED.encode(), entries="entry\nA\nB\nC\n", marks=TALKS, adjustments=values)
    assert table(outcome) == [(1, "A", "90.00", None), (1, "B", "90.00", None), (3, "C", "88.00", None)]
    assert codes(outcome, "B")[1:3] == ["capped", "measured_deducted"]


def test_a_time_that_is_only_recorded_breaks_a_tie_and_a_time_nobody_took_does_not(tmp_path):
    for times, places in (
        ("A,time,200\nB,time,190\n", [(1, "B"), (2, "A"), (3, "C")]),
        ("A,time,200\n", [(1, "A"), (1, "B"), (3, "C")]),
    ):
        values = "entry,kind,value\nB,quiz,2\nC,quiz,1\n" + times
        outcome = recount(tmp_path, COUNTED.encode(), entries="entry\nA\nB\nC\n", marks=TALKS, adjustments=values)
        assert [(s.place, s.entry) for s in outcome.standings] == places


NOI = "entry,kind,value\nA,p1,100\nA,p2,65\nA,p3,20\nA,total,185\n"


def imported() -> bytes:
    text = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8").split("**Imported results.**", 1)[1]
    return text.split("```toml\n", 1)[1].split("```", 1)[0].encode()


def test_an_imported_total_counts_as_it_is_when_its_parts_add_up(tmp_path):
    two = NOI + "B,p1,80\nB,p2,65\nB,p3,40\nB,total,185\n"
    outcome = recount(tmp_path, imported(), entries="entry\nA\nB\nC\n", adjustments=two)
    assert table(outcome) == [(1, "B", "185", None), (2, "A", "185", None), (None, "C", None, "waiting")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (NOI.replace("185", "186"), "sum_differs"),
        (NOI.replace("A,p2,65\n", ""), "value_missing"),
        (NOI.replace("A,total,185\n", ""), "value_missing"),
    ],
)
def test_a_total_that_does_not_fit_keeps_the_entry_out_until_it_is_mended(tmp_path, rows, code):
    outcome = recount(tmp_path, imported(), adjustments=rows)
    assert table(outcome) == [(None, "A", None, "incomplete")]
    assert codes(outcome, "A") == [code]
    if code == "sum_differs":
        assert story(outcome.standings[0].steps, "zh") == (
            "总分 186 与第一题、第二题、第三题之和 185 不符，改正前不排名"
        )


VENUE = block("An indicator tree: appraisals")
MARKED = "entry,judge,criterion,mark\n" + "".join(
    f"A,J{judge},{name},{mark}\n"
    for judge, marks in ((1, ("9.5", "18", "60")), (2, ("9.5", "18", "61")))
    for name, mark in zip(("size", "exhibits", "activities"), marks, strict=True)
)


def test_an_appraisal_names_what_each_node_comes_to(tmp_path):
    outcome = recount(tmp_path, VENUE, marks=MARKED, adjustments="entry,kind,value\nA,area,1200\n")
    assert table(outcome) == [(1, "A", "88.00", None)]
    assert outcome.rounds["review"].scores["A"].groups == (
        GroupScore("building", Decimal("27.50")),
        GroupScore("halls", Decimal("9.50")),
        GroupScore("running", Decimal("60.50")),
    )
    assert "场馆建设 27.50；展厅 9.50；运营 60.50" in story(outcome.standings[0].steps, "zh")
    dropped = VENUE.replace(b'panel = { take', b'panel = { of = "criteria", take')
    per_criterion = recount(tmp_path, dropped, marks=MARKED, adjustments="entry,kind,value\nA,area,1200\n")
    assert per_criterion.rounds["review"].scores["A"].groups == outcome.rounds["review"].scores["A"].groups


@pytest.mark.parametrize(
    ("area", "fits"),
    [
        ("1000", "10 9.5 9"),
        ("999", "8.5 7"),
        ("500", "8.5 7"),
        ("499", "6.5 6"),
        ("150", "6.5 6"),
        ("149", "5.5 0"),
        ("0", "5.5 0"),
    ],
)
def test_a_measure_picks_the_band_its_lower_bound_included(tmp_path, area, fits):
    """§4.14: 1000/500/150 m²; 90–100 %, 70–90 %, 60–70 %, below 60 % of the leaf's 10 points."""
    for mark in ("10", "9.5", "9", "8.5", "7", "6.5", "6", "5.5", "0"):
        marks = MARKED.replace("size,9.5", f"size,{mark}")
        outcome = recount(tmp_path, VENUE, marks=marks, adjustments=f"entry,kind,value\nA,area,{area}\n")
        assert (outcome.standings[0].status is None) == (mark in fits.split()), mark


def test_a_mark_outside_its_band_is_said_and_a_measure_nobody_took_is_waited_for(tmp_path):
    outcome = recount(
        tmp_path, VENUE, marks=MARKED.replace("J1,size,9.5", "J1,size,8"), adjustments="entry,kind,value\nA,area,1200\n"
    )
    assert table(outcome) == [(None, "A", None, "incomplete")]
    assert "展厅面积（平方米） 1200，“展厅规模”应评“优秀”9–10，而评分为 J1 8，改正前不排名" in story(
        outcome.standings[0].steps, "zh"
    )
    nothing = recount(tmp_path, VENUE, marks=MARKED, adjustments="entry,kind,value\n")
    assert table(nothing) == [(None, "A", None, "incomplete")]
    limit = VENUE.replace(b"from = 0 },", b"from = 0, at = 50 },")
    small = recount(tmp_path, limit, marks=MARKED, adjustments="entry,kind,value\nA,area,49\n")
    assert codes(small, "A")[-1] == "band_none"


def test_a_zero_by_the_rule_is_said_in_the_rules_words_and_fits_every_band(tmp_path):
    rulings = "entry,criterion,kind\nA,exhibits,zero\nA,size,zero\n"
    values = "entry,kind,value\nA,area,1200\n"
    outcome = recount(tmp_path, VENUE, marks=MARKED, rulings=rulings, adjustments=values)
    assert table(outcome) == [(1, "A", "60.50", None)]
    assert "裁定“展品”记 0（无自有展品不得分）" in story(outcome.standings[0].steps, "zh")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (b'group = "building"\n\n[groups.running]', b'group = "x"\n\n[groups.running]', "groups.halls.group"),
        (b'[groups.building]', b'[groups.building]\ngroup = "halls"', "groups.building.group"),
        (b'group = "halls"', b'group = "hall"', "criteria.size.group"),
        (b'band_by = "area"', b'band_by = "x"', "criteria.size.band_by"),
        (b'band_by = "area"', b"", "criteria.size.bands[0].at"),
        (b", at = 500", b"", "criteria.size.bands[1].at"),
        (b", at = 500", b", at = 1000", "criteria.size.bands[1].at"),
        (b"from = 0.9", b"from = 9", "criteria.size.bands[0].from"),
        (b"from = 0.7", b"from = 0.9", "criteria.size.bands[1].from"),
        (b'[adjustments.area]', b'[adjustments.area]\nbase = 1', "adjustments.area.base"),
        (b'[adjustments.area]', b'[adjustments.area]\nsteps = []', "adjustments.area.steps"),
        (
            b"[adjustments.area]",
            b"[adjustments.area]\neach = 1\nsteps = [{ from = 1, value = 1 }]",
            "adjustments.area.steps",
        ),
        (
            b"[adjustments.area]",
            b"[adjustments.area]\nsteps = [{ from = 1, value = 1 }, { from = 1, value = 2 }]",
            "adjustments.area.steps[1].from",
        ),
        (b'[adjustments.area]', b'[adjustments.area]\neach = 1001', "adjustments.area.each"),
        (b'[adjustments.area]', b'[adjustments.area]\ncheck_sum = ["area"]', "adjustments.area.check_sum[0]"),
        (b'[adjustments.area]', b'[adjustments.area]\ncheck_sum = ["x"]', "adjustments.area.check_sum[0]"),
        (b'[adjustments.area]', b'[adjustments.area]\ncheck_sum = []', "adjustments.area.check_sum"),
        (b'[adjustments.area]', b'[adjustments.area]\nbetter = "more"', "adjustments.area.better"),
    ],
)
def test_a_slip_in_a_measure_or_a_tree_is_named(old, new, key):
    assert old in VENUE
    with pytest.raises(RuleFileError) as caught:
        read_rules(VENUE.replace(old, new, 1))
    assert caught.value.key == key
    assert len(caught.value.in_("zh").splitlines()) == len(caught.value.in_("en").splitlines()) == 1
