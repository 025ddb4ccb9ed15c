"""The contest folder in and out: what may be left out, what is refused and how, and that writing loses nothing."""
import os
from decimal import Decimal
from pathlib import Path

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
    RuleFileError,
    RulingFact,
    SittingFact,
    compute,
    outcome_json,
    read_folder,
    read_rules,
    write_folder,
)
from tests.rules.making import FIXTURES, one_round

TWO = one_round().data.decode().replace(
    '[rounds.final]\ntitle = "Final"', '[rounds.first]\ntitle = "First"\ncriteria = ["lecture"]\npanel = { take = "sum" }\n'
    '[result]\nrounds = ["final"]\n[rounds.final]\ntitle = "Final"').encode()
BASE = {
    "entries.csv": "entry,division,unit,name,title\n08,,Unit,Name,Title\n12,,,,\n",
    "appearances.csv": "entry,order,number,panel\n08,1,,\n12,2,,\n",
    "judges.csv": "judge,seat,from,until\nJ1,1,,\nJ2,2,,1\nJ2b,2,2,\n",
    "marks.csv": "entry,judge,mark\n08,J1,90\n08,J2,91.5\n12,J1,80\n12,J2b,81.25\n",
    "adjustments.csv": "entry,kind,value\n08,quiz,-1\n",
    "rulings.csv": "entry,judge,criterion,kind,value\n12,,,withdrawn,\n",
}


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_blank_cells_are_none_and_the_only_round_and_criterion_are_filled_in(tmp_path):
    facts = read_folder(put(tmp_path, BASE), one_round())
    assert facts == Facts(
        entries=(EntryFact("08", None, "Unit", "Name", "Title"), EntryFact("12")),
        appearances=(AppearanceFact("final", "08", 1), AppearanceFact("final", "12", 2)),
        sittings=(
            SittingFact(None, None, "J1", "1"), SittingFact(None, None, "J2", "2", last=1),
            SittingFact(None, None, "J2b", "2", first=2),
        ),
        marks=(
            MarkFact("final", "08", "J1", "lecture", None, "mark", Decimal("90")),
            MarkFact("final", "08", "J2", "lecture", None, "mark", Decimal("91.5")),
            MarkFact("final", "12", "J1", "lecture", None, "mark", Decimal("80")),
            MarkFact("final", "12", "J2b", "lecture", None, "mark", Decimal("81.25")),
        ),
        adjustments=(AdjustmentFact("final", "08", None, None, "quiz", Decimal(-1)),),
        rulings=(RulingFact("final", "12", None, None, None, "withdrawn", None),),
    )


def test_without_appearances_and_judges_everybody_appears_and_the_markers_are_the_judges(tmp_path):
    files = {name: BASE[name] for name in ("entries.csv", "marks.csv")}
    facts = read_folder(put(tmp_path, files), one_round())
    assert facts.appearances == (AppearanceFact("final", "08", 1), AppearanceFact("final", "12", 2))
    assert facts.sittings == tuple(SittingFact("final", None, judge) for judge in ("J1", "J2", "J2b"))


def test_a_folder_may_be_read_without_rules(tmp_path):
    facts = read_folder(put(tmp_path, BASE))
    assert facts.marks[0] == MarkFact(None, "08", "J1", None, None, "mark", Decimal("90"))


def test_unknown_files_a_byte_order_mark_crlf_and_blank_lines_are_tolerated(tmp_path):
    plain = read_folder(put(tmp_path / "plain", BASE), one_round())
    marks = str(BASE["marks.csv"]).replace("\n", "\r\n").replace("08,J2", "\r\n08,J2")
    files = BASE | {"notes.xlsx": b"\xff", "expected.csv": "x", "marks.csv": b"\xef\xbb\xbf" + marks.encode()}
    assert read_folder(put(tmp_path / "other", files), one_round()) == plain


def test_the_entry_code_is_text(tmp_path):
    files = {"entries.csv": "entry\n08\n8\n", "marks.csv": "entry,judge,mark\n08,J1,90\n8,J1,80\n"}
    assert [entry.entry for entry in read_folder(put(tmp_path, files), one_round()).entries] == ["08", "8"]


