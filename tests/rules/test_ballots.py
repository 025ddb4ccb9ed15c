"""What judges hand in as an order: places made of totals, caps, points by place, ballots that must be complete."""

from decimal import Decimal

import pytest

from contest.rules import Rules, compute, read_rules, story
from contest.rules.errors import RuleFileError
from tests.rules.making import ONE_ROUND, codes, facts_of, ruling, table

LOW = "\n[rounds.final.ranking]\nbetter = 'lower'\n"
RANKS = 'kind = "rank"\nmax = 20'


def totals(sheet: str, panel: str = "take = 'sum'", more: str = "") -> Rules:
    """Judges mark to 100; `sheet` makes places of it."""
    text = ONE_ROUND.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]")
    return read_rules(f"{text}{more}\n[rounds.final.sheet]\n{sheet}".encode())


def places(sheet: str | None, panel: str = "take = 'sum'", more: str = "") -> Rules:
    """Judges hand in places."""
    text = ONE_ROUND.replace("max = 100\nstep = 0.01", RANKS)
    text = text.replace("PANEL", panel).replace("TIES", "[]").replace("AFTER", "[]") + more
    return read_rules((text if sheet is None else f"{text}\n[rounds.final.sheet]\n{sheet}").encode())


def scores(rules: Rules, entries: dict[str, list[str | None]], **more) -> dict[str, str | None]:
    judges = max(len(marks) for marks in entries.values())
    outcome = compute(rules, facts_of(entries, judges=judges, **more))
    return {entry: score for _, entry, score, _ in sorted(table(outcome), key=lambda row: row[1])}


def test_totals_become_places_and_equal_totals_share_them():
    # J1: 90 85 85 70 → 1, 2.5, 2.5, 4; J2: 60 70 50 80 → 3, 2, 4, 1
    marks: dict[str, list[str | None]] = {"A": ["90", "60"], "B": ["85", "70"], "C": ["85", "50"], "D": ["70", "80"]}
    assert scores(totals("rank = {}"), marks) == {"A": "4", "B": "4.5", "C": "6.5", "D": "5"}
    assert scores(totals("rank = { ties = 'min' }"), marks) == {"A": "4", "B": "4", "C": "6", "D": "5"}
    outcome = compute(totals("rank = {}", more=LOW), facts_of(marks, judges=2))
    assert [row[1] for row in table(outcome)] == ["A", "B", "D", "C"]
    assert "各评委的名次：J1 90→1、J2 60→3" in story(outcome.standings[0].steps, "zh")
    assert [sheet.place for sheet in outcome.rounds["final"].scores["B"].sheets] == [Decimal("2.5"), Decimal(2)]


def test_places_are_capped_and_the_best_and_worst_dropped():
    # Speech, elimination: places of five judges without the best and the worst, none above 5
    marks: dict[str, list[str | None]] = {
        "A": ["1", "2", "7", "3", "1"],  # capped 1 2 5 3 1: without 1 and 5: 6
        "B": ["6", "6", "1", "6", "7"],  # capped 5 5 1 5 5: without 1 and 5: 15
    }
    panel = "take = 'sum'\ndrop_high = 1\ndrop_low = 1"
    outcome = compute(places("rank = { cap = 5 }", panel, LOW), facts_of(marks, judges=5))
    assert [row[:3] for row in table(outcome)] == [(1, "A", "6"), (2, "B", "15")]
    assert "去掉最差名次 5、最好名次 1，其余 3 个名次合计 6" in story(outcome.standings[0].steps, "zh")
    assert "各评委的名次（最低计第 5 名）：J1 1→1、J2 2→2、J3 7→5" in story(outcome.standings[0].steps, "zh")
    assert scores(places(None, panel), marks) == {"A": "6", "B": "18"}


def test_a_judge_who_marked_fewer_entries_gives_fewer_places():
    # J1 marked three, J2 two; each judge's last place is the number of entries that judge marked
    marks: dict[str, list[str | None]] = {"A": ["90", None], "B": ["80", "90"], "C": ["70", "80"]}
    found = scores(totals("rank = {}", "take = 'mean'\nround = { decimals = 1, mode = 'half_up' }\n"
                          "missing = 'leave_out'"), marks)  # fmt: skip
    assert found == {"A": "1.0", "B": "1.5", "C": "2.5"}


