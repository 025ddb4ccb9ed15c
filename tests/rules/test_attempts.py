"""Several attempts in a round, and rounds without judges: dives, jumps, runs of a robot."""

from decimal import Decimal

import pytest

from contest.rules import FolderError, Outcome, RuleFileError, compute, read_folder, read_rules, story
from tests.rules.making import codes, put, table

DIVING = """
format = 1
title = "Diving"
[criteria.dive]
title = "Dive"
max = 10
step = 0.5
[adjustments.dd]
title = "DD"
apply = "multiply"
min = 1
max = 5
step = 0.1
required = true
[rounds.final]
title = "Final"
criteria = ["dive"]
PANEL
[rounds.final.attempts]
count = 2
take = "sum"
ATTEMPTS
"""
NOW = """panel = { size = 7, drop_high = 2, drop_low = 2, take = "sum" }
after = [ { adjust = ["dd"] }, { round = { decimals = 2, mode = "half_up" } } ]"""
BEFORE = """panel = { size = 7, drop_high = 1, drop_low = 1, take = "sum" }
after = [ { adjust = ["dd"] }, { times = 0.6 }, { round = { decimals = 2, mode = "half_up" } } ]"""
DIVES = {1: ("8.5", "9", "8", "8.5", "7.5", "9.5", "8.5"), 2: ("7", "7.5", "7", "6.5", "8", "7", "6")}


def diving(panel: str = NOW, attempts: str = "") -> bytes:
    return DIVING.replace("PANEL", panel).replace("ATTEMPTS", attempts).encode()


def recount(tmp_path, rules: bytes, **files: str) -> Outcome:
    """The outcome of a folder with these files; one entry A unless told otherwise."""
    content = {"entries.csv": "entry\nA\n", **{f"{name}.csv": text for name, text in files.items()}}
    return compute(read_rules(rules), read_folder(put(tmp_path, content), read_rules(rules)))


def dives(entry: str = "A", attempts: tuple[int, ...] = (1, 2)) -> str:
    return "".join(
        f"{entry},J{judge},{attempt},{mark}\n" for attempt in attempts for judge, mark in enumerate(DIVES[attempt], 1)
    )


MARKS = "entry,judge,attempt,mark\n" + dives()
DD = "entry,kind,attempt,value\nA,dd,1,3.2\nA,dd,2,2.8\n"


def test_diving_drops_two_and_two_and_multiplies_by_the_difficulty(tmp_path):
    """8.5 8.5 8.5 = 25.5 × 3.2 = 81.6; 7 7 7 = 21 × 2.8 = 58.8; together 140.4."""
    outcome = recount(tmp_path, diving(), marks=MARKS, adjustments=DD)
    assert table(outcome) == [(1, "A", "140.40", None)]
    score = outcome.rounds["final"].scores["A"]
    assert [(each.attempt, each.panel, each.score, each.counted) for each in score.attempts] == [
        (1, Decimal("25.5"), Decimal("81.60"), True),
        (2, Decimal("21"), Decimal("58.80"), True),
    ]
    assert score.panel == Decimal("25.5")  # of the best attempt
    assert [sheet.dropped for sheet in score.sheets] == [None, "high", "low", None, "low", "high", None]
    assert story(outcome.standings[0].steps, "zh") == (
        "第 1 次：去掉最高分 9.5、9、最低分 7.5、8，其余 3 位合计 25.5；DD乘 3.2；计 81.60；"
        "第 2 次：去掉最高分 8、7.5、最低分 6、6.5，其余 3 位合计 21；DD乘 2.8；计 58.80；"
        "2 次合计 140.40；最终 140.40，列第 1 名"
    )


def test_the_older_diving_rule_drops_one_and_one_and_takes_six_tenths(tmp_path):
    """8.5 9 8 8.5 8.5 = 42.5 × 3.2 × 0.6 = 81.6; 7 7.5 7 6.5 7 = 35 × 2.8 × 0.6 = 58.8."""
    outcome = recount(tmp_path, diving(BEFORE), marks=MARKS, adjustments=DD)
    assert table(outcome) == [(1, "A", "140.40", None)]
    assert "times" in codes(outcome, "A")