# (file, its content, the line that is said)
WRONG = [
    ("marks.csv", "entry,judge,mark\n08,J1,90\n08,J1,91\n",
     'marks.csv, row 3, column mark: found "91", expected no repetition of row 2'),
    ("marks.csv", "entry,judge,mark\n8,J1,90\n", 'marks.csv, row 2, column entry: found "8", expected one that entries.csv has'),
    ("marks.csv", "entry,judge,mark\n08,J9,90\n", 'marks.csv, row 2, column judge: found "J9", expected a judge of this round'),
    ("marks.csv", "entry,judge,mark\n12,J2,90\n",
     "marks.csv, row 2, column judge: found \"J2\", expected an appearance inside this judge's sitting"),
    ("marks.csv", "entry,judge,mark\n08,J1,100.01\n", 'marks.csv, row 2, column mark: found "100.01", expected at most 100'),
    ("marks.csv", "entry,judge,mark\n08,J1,-1\n", 'marks.csv, row 2, column mark: found "-1", expected at least 0'),
    ("marks.csv", "entry,judge,mark\n08,J1,9.999\n", 'marks.csv, row 2, column mark: found "9.999", expected a multiple of 0.01'),
    ("marks.csv", "entry,judge,mark\n08,J1,NaN\n",
     'marks.csv, row 2, column mark: found "NaN", expected a plain number such as 27.5'),
    ("marks.csv", "entry,judge,mark\n08,J1,\n", "marks.csv, row 2, column mark: nothing found, expected a value"),
    ("marks.csv", "entry,judge,mark\n\n\n08,J1,x\n",
     'marks.csv, row 4, column mark: found "x", expected a plain number such as 27.5'),
    ("marks.csv", 'entry,judge,mark\n"08",J1,"9\n0"\n',
     'marks.csv, row 2, column mark: found "9\\n0", expected a code without spaces around it or line breaks'),
    ("marks.csv", "entry,judge,criterion,mark\n08,J1,dance,90\n",
     'marks.csv, row 2, column criterion: found "dance", expected one of the rule file: lecture'),
    ("marks.csv", "round,entry,judge,mark\nsemi,08,J1,90\n",
     'marks.csv, row 2, column round: found "semi", expected one of the rule file: final'),
    ("marks.csv", "entry,judge,attempt,mark\n08,J1,2,90\n",
     'marks.csv, row 2, column attempt: found "2", expected only attempt 1: the rules use no further attempts'),
    ("marks.csv", "entry,judge,kind,mark\n08,J1,review,90\n",
     'marks.csv, row 2, column kind: found "review", expected only mark: the rules use no review marks'),
    ("marks.csv", "entry,judge,mark,colour\n08,J1,90,red\n",
     'marks.csv, row 1, column colour: found "colour", '
     "expected known columns: round, entry, judge, criterion, attempt, kind, mark"),
    ("marks.csv", "entry,entry,judge,mark\n", 'marks.csv, row 1, column entry: found "entry", expected each column only once'),
    ("marks.csv", "entry,mark\n08,90\n", "marks.csv, row 1, column judge: nothing found, expected this column to be there"),
    ("marks.csv", "", "marks.csv, row 1, column entry: nothing found, expected this column to be there"),
    ("marks.csv", "entry,judge,mark\n08,J1\n", "marks.csv, row 2: found 2, expected 3 cells"),
    ("marks.csv", 'entry,judge,mark\n08,J1,"90', "marks.csv, row 2: found \"unexpected end of data\", expected correct CSV"),
    ("marks.csv", b"entry,judge,mark\n08,J1,\xff\n", 'marks.csv, row 2: found "byte ff", expected text in UTF-8'),
    ("marks.csv", b"entry,judge,mark\n08,\xed\xa0\x80,90\n", 'marks.csv, row 2: found "byte ed", expected text in UTF-8'),
    ("entries.csv", "entry\n08\n08\n", 'entries.csv, row 3, column entry: found "08", expected no repetition of row 2'),
    ("entries.csv", "entry\n 08\n",
     'entries.csv, row 2, column entry: found " 08", expected a code without spaces around it or line breaks'),
    ("entries.csv", "entry,unit\n,x\n", "entries.csv, row 2, column entry: nothing found, expected a value"),
    ("members.csv", "entry,order,role\n08,1,boss\n",
     'members.csv, row 2, column role: found "boss", expected one of author, teacher'),
    ("appearances.csv", "entry\n08\n08\n12\n", 'appearances.csv, row 3, column entry: found "08", expected no repetition of row 2'),
    ("appearances.csv", "entry,order\n08,1\n12,1\n",
     'appearances.csv, row 3, column order: found "1", expected a running number of its own (row 2 has it)'),
    ("appearances.csv", "entry,order\n08,first\n",
     'appearances.csv, row 2, column order: found "first", expected a whole number from 1 to 1000000'),
    ("appearances.csv", "entry,order\n12,1\n",
     'marks.csv, row 2, column entry: found "08", expected an entry that appears in this round'),
    ("judges.csv", "judge,seat,from,until\nJ1,1,,\nJ2,1,5,\n",
     'judges.csv, row 3, column seat: found "1", expected a seat that is free at that time'),
    ("judges.csv", "judge,from,until\nJ1,5,4\n", 'judges.csv, row 2, column until: found "4", expected not before from (5)'),
    ("judges.csv", "judge,role\nJ1,tiebreak\n", 'judges.csv, row 2, column role: found "tiebreak", expected one of scoring'),
    ("assignments.csv", "entry,judge\n08,J9\n", 'assignments.csv, row 2, column judge: found "J9", expected a judge of this round'),
    ("assignments.csv", "entry,judge\n08,J1\n",
     'marks.csv, row 3, column judge: found "J2", expected a judge assigned to this entry'),
    ("adjustments.csv", "entry,kind,value\n08,prize,1\n",
     'adjustments.csv, row 2, column kind: found "prize", expected one of the rule file: quiz, late, over, bonus'),
    ("adjustments.csv", "entry,kind,value\n08,quiz,1\n", 'adjustments.csv, row 2, column value: found "1", expected at most 0'),
    ("adjustments.csv", "entry,judge,kind,value\n08,J1,quiz,-1\n",
     'adjustments.csv, row 2, column judge: found "J1", '
     "expected a blank cell: the rules use no adjustments by a single judge"),
    ("rulings.csv", "entry,kind\n08,promoted\n",
     'rulings.csv, row 2, column kind: found "promoted", '
     "expected one of zero, void, recused, absent, withdrawn, disqualified, lot"),
    ("rulings.csv", "entry,kind\n08,absent\n", "rulings.csv, row 2, column judge: nothing found, expected a value"),
    ("rulings.csv", "kind\nwithdrawn\n", "rulings.csv, row 2, column entry: nothing found, expected a value"),
    ("rulings.csv", "entry,kind,value\n08,lot,first\n",
     'rulings.csv, row 2, column value: found "first", expected a whole number from 1 to 999999'),
    ("rulings.csv", "entry,kind,value\n08,lot,1\n08,lot,2\n",
     'rulings.csv, row 3, column value: found "2", expected no repetition of row 2'),
    ("rulings.csv", "entry,kind,value\n08,zero,0\n", 'rulings.csv, row 2, column value: found "0", expected a blank cell'),
    ("rulings.csv", "entry,criterion,kind\n08,dance,zero\n",
     'rulings.csv, row 2, column criterion: found "dance", expected one of the rule file: lecture'),
    ("rulings.csv", "entry,judge,kind\n08,J1,withdrawn\n", 'rulings.csv, row 2, column judge: found "J1", expected a blank cell'),
]