def test_a_withdrawn_entry_keeps_its_place_on_the_ballots_unless_the_rule_leaves_it_out():
    marks: dict[str, list[str | None]] = {"A": ["90"], "B": ["80"], "C": ["70"]}
    gone = [ruling("withdrawn", "A")]
    assert scores(totals("rank = {}"), marks, rulings=gone) == {"A": None, "B": "2", "C": "3"}
    left_out = totals("rank = { withdrawn = 'leave_out' }")
    assert scores(left_out, marks, rulings=gone) == {"A": None, "B": "1", "C": "2"}
    handed_in: dict[str, list[str | None]] = {"A": ["2"], "B": ["3"], "C": ["1"]}
    assert scores(places("rank = {}"), handed_in, rulings=gone) == {"A": None, "B": "3", "C": "1"}
    moved_up = places("rank = { withdrawn = 'leave_out' }")
    assert scores(moved_up, handed_in, rulings=gone) == {"A": None, "B": "2", "C": "1"}


TOAST = "points = [3, 2, 1]\nballot = { places = 3 }"
BALLOTS: dict[str, list[str | None]] = {
    # J4 has no third place, J5 two firsts: both ballots are void. J1–J3: A 3+3+2, B 2+1+3, C 1+2+0, D 0+0+1
    "A": ["1", "1", "2", "1", "1"],
    "B": ["2", "3", "1", "2", "1"],
    "C": ["3", "2", None, None, "2"],
    "D": [None, None, "3", None, "3"],
}


def test_an_incomplete_ballot_counts_for_nobody():
    outcome = compute(places(TOAST), facts_of(BALLOTS, judges=5))
    assert table(outcome) == [(1, "A", "8", None), (2, "B", "6", None), (3, "C", "3", None), (4, "D", "1", None)]
    assert story(outcome.standings[0].steps, "zh") == (
        "评委 J4 的选票没有写全第 1 到第 3 名，作废，不计入；评委 J5 的选票没有写全第 1 到第 3 名，作废，不计入；"
        "名次换分：J1 1→3、J2 1→3、J3 2→2；3 位评委合计 8；最终 8，列第 1 名"
    )
    # Whom a valid ballot does not name gets nothing, and the explanation shows that there is no place.
    assert "名次换分：J1 —→0、J2 —→0、J3 3→1" in story(outcome.standings[3].steps, "zh")


def test_a_ballot_that_is_not_handed_in_yet_is_waited_for():
    marks = {entry: [*row[:3], None] for entry, row in BALLOTS.items()}
    outcome = compute(places(TOAST), facts_of(marks, judges=4))
    assert {row[3] for row in table(outcome)} == {"incomplete"}


def test_a_judge_ruled_void_or_absent_hands_in_nothing():
    outcome = compute(places(TOAST), facts_of(BALLOTS, judges=5, rulings=[ruling("absent", judge="J1")]))
    assert {row[1]: row[2] for row in table(outcome)} == {"A": "5", "B": "4", "C": "2", "D": "1"}
    assert "absent" in codes(outcome, "A")


def test_a_field_smaller_than_the_ballot_needs_only_the_places_there_are():
    assert scores(places(TOAST), {"A": ["2"], "B": ["1"]}) == {"A": "2", "B": "3"}


def test_without_points_the_unplaced_need_a_number():
    rules = places("ballot = { places = 2, unplaced = 3 }", more=LOW)
    assert scores(rules, {"A": ["1"], "B": ["2"], "C": [None]}) == {"A": "1", "B": "2", "C": "3"}


def test_twelve_ten_eight_seven():
    # The top ten of every jury get 12 10 8 7 6 5 4 3 2 1, the rest nothing.
    rules = places("points = [12, 10, 8, 7, 6, 5, 4, 3, 2, 1]")
    marks: dict[str, list[str | None]] = {f"E{n:02}": [str(n), str(12 - n)] for n in range(1, 12)}
    # places 1 and 11: 12 + 0; 2 and 10: 10 + 1; 3, 9: 8 + 2; 4, 8: 7 + 3; 5, 7: 6 + 4; 6, 6: 5 + 5
    assert list(scores(rules, marks).values()) == ["12", "11", "10", "10", "10", "10", "10", "10", "10", "11", "12"]


def test_equal_totals_share_a_list_or_all_get_the_higher_points():
    marks: dict[str, list[str | None]] = {"A": ["90"], "B": ["80"], "C": ["80"], "D": ["80"]}
    points = "points = [12, 10, 8, 7]\n"
    assert scores(totals(points + "rank = {}"), marks) == {"A": "12", "B": "10", "C": "10", "D": "10"}
    shared = points + "points_round = { decimals = 2, mode = 'half_up' }\nrank = { ties = 'mean' }"
    # 10 + 8 + 7 = 25, a third each: 8.33
    assert scores(totals(shared), marks) == {"A": "12.00", "B": "8.33", "C": "8.33", "D": "8.33"}