def test_a_missing_attempt_waits_is_left_out_or_is_zero(tmp_path):
    marks = "entry,judge,attempt,mark\n" + dives(attempts=(2,))
    for missing, row in {
        "incomplete": (None, "A", None, "incomplete"),
        "leave_out": (1, "A", "58.80", None),
        "zero": (1, "A", "58.80", None),
    }.items():
        outcome = recount(tmp_path, diving(attempts=f'missing = "{missing}"'), marks=marks, adjustments=DD)
        assert table(outcome) == [row]
        counted = [each.counted for each in outcome.rounds["final"].scores["A"].attempts]
        assert counted == {"incomplete": [False, False], "leave_out": [False, True], "zero": [True, True]}[missing]
    mean = diving(attempts='missing = "zero"\nround = { decimals = 2, mode = "half_up" }').replace(
        b'take = "sum"\nmissing', b'take = "mean"\nmissing'
    )
    assert table(recount(tmp_path, mean, marks=marks, adjustments=DD)) == [(1, "A", "29.40", None)]


def test_nothing_at_all_waits_and_an_attempt_marked_in_part_is_never_left_out(tmp_path):
    rules = diving(attempts='missing = "leave_out"')
    judges = "judge\n" + "".join(f"J{judge}\n" for judge in range(1, 8))
    assert table(recount(tmp_path, rules, judges=judges)) == [(None, "A", None, "waiting")]
    part = MARKS.rsplit("A,J7,2", 1)[0]
    outcome = recount(tmp_path, rules, judges=judges, marks=part, adjustments=DD)
    assert table(outcome) == [(None, "A", None, "incomplete")]
    without_dd = recount(tmp_path, rules, judges=judges, marks=MARKS, adjustments=DD.replace("A,dd,2,2.8\n", ""))
    assert table(without_dd) == [(None, "A", None, "incomplete")]
    assert "value_missing" in codes(without_dd, "A")


def test_a_void_attempt_is_not_looked_at_and_a_zero_counts_nothing(tmp_path):
    ruled = "entry,attempt,judge,kind\nA,2,,{}\n"
    void = recount(tmp_path, diving(), marks=MARKS, adjustments=DD, rulings=ruled.format("void"))
    assert table(void) == [(1, "A", "81.60", None)]
    assert "attempt_void" in codes(void, "A")
    zero = recount(tmp_path, diving(), marks=MARKS, adjustments=DD, rulings=ruled.format("zero"))
    assert table(zero) == [(1, "A", "81.60", None)]
    both = "entry,attempt,judge,kind\nA,1,,void\nA,2,,void\n"
    assert table(recount(tmp_path, diving(), marks=MARKS, adjustments=DD, rulings=both)) == [
        (None, "A", None, "too_few_marks")
    ]
    # Without J7's 8.5 two and two of six are dropped in the first dive alone: 8.5 + 8.5 = 17 × 3.2 = 54.4.
    one = "entry,attempt,judge,kind\nA,1,J7,void\n"
    assert table(recount(tmp_path, diving(), marks=MARKS, adjustments=DD, rulings=one)) == [(1, "A", "113.20", None)]


ROBOTS = """
format = 1
title = "Robots"
[adjustments.tasks]
title = "Tasks"
min = 0
step = 1
required = true
[adjustments.touches]
title = "Touches"
max = 0
step = 5
sum_min = -20
[adjustments.book]
title = "Notebook"
min = 0
step = 1
[rounds.runs]
title = "Runs"
after = [ { plus = 20 }, { adjust = ["tasks", "touches"] }, { floor = 0 } ]
RANKING
[rounds.runs.attempts]
count = 3
ATTEMPTS
after = [ { times = 2 }, { adjust = ["book"] } ]
"""
RUNS = """entry,kind,attempt,value
A,tasks,1,50
A,touches,1,-5
A,tasks,2,60
A,touches,2,-15
A,touches,2,-15
A,tasks,3,30
A,book,,7
B,tasks,1,45
B,tasks,2,0
"""


def robots(attempts: str, ranking: str = "") -> bytes:
    return ROBOTS.replace("ATTEMPTS", attempts).replace("RANKING", ranking).encode()


ROUNDED = "round = { decimals = 2, mode = 'half_up' }"


@pytest.mark.parametrize(
    ("attempts", "score"),
    [
        ('take = "best"', "137"),  # runs 65, 60, 50: (65) × 2 + 7
        ('take = "worst"', "107"),
        ('take = "last"', "107"),
        ('take = "sum"', "357"),
        ('take = "sum"\nbest_of = 2', "257"),
        (f'take = "mean"\n{ROUNDED}', "123.66"),  # 175 / 3 = 58.33, × 2 + 7
        (f'take = "mean"\nbest_of = 2\n{ROUNDED}', "132.00"),
    ],
)
def test_a_round_without_judges_takes_what_is_recorded_for_each_run(tmp_path, attempts, score):
    rules = robots(attempts + '\nmissing = "leave_out"')
    outcome = recount(tmp_path, rules, entries="entry\nA\nB\nC\n", adjustments=RUNS)
    found = {entry: (own, status) for _, entry, own, status in table(outcome)}
    assert found["A"] == (score, None)
    assert found["C"] == (None, "waiting")
    assert outcome.rounds["runs"].scores["B"].attempts[2].score is None


