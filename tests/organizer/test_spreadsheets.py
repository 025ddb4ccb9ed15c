"""Spreadsheets in and out: looked at before they count, refused by cell, imported once, undone as one."""

from __future__ import annotations

import io
import re
import time

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from contest import queries, showing
from contest.ledger import SYSTEM
from contest.models import Entry, LedgerRow, Person, Role, Seat, Sheet, SheetState, Sitting
from tests import builders
from web import live, workbooks
from web.db import reading

TABLES = "/admin/contests/xinghe/tables"
PAPER = "/admin/contests/xinghe/paper-marks"
HEADS = ["姓名", "姓名读音", "出生日期", "单位", "讲解题目", "指导老师"]
GOOD = ["龚𬭎", "", "1990-03-04", "市气象局", "船为什么不沉", "程老师、石老师"]


def book(*pages: tuple[str, list[list[object]]]) -> io.BytesIO:
    """A spreadsheet of these worksheets."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in pages:
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
        for cell in (cell for row in page.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.data_type = "s"  # A text that begins with = is a text here, no formula.
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    return file


def bring(client, kind: str, file: io.BytesIO, name: str = "报名.xlsx"):
    """Upload a spreadsheet; the answer and the address of its batch."""
    address = PAPER if kind == "marks" else f"{TABLES}/{kind}"
    answer = client.post(address, data={"file": (file, name)}, content_type="multipart/form-data")
    return answer, answer.headers.get("Location", "")


def entries(*rows: list[object]) -> io.BytesIO:
    return book(("报名", [HEADS, *rows]))


def cells(answer) -> list[list[list[object]]]:
    """Every worksheet of a downloaded file, as rows."""
    opened = load_workbook(io.BytesIO(answer.data))
    return [[list(row) for row in page.iter_rows(values_only=True)] for page in opened.worksheets]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def organizer(as_role):
    return as_role(Role.ORGANIZER)


def test_nothing_is_written_until_it_is_imported_and_then_once(app, organizer):
    _answer, batch = bring(organizer, "entries", entries(GOOD))
    page = words(organizer.get(batch).text)
    assert "1 行可以导入" in page
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Entry)) == 3
    for _ in range(2):
        assert organizer.post(f"{batch}/import").status_code == 303
    with app.app_context(), reading() as db:
        entry = db.scalars(select(Entry).order_by(Entry.position.desc()).limit(1)).one()
        assert db.scalar(select(func.count()).select_from(Entry)) == 4
        assert (entry.code, entry.name, entry.unit, entry.title, entry.masked) == (
            "04", "龚𬭎", "市气象局", "船为什么不沉", False,
        )  # fmt: skip
        assert [member.person.name for member in entry.members] == ["龚𬭎", "程老师", "石老师"]
        actions = [row.action.value for row in db.scalars(select(LedgerRow).order_by(LedgerRow.seq.desc()).limit(1))]
    assert actions == ["rows_imported"]


def test_a_bad_cell_is_named_with_row_column_finding_and_remedy_and_the_good_rows_still_come_in(app, organizer):
    _answer, batch = bring(organizer, "entries", entries(
        GOOD, ["周以宁", "", "三月四日", "市卫健委", "一颗疫苗的长征", ""],
        ["石北辰", "", "", "", "听，地磁场在说话", ""],
        ["林疏桐", "", "1988-01-02", "市规划院", "古" * 21, ""], GOOD,
    ))  # fmt: skip
    page = words(organizer.get(batch).text)
    for said in ("3 出生日期 「三月四日」 应为 2012-03-04 这样的日期", "4 单位 空 必须填写", "最多 20 字，这里有 21 字",
                 "每位选手一行。这一行与前面的重复"):  # fmt: skip
        assert said in page
    bad = cells(organizer.get(f"{batch}/bad.xlsx"))[0]
    assert [row[0] for row in bad] == ["姓名", "周以宁", "石北辰", "林疏桐", "龚𬭎"]
    organizer.post(f"{batch}/import")
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Entry)) == 4


def test_whose_age_is_missing_or_below_the_line_is_masked(app, organizer):
    _answer, batch = bring(organizer, "entries", entries(
        ["小满", "", "2016-05-01", "南屿小学", "蚂蚁怎么说话", ""], ["清明", "", "", "南屿小学", "风从哪里来", ""],
    ))  # fmt: skip
    assert "监护人签字的同意书" in organizer.get(batch).text
    organizer.post(f"{batch}/import")
    with app.app_context(), reading() as db:
        masked = dict(db.execute(select(Entry.name, Entry.masked).where(Entry.batch_id.is_not(None))).all())
    assert masked == {"小满": True, "清明": True}


def test_a_batch_is_undone_as_one_unless_something_of_it_is_used(app, organizer):
    _answer, batch = bring(organizer, "entries", entries(GOOD))
    organizer.post(f"{batch}/import")
    for _ in range(2):
        assert organizer.post(f"{batch}/undo").status_code == 303
    with app.app_context(), reading() as db:
        assert db.scalar(select(func.count()).select_from(Entry)) == 3
        assert db.scalar(select(func.count()).select_from(Person).where(Person.name == "龚𬭎")) == 0
    assert "已撤销" in organizer.get(TABLES).text


@pytest.mark.parametrize("file, said", [
    (io.BytesIO(b"name,unit"), "文件内容不是Excel 表格"), (io.BytesIO(b""), "没有选择文件"),
    (book(("报名", [["名字", "学校"], ["龚𬭎", "市气象局"]])), "表里要有这一列"),
    (book(("报名", [HEADS])), "表里现在是空的"),
])  # fmt: skip
def test_a_file_that_is_no_template_of_ours_is_refused_in_words(organizer, file, said):
    answer, batch = bring(organizer, "entries", file)
    page = answer.text if answer.status_code == 422 else organizer.get(batch).text
    assert said in page
    assert "可以导入" not in page or "0" in re.findall(r"good\">(\d+)", page)


def test_judges_take_empty_seats_and_leave_them_again(app, organizer):
    _answer, batch = bring(organizer, "judges", book(("评委", [
        ["评委组", "席位", "评委姓名"], ["A", 8, "方知否"], ["A", 9, ""], ["A", 1, "有人了"], ["B", "x", "叶某"],
    ])))  # fmt: skip
    page = words(organizer.get(batch).text)
    assert "空着的席位。第 1 席已经有人" in page
    assert "席位的号码，例如 3" in page
    organizer.post(f"{batch}/import")
    eighth = select(Sitting).join(Sitting.seat).where(Seat.number == 8)
    with app.app_context(), reading() as db:
        assert db.scalars(eighth).one().person.name == "方知否"
    organizer.post(f"{batch}/undo")
    with app.app_context(), reading() as db:
        assert db.scalars(eighth).one_or_none() is None


def paper(client) -> io.BytesIO:
    """The template of marks with seat 1's sheet for no. 01 filled in."""
    opened = load_workbook(io.BytesIO(client.get(f"{PAPER}/template.xlsx").data))
    page = opened.worksheets[0]
    for column, mark in enumerate(("27.50", 26, 8.5, "26"), start=3):
        page.cell(row=2, column=column, value=mark)
    file = io.BytesIO()
    opened.save(file)
    file.seek(0)
    return file


