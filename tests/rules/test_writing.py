"""The contest folder written: reading it again loses nothing, and nothing in it runs in a spreadsheet."""

from decimal import Decimal

import pytest

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    AssignmentFact,
    EntryFact,
    Facts,
    FolderError,
    MarkFact,
    MemberFact,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_folder,
    write_folder,
)
from tests.rules.making import FIXTURES, one_round

FACTS = Facts(
    entries=(EntryFact("08", "少年组", "=1+1", "'quoted", "-1"), EntryFact("12", None, "'=x", "@you", 'a\r\nb,"c"')),
    members=(MemberFact("08", 1, "+1", "author"), MemberFact("08", 2, "''", "teacher")),
    appearances=(AppearanceFact("final", "12", 1, "A1", "p"), AppearanceFact("final", "08", 2, "08", "p")),
    sittings=(SittingFact("final", "p", "J1", "1", "scoring", None, 9), SittingFact("final", None, "J2")),
    assignments=(AssignmentFact("final", "08", "J1"), AssignmentFact("final", "08", "J2")),
    marks=(MarkFact("final", "08", "J1", "lecture", 1, "mark", Decimal("90.50")),),
    adjustments=(AdjustmentFact("final", "08", None, None, "quiz", Decimal("-1.00")),),
    rulings=(
        RulingFact("final", "12", None, None, None, "withdrawn", None),
        RulingFact("final", "08", None, None, None, "lot", "2"),
    ),
)


def test_what_is_written_is_read_back_equal_and_byte_for_byte(tmp_path):
    rules = one_round()
    result = outcome_json(compute(rules, FACTS))
    write_folder(tmp_path / "a", FACTS, rules.data, result, head="ab" * 32)
    again = read_folder(tmp_path / "a")
    assert again == FACTS
    write_folder(tmp_path / "b", again, rules.data, result, head="ab" * 32)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [
        "adjustments.csv",
        "appearances.csv",
        "assignments.csv",
        "entries.csv",
        "judges.csv",
        "marks.csv",
        "members.csv",
        "rules.toml",
        "rulings.csv",
        "standings.json",
    ]
    assert {n: (tmp_path / "a" / n).read_bytes() for n in names} == {
        n: (tmp_path / "b" / n).read_bytes() for n in names
    }


def test_texts_that_a_spreadsheet_would_run_are_guarded_and_numbers_are_not(tmp_path):
    write_folder(tmp_path, FACTS, one_round().data, None)
    assert (tmp_path / "entries.csv").read_bytes() == (
        "entry,division,unit,name,title\n08,少年组,'=1+1,'quoted,'-1\n12,,''=x,'@you,\"a\r\nb,\"\"c\"\"\"\n".encode()
    )
    assert (tmp_path / "adjustments.csv").read_text() == "round,entry,attempt,judge,kind,value\nfinal,08,,,quiz,-1.00\n"


def test_an_old_folder_is_replaced_only_on_request_and_then_wholly(tmp_path):
    rules = one_round()
    write_folder(tmp_path, FACTS, rules.data, outcome_json(compute(rules, FACTS)))
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FolderError):
        write_folder(tmp_path, FACTS, rules.data, None)
    small = Facts(entries=(EntryFact("1"),))
    write_folder(tmp_path, small, rules.data, None, replace=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "appearances.csv",
        "entries.csv",
        "notes.txt",
        "rules.toml",
    ]
    assert read_folder(tmp_path) == small


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError):
        write_folder(tmp_path / "file", FACTS, one_round().data, None)


def test_a_real_segment_survives_the_round_trip(tmp_path):
    for folder in sorted(path for path in (FIXTURES / "skating").iterdir() if path.is_dir()):
        facts = read_folder(folder)
        write_folder(tmp_path / folder.name, facts, b"", None)
        (tmp_path / folder.name / "rules.toml").unlink()
        assert read_folder(tmp_path / folder.name) == facts
