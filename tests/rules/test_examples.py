"""The worked examples: each folder agrees with its recorded standings, and those with the numbers found by hand."""

import pytest

from contest.rules import compute, read_folder, read_rules, write_folder
from contest.rules.command import main
from tests.rules.making import PROJECT, codes, table

EXAMPLES = PROJECT / "examples"
# Place, entry, score, status as calculated on paper from rules.toml and the CSV files.
BY_HAND = {
    # 23×3.0 + 24×3.2 + 20×3.4 + 25.5×3.2 + 27×3.6 = 392.6, and so on; entry 3 failed its second dive.
    "diving": [(1, "1", "392.60", None), (2, "2", "369.60", None), (3, "3", "262.20", None)],
    # 0.6 × (38.5×3.0 + 40.5×3.2 + 33.5×3.4 + 43×3.2 + 45.5×3.6) = 0.6 × 660.4 = 396.24
    "diving-six-tenths": [(1, "1", "396.24", None), (2, "2", "371.52", None), (3, "3", "264.90", None)],
    # 142.0 + 134.6; 123.9 + 140.5; 88.45 is 88.5, and the second jump stops at 0.
    "ski-jumping": [(1, "31", "276.6", None), (2, "32", "264.4", None), (3, "33", "88.5", None)],
    # Three teams have 175: the run of A took 132.40 s, those of B and C 121.75 s, and the robot of C is lighter.
    "robot-missions": [(1, "C", "175", None), (2, "B", "175", None), (3, "A", "175", None), (4, "D", "0", None)],
    # 420 m² ask for 6 to 6.5 of 10 points; the board gave 8.
    "venue-appraisal": [(1, "V1", "89.5", None), (2, "V2", "81.5", None), (None, "V3", None, "incomplete")],
    # 60 + 45 + 10 is 115, not 125.
    "informatics": [
        (1, "0103", "255", None),
        (2, "0102", "185", None),
        (3, "0101", "185", None),
        (4, "0104", "30", None),
        (None, "0105", None, "incomplete"),
        (None, "0106", None, "waiting"),
    ],
    # 58.09 + 166.01, 58.03 + 157.93, 54.34 + 135.55; M2 has put 48 in the place of 38.51 after the review.
    "expert-review": [
        (1, "W2", "224.10", None),
        (2, "W4", "215.96", None),
        (3, "W3", "189.89", None),
        # those who did not go on, by the sum of their standard scores: 53.45 + 43.68 + 47.51 and so on
        (4, "W1", "144.64", None),
        (5, "W6", "126.70", None),
        (6, "W5", "117.26", None),
    ],
    # Two ballots are void: A 3 + 3 + 2, B 2 + 1 + 3, C 1 + 2, D 1. The tiebreaking judge put F before E.
    "club-speech": [
        (1, "A", "8", None),
        (2, "B", "6", None),
        (3, "C", "3", None),
        (4, "D", "1", None),
        (5, "F", "0", None),
        (6, "E", "0", None),
    ],
    # S2: 2 1 4 2 1 without 4 and 1; S5, S6 and S7 have 15, reciprocals 1.05, 1.05 and 1.00; S6 drew the first lot.
    "speech-elimination": [
        (1, "S2", "5", None),
        (2, "S1", "6", None),
        (3, "S3", "7", None),
        (4, "S4", "10", None),
        (5, "S6", "15", None),
        (6, "S5", "15", None),
        (7, "S7", "15", None),
    ],
    # C and D have 10: two dances at or above 3 to one (rule 10). E and F 16.5: 9 marks at or above 5 to 8 (rule 11).
    "dance-final": [
        (1, "A", "3", None),
        (2, "B", "7", None),
        (3, "C", "10", None),
        (4, "D", "10", None),
        (5, "E", "16.5", None),
        (6, "F", "16.5", None),
    ],
    # 5.5 is 3 from the median 8.5; 9.5 and 6.75 are exactly 1.5 away. 8.5 + 8.3 + 8 + 8.6; 8.7 + 8 + 8 + 8.35.
    "dance-absolute": [(1, "11", "33.400", None), (2, "12", "33.050", None)],
    # B: 3 × 7.25 + 2 × 6.63 + 6.25.
    "physics-tournament": [(1, "B", "41.26", None), (2, "C", "40.52", None), (3, "A", "39.03", None)],
    # 4 of 6 are two thirds; 3 of 6 are not; 5 of 5 and 4 of 5 without the recused.
    "committee-vote": [(1, "P1", "1", None), (1, "P3", "1", None), (1, "P4", "1", None), (4, "P2", "0", None)],
    # 185 + 37.5 + 93.75, 195 + 45 + 75, 150 + 50 + 100; in division II the best spontaneous score is 0.
    "odyssey": [
        (1, "T3", "316.25", None),
        (2, "T1", "315.00", None),
        (3, "T2", "300.00", None),
        (1, "U1", "240.00", None),
        (2, "U2", "200.00", None),
    ],
    # 384.55 + 205.65 and 410 + 180.20; D3 by its two rounds, D5 and D6 by the first, each below the others.
    "diving-carry-over": [
        (1, "D2", "590.20", None),
        (1, "D1", "590.20", None),
        (3, "D4", "589.50", None),
        (4, "D3", "571.90", None),
        (5, "D5", "371.25", None),
        (6, "D6", "350.00", None),
    ],
    # 100 + 115 and 120 + 90; below them the best runs of those who did not go on.
    "skills-runs": [
        (1, "B", "215", None),
        (2, "A", "210", None),
        (3, "C", "110", None),
        (4, "D", "60", None),
        (4, "E", "60", None),
    ],
    # Juries and public: B 40 + 44, A 40 + 38, C 35 + 32, D 26 + 33, …; L has one jury's twelve points.
    "song-contest": [
        (place, entry, str(points), None)
        for place, (entry, points) in enumerate(
            zip("BACDEFGHILJK", (84, 78, 67, 59, 47, 40, 30, 24, 14, 12, 7, 2), strict=True), 1
        )
    ],
    # A has three first places and an eighth, B no place below the fourth: 0.766 and 0.815.
    "song-jury": [
        (1, "B", "0.815269", None),
        (2, "C", "0.769720", None),
        (3, "A", "0.766000", None),
        (4, "D", "0.665146", None),
        (5, "E", "0.487238", None),
        (6, "F", "0.402926", None),
        (7, "G", "0.322135", None),
        (8, "H", "0.286614", None),
    ],
}


