"""The record's page: its filters and pages, its tables and its print, and the proof."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

from openpyxl import load_workbook
from sqlalchemy import select, update

from commands.ledgers import FAULTS
from contest import queries, settling, showing
from contest.models import LedgerRow, Mark, Sheet
from organizer import audit_lines
from tests import builders
from tests.builders import NOW
from tests.counting import counted
from tests.fixtures_record import ROOM, lines, seat
from web.db import reading, writing


def test_the_filters_ask_and_the_address_keeps_them(app, final, supervisor, act):
    for at, number in ((0, "01"), (1, "02")):
        builders.give_sheets(app, builders.appearances(app)[at], seats=[1, 2])
        assert len(lines(supervisor.get(f"{ROOM}?contestant={number}"))) == 2
    later = NOW + timedelta(hours=1)
    act(lambda db, contest, appearance, how: showing.adjust(
        db, contest, appearance=appearance, kind="quiz", value="-1", reason="答错", press="", **how
    ), now=later)  # fmt: skip
    one = act(lambda db, contest, appearance, how: seat(db, contest, appearance, 1).seat.public_id)
    me = act(lambda db, contest, appearance, how: how["by"].name)
    for query, count in (
        ("kind=marks", 4), ("kind=findings", 1), ("kind=nonsense", 7), ("contestant=沈知", 3), ("contestant=%25", 0),
        ("contestant=_", 0), (f"who=seat:{one}", 2), (f"who={me}", 1), ("who=nobody", 0), ("round=final", 5),
        ("round=nothing", 0), ("since=2026-05-16T15:30", 1), ("until=2026-05-16T15:29", 6), ("since=yesterday", 7),
        ("kind=marks&contestant=01&since=2026-05-16T15:30", 0), ("before=3", 2), ("before=-1", 7), ("before=x", 7),
    ):  # fmt: skip
        found = supervisor.get(f"{ROOM}?{query}")
        assert (found.status_code, len(lines(found))) == (200, count), query
    page = supervisor.get(f"{ROOM}?kind=marks&contestant=01").text
    assert "2 条记录" in page
    assert f'href="{ROOM}/minutes?kind=marks&amp;contestant=01"' in page
    assert "没有符合条件的记录" in supervisor.get(f"{ROOM}?contestant=nobody").text
    assert "请按 2026-05-16 09:00 的样子" in supervisor.get(f"{ROOM}?since=yesterday").text


def test_a_page_holds_fifty_and_the_next_goes_on_where_it_ends(app, final, supervisor, act):
    def many(db, contest, appearance, how):
        for number in range(120):
            settling.set_office(db, contest, alone=number % 2 == 0, **how)

    act(many)
    address, seen = ROOM, []
    while address:
        page = supervisor.get(address)
        found = [int(line.split()[0]) for line in lines(page)]
        assert len(found) <= 50
        seen += found
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = following and unescape(following[1])
    assert seen == list(range(122, 0, -1))


def test_its_tables_hold_the_same_and_no_cell_runs(supervisor, act, monkeypatch):
    act(lambda db, contest, appearance, how: showing.adjust(
        db, contest, appearance=appearance, kind="quiz", value="-1", reason="=HYPERLINK(1)", press="", **how
    ))  # fmt: skip
    answer = supervisor.get(f"{ROOM}/record.csv?kind=findings")
    assert answer.headers["Cache-Control"] == "no-store"
    heads, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert dict(zip(heads, row, strict=True))["原因"] == "'=HYPERLINK(1)"
    assert row[:6] == ["3", "2026-05-16 14:30:00", "赵总裁", "总裁判", "第 01 号记 −1", "决赛 · 01 · 沈知遥"]
    book = load_workbook(io.BytesIO(supervisor.get(f"{ROOM}/record.xlsx?kind=findings").data))
    assert [str(cell.value) for cell in book.worksheets[0][2]][:9] == row[:9]
    monkeypatch.setattr(audit_lines, "MOST_IN_TABLE", 2)
    shortened = list(csv.reader(io.StringIO(supervisor.get(f"{ROOM}/record.csv").data.decode("utf-8-sig"))))
    assert (len(shortened), shortened[-1][1]) == (4, "只有最新 2 条，其余请缩小范围再导出。")
    assert supervisor.get(f"{ROOM}/record.exe").status_code == 404


def test_the_page_asks_no_more_of_the_database_where_there_is_more_to_tell(app, final, supervisor):
    asked = []
    for at in range(3):
        builders.give_sheets(app, builders.appearances(app)[at])
        supervisor.get(ROOM)
        with counted(app) as statements:
            supervisor.get(ROOM)
        asked.append(len(statements))
    assert asked == [asked[0]] * 3


def test_a_ledger_too_long_for_a_page_is_proved_on_the_server(supervisor, monkeypatch):
    monkeypatch.setattr("organizer.audit.MOST_PROVED", 1)
    assert "flask ledger verify xinghe" in supervisor.get(f"{ROOM}/proof").text


def test_the_printed_record_says_its_filter_the_head_and_who_signs(app, final, supervisor):
    with app.app_context(), reading() as db:
        head = db.scalars(select(LedgerRow.hash).order_by(LedgerRow.seq.desc()).limit(1)).one()
    page = supervisor.get(f"{ROOM}/minutes?kind=rules&since=2026-05-16T09:00").text
    for wanted in ("类别 规则与设置；自 2026-05-16 09:00", head, "打印时共 2 行", "监督组", "总裁判", "2 条"):
        assert wanted in page, wanted
    assert "全部记录" in supervisor.get(f"{ROOM}/minutes").text


def test_the_proof_says_that_all_fits_or_names_the_first_row_that_does_not(app, final, supervisor):
    builders.give_sheets(app, builders.appearances(app)[0])
    page = supervisor.get(f"{ROOM}/proof").text
    assert "记录完整 ✓</b> 9 行首尾相接，7 张评分表" in page
    with app.app_context(), writing() as db:
        db.execute(update(Mark).where(Mark.sheet_id.in_(select(Sheet.id).limit(1))).values(value=Decimal("1.00")))
    page = supervisor.get(f"{ROOM}/proof").text
    assert ("记录完整" in page, "第 3 行对不上：它记下的评分表和现在保存的不同" in page) == (False, True)
    with app.app_context(), writing() as db:
        db.execute(update(LedgerRow).where(LedgerRow.seq == 2).values(payload="{}"))
    assert "第 2 行对不上：内容和写入时不同" in supervisor.get(f"{ROOM}/proof").text


def test_every_fault_has_its_words(app):
    with app.test_request_context("/"):
        assert [what for what in FAULTS if audit_lines.fault_word(what) == what] == []


def test_the_record_has_no_private_note(app, final, supervisor, act):
    builders.give_sheets(app, builders.appearances(app)[0])

    def write(db, contest, appearance, how):
        for sheet in queries.sheets_of(db, appearance).values():
            sheet.note = "私下的话"
        showing.release(db, contest, appearance=appearance, **how)

    act(write)
    for part in ("", "/minutes", "/record.csv"):
        assert "私下的话" not in supervisor.get(f"{ROOM}{part}").get_data(as_text=True)