@pytest.mark.parametrize(("file", "content", "said"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)])
def test_a_wrong_folder_is_refused_in_one_line(tmp_path, file, content, said):
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, BASE | {file: content}), one_round())
    assert str(caught.value) == said
    assert len(caught.value.in_("zh").splitlines()) == 1


def test_several_rounds_must_be_named(tmp_path):
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, BASE), read_rules(TWO))
    assert str(caught.value) == (
        "appearances.csv, row 2, column round: nothing found, expected the round to be named: first, final"
    )


def test_a_factor_is_given_once(tmp_path):
    rules = one_round(after='[ { adjust = ["factor"] }, { round = { decimals = 2, mode = "down" } } ]')
    files = BASE | {"adjustments.csv": "entry,kind,value\n08,factor,1.1\n08,factor,1.2\n"}
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, files), rules)
    assert (caught.value.row, caught.value.column) == (3, "kind")


@pytest.mark.parametrize("path", ["missing", "file", "a\0b", "x" * 5000])
def test_what_is_no_folder_is_said_so(tmp_path, path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError) as caught:
        read_folder(str(tmp_path / path))
    assert str(caught.value).endswith("nothing found, expected a contest folder")


def test_a_directory_in_place_of_a_file_is_said_so(tmp_path):
    put(tmp_path, {"entries.csv": "entry\n08\n"})
    (tmp_path / "marks.csv").mkdir()
    with pytest.raises(FolderError) as caught:
        read_folder(tmp_path)
    assert str(caught.value) == 'marks.csv: found "Is a directory", expected a readable file'
    (tmp_path / "rules.toml").mkdir()
    with pytest.raises(FolderError):
        read_folder(tmp_path)