def test_borda_reciprocal_and_exponential_points():
    marks: dict[str, list[str | None]] = {"A": ["1"], "B": ["2"], "C": ["3"], "D": ["4"]}
    assert scores(places("points = 'borda'"), marks) == {"A": "3", "B": "2", "C": "1", "D": "0"}
    two = "\npoints_round = { decimals = 2, mode = 'half_up' }"
    assert scores(places("points = 'reciprocal'" + two), marks) == {"A": "1.00", "B": "0.50", "C": "0.33", "D": "0.25"}
    # e^(−0.19 (place − 1)): 1, 0.826959, 0.683861, 0.565525
    four = "\npoints_round = { decimals = 4, mode = 'half_up' }"
    found = scores(places("points = { exponential = -0.19 }" + four), marks)
    assert found == {"A": "1.0000", "B": "0.8270", "C": "0.6839", "D": "0.5655"}


def test_a_jury_of_five_by_exponential_weight_is_not_a_jury_by_mean_place():
    # A: 1 1 1 1 20 (mean place 4.8), B: 3 3 4 4 4 (mean 3.6). One low place costs the mean, not the weights:
    # A 4 + e^(−3.61) = 4.0271; B 2 · 0.6839 + 3 · 0.5655 = 3.0643
    marks: dict[str, list[str | None]] = {"A": ["1", "1", "1", "1", "20"], "B": ["3", "3", "4", "4", "4"]}
    sheet = "points = { exponential = -0.19 }\npoints_round = { decimals = 4, mode = 'half_up' }"
    assert scores(places(sheet), marks) == {"A": "4.0271", "B": "3.0643"}
    mean = "take = 'mean'\nround = { decimals = 1, mode = 'half_up' }"
    assert scores(places(None, mean), marks) == {"A": "4.8", "B": "3.6"}


def test_a_zero_by_ruling_is_no_place_and_has_no_points():
    sheet = "points = 'reciprocal'\npoints_round = { decimals = 2, mode = 'half_up' }"
    found = scores(places(sheet), {"A": ["1"], "B": ["2"]}, rulings=[ruling("zero", "A")])
    assert found == {"A": "0.00", "B": "0.50"}


@pytest.mark.parametrize(
    ("sheet", "key"),
    [
        ("rank = { cap = 0 }", "rank.cap"),
        ("rank = { ties = 'lots' }", "rank.ties"),
        ("points = []", "points"),
        ("points = 'condorcet'", "points"),
        ("points = 'reciprocal'", "points_round"),
        ("points = { exponential = -0.19 }", "points_round"),
        ("points = { exponential = 0.19 }", "points.exponential"),
        ("points = { linear = 1 }", "points.linear"),
        ("points = [3, 2, 1]\nrank = { ties = 'mean' }", "points_round"),
        ("points_round = { decimals = 2, mode = 'up' }", "points_round"),
        ("ballot = { places = 21 }", "ballot.places"),
        ("ballot = { places = 3 }", "ballot.unplaced"),
        ("ballot = { places = 3, void = 'never' }", "ballot.void"),
        ("points = [1]\nballot = { places = 3 }\nrank = { scope = 'panel' }", "rank"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_key(sheet, key):
    with pytest.raises(RuleFileError) as caught:
        places(sheet)
    assert caught.value.key == f"rounds.final.sheet.{key}"


def test_points_need_places_and_a_ballot_needs_one_criterion_of_places():
    for sheet in ("points = [3, 2, 1]", "ballot = { places = 3, unplaced = 0 }"):
        with pytest.raises(RuleFileError, match=r"rounds\.final\.sheet\."):
            totals(sheet)


def test_places_and_points_are_not_added_up():
    text = ONE_ROUND.replace("PANEL", "take = 'sum'").replace("TIES", "[]").replace("AFTER", "[]")
    text = text.replace("[adjustments.quiz]", f"[criteria.order]\ntitle = 'Order'\n{RANKS}\n[adjustments.quiz]", 1)
    with pytest.raises(RuleFileError, match=r"rounds\.final\.criteria"):
        read_rules(text.replace('criteria = ["lecture"]', 'criteria = ["lecture", "order"]').encode())