def test_marks_from_paper_are_typed_by_one_and_imported_by_another(app, final, as_role):
    chief, keeper = as_role(Role.CHIEF), as_role(Role.SCOREKEEPER)
    typed = paper(keeper)
    _answer, batch = bring(keeper, "marks", io.BytesIO(typed.getvalue()))
    assert "请另一位工作人员登录后打开这一页" in keeper.get(batch).text
    assert keeper.post(f"{batch}/import").status_code == 409
    assert chief.post(f"{batch}/import").status_code == 303
    with app.app_context(), reading() as db:
        first = queries.appearance_of(db, queries.contest_by_slug(db, final), builders.appearances(app)[0])
        sheets = list(queries.sheets_of(db, first).values())
        assert [(s.state, [format(mark.value, "f") for mark in s.marks]) for s in sheets] == [
            (SheetState.SUBMITTED, ["27.50", "26", "8.5", "26"])
        ]
    assert "这一席已经提交" in chief.get(bring(keeper, "marks", typed)[1]).text
    assert chief.post(f"{batch}/undo").status_code == 303
    with app.app_context(), reading() as db:
        assert db.scalars(select(Sheet)).one().state is SheetState.RETURNED


def test_a_mark_out_of_range_or_left_out_stops_its_row(as_role):
    keeper = as_role(Role.SCOREKEEPER)
    template = load_workbook(io.BytesIO(keeper.get(f"{PAPER}/template.xlsx").data))
    page = template.worksheets[0]
    page.cell(row=2, column=3, value=35)
    file = io.BytesIO()
    template.save(file)
    file.seek(0)
    report = words(keeper.get(bring(keeper, "marks", file)[1]).text)
    assert "内容陈述 「35」" in report
    assert "表达效果 空 这一项的分数" in report