def test_the_best_run_is_the_lowest_where_the_lower_score_is_better(tmp_path):
    rules = robots('take = "best"\nmissing = "leave_out"', 'ranking = { better = "lower" }')
    outcome = recount(tmp_path, rules, entries="entry\nA\nB\n", adjustments=RUNS)
    assert table(outcome) == [(1, "B", "40", None), (2, "A", "107", None)]  # B: 20 × 2; A: 50 × 2 + 7


def test_caps_hold_for_each_run_and_the_order_of_rows_does_not_matter(tmp_path):
    rules = robots('take = "best"\nmissing = "leave_out"')
    head, *rows = RUNS.splitlines(keepends=True)
    there = recount(tmp_path, rules, entries="entry\nA\nB\n", adjustments=RUNS)
    back = recount(tmp_path, rules, entries="entry\nA\nB\n", adjustments=head + "".join(reversed(rows)))
    assert there == back
    applied = there.rounds["runs"].scores["A"].attempts[1].adjustments
    assert [(each.kind, each.value) for each in applied] == [("tasks", 60), ("touches", -20)]


@pytest.mark.parametrize(
    ("file", "content", "column"),
    [
        ("marks", "entry,judge,attempt,mark\nA,J1,3,5\n", "attempt"),
        ("marks", "entry,judge,attempt,mark\nA,J1,0,5\n", "attempt"),
        ("marks", "entry,judge,attempt,mark\nA,J1,x,5\n", "attempt"),
        ("marks", "entry,judge,mark\nA,J1,5\n", "attempt"),
        ("marks", "entry,judge,attempt,mark\nA,J1,2,5\nA,J1,2,5\n", "mark"),
        ("adjustments", "entry,kind,value\nA,dd,2\n", "attempt"),
        ("adjustments", "entry,kind,attempt,value\nA,dd,1,2\nA,dd,1,2\n", "kind"),
        ("rulings", "entry,attempt,kind\nA,3,zero\n", "attempt"),
        ("rulings", "entry,attempt,kind\nA,,void\n", "judge"),
        ("rulings", "entry,attempt,kind\nA,1,absent\n", "judge"),
    ],
)
def test_what_is_wrong_with_an_attempt_in_the_folder_is_named(tmp_path, file, content, column):
    with pytest.raises(FolderError) as caught:
        recount(tmp_path, diving(), **{file: content})
    assert (caught.value.file, caught.value.column) == (f"{file}.csv", column)


def test_a_value_for_all_attempts_has_no_attempt_and_marks_have_no_place_where_nobody_judges(tmp_path):
    rules = robots('take = "best"')
    for file, content, column in (
        ("adjustments", "entry,kind,attempt,value\nA,book,2,7\n", "attempt"),
        ("marks", "entry,judge,mark\nA,J1,5\n", "round"),
    ):
        with pytest.raises(FolderError) as caught:
            recount(tmp_path, rules, **{file: content})
        assert caught.value.column == column


@pytest.mark.parametrize(
    ("attempts", "key"),
    [
        ("", "take"),
        ('take = "median"', "take"),
        ('take = "best"\nbest_of = 2', "best_of"),
        ('take = "sum"\nbest_of = 4', "best_of"),
        ('take = "mean"', "round"),
        ('take = "sum"\nmissing = "never"', "missing"),
    ],
)
def test_a_slip_in_the_attempts_is_named(attempts, key):
    with pytest.raises(RuleFileError) as caught:
        read_rules(robots(attempts))
    assert caught.value.key == f"rounds.runs.attempts.{key}"


def test_an_adjustment_acts_once_and_a_constant_with_decimals_is_rounded():
    twice = robots('take = "best"').replace(b'adjust = ["book"]', b'adjust = ["tasks"]')
    with pytest.raises(RuleFileError) as caught:
        read_rules(twice)
    assert caught.value.key == "rounds.runs.attempts.after[1].adjust"
    with pytest.raises(RuleFileError) as caught:
        read_rules(robots('take = "best"').replace(b"times = 2", b"times = 0.5"))
    assert caught.value.key == "rounds.runs.attempts.after[0].times"
    with pytest.raises(RuleFileError) as caught:
        read_rules(robots('take = "best"').replace(b"times = 2", b"times = 0"))
    assert caught.value.key == "rounds.runs.attempts.after[0].times"
