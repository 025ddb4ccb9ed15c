"""The contest folder read: what may be left out, what is tolerated and what a folder must be."""

from decimal import Decimal

import pytest

from contest.rules import (
    AdjustmentFact,
    AppearanceFact,
    EntryFact,
    Facts,
    FolderError,
    MarkFact,
    RuleFileError,
    RulingFact,
    SittingFact,
    read_folder,
    read_rules,
)
from tests.rules.making import SMALL_FOLDER, one_round, put

TWO = (
    one_round()
    .data.decode()
    .replace(
        '[rounds.final]\ntitle = "Final"',
        '[rounds.first]\ntitle = "First"\ncriteria = ["lecture"]\npanel = { take = "sum" }\n'
        '[result]\nrounds = ["final"]\n[rounds.final]\ntitle = "Final"',
    )
    .encode()
)


def test_blank_cells_are_none_and_the_only_round_and_criterion_are_filled_in(tmp_path):
    facts = read_folder(put(tmp_path, SMALL_FOLDER), one_round())
    assert facts == Facts(
        entries=(EntryFact("08", None, "Unit", "Name", "Title"), EntryFact("12")),
        appearances=(AppearanceFact("final", "08", 1), AppearanceFact("final", "12", 2)),
        sittings=(
            SittingFact(None, None, "J1", "1"),
            SittingFact(None, None, "J2", "2", last=1),
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
    files = {name: SMALL_FOLDER[name] for name in ("entries.csv", "marks.csv")}
    facts = read_folder(put(tmp_path, files), one_round())
    assert facts.appearances == (AppearanceFact("final", "08", 1), AppearanceFact("final", "12", 2))
    assert facts.sittings == tuple(SittingFact("final", None, judge) for judge in ("J1", "J2", "J2b"))


def test_a_folder_may_be_read_without_rules(tmp_path):
    facts = read_folder(put(tmp_path, SMALL_FOLDER))
    assert facts.marks[0] == MarkFact(None, "08", "J1", None, None, "mark", Decimal("90"))


def test_unknown_files_a_byte_order_mark_crlf_and_blank_lines_are_tolerated(tmp_path):
    plain = read_folder(put(tmp_path / "plain", SMALL_FOLDER), one_round())
    marks = str(SMALL_FOLDER["marks.csv"]).replace("\n", "\r\n").replace("08,J2", "\r\n08,J2")
    files = SMALL_FOLDER | {"notes.xlsx": b"\xff", "expected.csv": "x", "marks.csv": b"\xef\xbb\xbf" + marks.encode()}
    assert read_folder(put(tmp_path / "other", files), one_round()) == plain


def test_the_entry_code_is_text(tmp_path):
    files = {"entries.csv": "entry\n08\n8\n", "marks.csv": "entry,judge,mark\n08,J1,90\n8,J1,80\n"}
    assert [entry.entry for entry in read_folder(put(tmp_path, files), one_round()).entries] == ["08", "8"]


def test_several_rounds_must_be_named(tmp_path):
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, SMALL_FOLDER), read_rules(TWO))
    assert str(caught.value) == (
        "appearances.csv, row 2, column round: nothing found, expected the round to be named: first, final"
    )


def test_a_factor_is_given_once(tmp_path):
    rules = one_round(after='[ { adjust = ["factor"] }, { round = { decimals = 2, mode = "down" } } ]')
    files = SMALL_FOLDER | {"adjustments.csv": "entry,kind,value\n08,factor,1.1\n08,factor,1.2\n"}
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, files), rules)
    assert (caught.value.row, caught.value.column) == (3, "kind")


@pytest.mark.parametrize("path", ["missing", "file", "a\0b", "x" * 5000])
def test_what_is_no_folder_is_said_so(tmp_path, path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError) as caught:
        read_folder(str(tmp_path / path))
    assert str(caught.value).endswith("nothing found, expected a contest folder, or a .zip of one")


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