def test_a_folder_without_entries_or_with_a_wrong_rule_file_is_refused(tmp_path):
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, {"marks.csv": ""}))
    assert str(caught.value) == "entries.csv: nothing found, expected a readable file"
    with pytest.raises(RuleFileError):
        read_folder(put(tmp_path, {"entries.csv": "entry\n", "rules.toml": "format = 7"}))


FACTS = Facts(
    entries=(EntryFact("08", "少年组", "=1+1", "'quoted", "-1"), EntryFact("12", None, "'=x", "@you", "a\r\nb,\"c\"")),
    members=(MemberFact("08", 1, "+1", "author"), MemberFact("08", 2, "''", "teacher")),
    appearances=(AppearanceFact("final", "12", 1, "A1", "p"), AppearanceFact("final", "08", 2, "08", "p")),
    sittings=(SittingFact("final", "p", "J1", "1", "scoring", None, 9), SittingFact("final", None, "J2")),
    assignments=(AssignmentFact("final", "08", "J1"), AssignmentFact("final", "08", "J2")),
    marks=(MarkFact("final", "08", "J1", "lecture", 1, "mark", Decimal("90.50")),),
    adjustments=(AdjustmentFact("final", "08", None, None, "quiz", Decimal("-1.00")),),
    rulings=(RulingFact("final", "12", None, None, None, "withdrawn", None), RulingFact("final", "08", None, None, None, "lot", "2")),
)


def test_what_is_written_is_read_back_equal_and_byte_for_byte(tmp_path):
    rules = one_round()
    result = outcome_json(compute(rules, FACTS))
    write_folder(tmp_path / "a", FACTS, rules.data, result, head="ab" * 32)
    again = read_folder(tmp_path / "a")
    assert again == FACTS
    write_folder(tmp_path / "b", again, rules.data, result, head="ab" * 32)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == ["adjustments.csv", "appearances.csv", "assignments.csv", "entries.csv", "judges.csv", "marks.csv",
                     "members.csv", "rules.toml", "rulings.csv", "standings.json"]
    assert {n: (tmp_path / "a" / n).read_bytes() for n in names} == {n: (tmp_path / "b" / n).read_bytes() for n in names}


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
    assert sorted(path.name for path in tmp_path.iterdir()) == ["appearances.csv", "entries.csv", "notes.txt", "rules.toml"]
    assert read_folder(tmp_path) == small


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError):
        write_folder(tmp_path / "file", FACTS, one_round().data, None)


def test_a_real_segment_survives_the_round_trip(tmp_path):
    for folder in sorted(path for path in (FIXTURES / "skating").iterdir() if path.is_dir()):
        facts = read_folder(folder)
        write_folder(tmp_path / folder.name, facts, b"", None)
        os.remove(tmp_path / folder.name / "rules.toml")
        assert read_folder(tmp_path / folder.name) == facts