def outcome_of(name: str):
    rules = read_rules((EXAMPLES / name / "rules.toml").read_bytes())
    return compute(rules, read_folder(EXAMPLES / name, rules))


@pytest.mark.parametrize("name", [*BY_HAND, "fair-levels", "section-awards"])
def test_an_example_agrees_with_its_recorded_standings(name, capsys):
    assert main([str(EXAMPLES / name), "--lang", "en"]) == 0
    assert "agrees with standings.json" in capsys.readouterr().out


@pytest.mark.parametrize("name", BY_HAND)
def test_an_example_comes_to_what_was_found_by_hand(name):
    assert table(outcome_of(name)) == BY_HAND[name]


def test_the_levels_of_a_fair_share_its_medals_without_splitting_equal_scores():
    """Twenty projects, 5/10/15/20 %: 1, 2, 3 and 4 medals; the third bronze is shared by three."""
    outcome = outcome_of("fair-levels")
    given = {award.award: [entry for entry, _ in award.entries] for award in outcome.awards}
    assert given == {
        "gold": ["01"],
        "silver": ["02", "03"],
        "bronze": ["04", "05", "06", "07", "08"],
        "honourable": ["09", "10", "11", "12", "13"],
    }
    assert table(outcome)[0] == (1, "01", "33.00", None)
    assert "award_extended" in [step.code for award in outcome.awards for step in award.steps]


def test_half_of_a_section_shares_its_awards_one_to_two_to_three():
    """Six awards for twelve; the better poster gets the last second award; one by ruling, one place by ruling."""
    outcome = outcome_of("section-awards")
    assert {award.award: list(award.entries) for award in outcome.awards} == {
        "first": [("01", 1)],
        "second": [("02", 2), ("04", 3)],
        "third": [("05", 3), ("03", 5), ("07", 5), ("09", 9)],
    }
    assert [(s.entry, s.place, s.computed_place) for s in outcome.standings if s.ruled] == [("07", 5, 7)]


def test_the_first_two_of_five_runs_go_on_and_three_are_in_reserve():
    """A, B and C have 110 and 95; the third runs are 80, 81 and none. D and E share the last place of the reserve."""
    (found,) = outcome_of("skills-runs").rounds["skills"].advancing
    assert found.entries == (("B", 1), ("A", 2))
    assert found.reserve == (("C", 3), ("D", 4), ("E", 4))


def test_each_node_and_each_attempt_of_an_example_is_told():
    assert codes(outcome_of("venue-appraisal"), "V1").count("group_value") == 3
    assert codes(outcome_of("diving"), "1").count("attempt_score") == 5
    assert codes(outcome_of("robot-missions"), "C")[-3:] == ["by_adjustment", "by_adjustment", "placed"]


@pytest.mark.parametrize("name", [*BY_HAND, "fair-levels", "section-awards"])
def test_an_example_written_again_is_read_as_the_same(name, tmp_path):
    rules = read_rules((EXAMPLES / name / "rules.toml").read_bytes())
    facts = read_folder(EXAMPLES / name, rules)
    write_folder(tmp_path / "again", facts, rules.data, None)
    assert read_folder(tmp_path / "again", rules) == facts