def test_entries_are_the_organizers_and_marks_the_scorekeepers(as_role):
    keeper, organizer = as_role(Role.SCOREKEEPER), as_role(Role.ORGANIZER)
    assert bring(keeper, "entries", entries(GOOD))[0].status_code == 403
    assert bring(organizer, "marks", entries(GOOD))[0].status_code == 403
    _answer, batch = bring(organizer, "entries", entries(GOOD))
    for act in ("", "/bad.xlsx"):
        assert keeper.get(f"{batch}{act}").status_code == 403
    assert keeper.post(f"{batch}/import").status_code == 403
    # The other room's address does not open a batch either.
    assert keeper.get(batch.replace("/tables/", "/paper-marks/")).status_code == 404
    assert organizer.post(f"{TABLES}/marks", data={}).status_code == 404
    assert organizer.get(f"{TABLES}/marks-template.xlsx").status_code == 404


def test_what_goes_out_is_what_the_pages_show_and_no_cell_runs(app, final, organizer):
    _answer, batch = bring(organizer, "entries", entries(["=1+1", "", "1990-01-01", "@SUM(A1)", "-2+3", ""]))
    organizer.post(f"{batch}/import")
    rows = cells(organizer.get(f"{TABLES}/entries.xlsx"))[0]
    assert rows[-1][1] == "'=1+1"
    assert rows[-1][4] == "'@SUM(A1)"
    judges = cells(organizer.get(f"{TABLES}/people.xlsx"))[0]
    assert judges[1] == ["A", 1, "许清和"]
    assert organizer.get(f"{TABLES}/nonsense.xlsx").status_code == 404


def test_the_results_sheet_has_seats_dropped_marks_and_places_of_what_is_released(app, final, organizer):
    first = builders.appearances(app)[0]
    builders.give_sheets(app, first)
    assert cells(organizer.get(f"{TABLES}/results.xlsx"))[0][1:] == []
    with app.app_context(), live.changing(final) as (db, contest):
        appearance = queries.appearance_of(db, contest, first)
        showing.call(db, contest, appearance=appearance, now=builders.NOW)
        showing.release(db, contest, appearance=appearance, by=SYSTEM, now=builders.NOW)
    heads, row = cells(organizer.get(f"{TABLES}/results.xlsx"))[0]
    assert heads[:4] == ["名次", "出场号", "姓名", "单位"]
    assert row[:3] == [1, "01", "沈知遥"]
    assert sum(str(cell).startswith("（") for cell in row) == 2
    assert row[heads.index("最终得分")] == 87.5


def test_a_file_that_breaks_its_reader_in_any_way_is_refused(app, organizer):
    for broken in (locked(), without_pages()):
        answer, batch = bring(organizer, "entries", broken)
        assert answer.status_code == 303
        assert organizer.get(batch).status_code == 422


def test_a_seat_of_five_thousand_digits_is_no_seat(app, organizer):
    _answer, batch = bring(organizer, "judges", book(("评委", [["席位", "评委姓名"], ["9" * 5000, "许清和"]])))
    assert "席位的号码，例如 3" in organizer.get(batch).text


def test_a_row_that_was_only_coloured_far_below_is_not_waited_for(tmp_path):
    made = Workbook()
    made.active.append(["姓名"])
    made.active.append(["龚𬭎"])
    made.active.cell(row=1_000_000, column=1).value = "太远"
    made.save(tmp_path / "far.xlsx")
    began = time.monotonic()
    assert [row.cells for row in workbooks.read(tmp_path / "far.xlsx")[0].rows] == [{"姓名": "龚𬭎"}]
    assert time.monotonic() - began < 2


def locked() -> io.BytesIO:
    """A spreadsheet whose parts say that they need a password."""
    file = bytearray(entries(GOOD).getvalue())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = file.find(mark)
        while found >= 0:
            file[found + at] |= 1
            found = file.find(mark, found + 4)
    return io.BytesIO(bytes(file))


def without_pages() -> io.BytesIO:
    """A spreadsheet of a chart alone."""
    made = Workbook()
    made.create_chartsheet("图")
    made.remove(made.active)
    file = io.BytesIO()
    made.save(file)
    return io.BytesIO(file.getvalue())
