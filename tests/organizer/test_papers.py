"""Paper: what each sheet says, when it may be printed, and that every name fits and can be read back."""

from __future__ import annotations

import io
import re
import subprocess
from datetime import UTC, datetime

import pytest
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from contest import ordering, queries, sealing, showing
from contest.ledger import SYSTEM
from contest.models import Account, Act, Appearance, Break, Entry, Role, RoundState, Ruling, RulingKind, Seal
from organizer import paper_rows, sheets_summary
from tests import builders
from tests.registrations import add_reviewer
from web.db import reading, writing
from web.paper import table
from web.paper.table import Cell, Column
from web.paper.type import fitted

ROOM = "/admin/contests/xinghe/papers"
SUMMARY, MARKS, ORDER = (f"{ROOM}/final/{name}.pdf" for name in ("summary", "marks", "order"))
RARE = ("㛃䶮", "𠅤𬭎", "阿依努尔·艾山·买买提明·吐尔逊江")
LONG_TITLE = "为什么我们听得见雷声却看不见它的真实形状"


def text(client, address, **query):
    """A PDF's text as pdftotext reads it, page by page, without spaces."""
    answer = client.get(address, query_string=query)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text[-600:]
    done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=answer.data, capture_output=True, check=True)
    return [re.sub(r"\s+", "", page) for page in done.stdout.decode().split("\f")[:-1]]


def release_all(app, slug="xinghe"):
    for at, appearance in enumerate(builders.appearances(app, slug)):
        for seat in range(1, 8):
            builders.give_sheets(app, appearance, slug=slug, seats=[seat], content=f"{20 + at + seat * 0.11:.2f}")
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        for appearance in builders.appearances(app, slug):
            found = queries.appearance_of(db, contest, appearance)
            showing.release(db, contest, appearance=found, by=SYSTEM, now=builders.NOW)


@pytest.fixture
def big(app):
    """A final of eighteen, three of them with rare or long names, one with a title of twenty characters."""
    slug = builders.make_contest(app, entries=18, judges=7)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        contest.starts_at, contest.place = datetime(2026, 5, 16, 1, tzinfo=UTC), "星河市科技馆银杏报告厅"
        for entry, name in zip(db.scalars(select(Entry).order_by(Entry.position)), RARE, strict=False):
            entry.name, entry.title = name, LONG_TITLE
    return slug


@pytest.fixture
def organizer(app, big):
    return builders.client_of(app, builders.make_account(app, "organizer", Role.ORGANIZER, contest=big))


def test_the_summary_waits_until_every_score_is_out_and_says_which_are_held(app, organizer):
    assert organizer.get(SUMMARY).status_code == 409
    assert "还有 18 位的成绩没有发布" in organizer.get(ROOM).text
    release_all(app)
    assert organizer.get(SUMMARY).status_code == 200


def test_the_summary_has_every_name_place_and_mark_on_numbered_pages(app, organizer):
    release_all(app)
    pages = text(organizer, SUMMARY)
    assert len(pages) == 2
    assert ("第1页，共2页" in pages[0], "第2页，共2页" in pages[1]) == (True, True)
    whole = "".join(pages)
    wanted = (*RARE, LONG_TITLE, "评委7", "记分员：", "监督组：", "总裁判：")
    assert [name for name in wanted if name not in whole] == []
    assert "HZ-0516-2" in pages[1]
    assert "本轮尚未封存" in pages[1]


def test_the_highest_and_the_lowest_mark_of_a_line_are_struck(app, organizer):
    release_all(app)
    with app.test_request_context(), reading() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        result = paper_rows.result(db, contest, queries.round_of(db, contest, "final"))
        lines = result.groups[None]
        row = sheets_summary.row_of(result, lines[0], lines)
    assert [cell.text for cell in row if isinstance(cell, Cell) and cell.struck] == ["97.61", "98.27"]


def test_a_struck_cell_is_grey_with_a_line_through_it(app):
    drawn = {}
    for struck in (False, True):
        out = io.BytesIO()
        canvas = Canvas(out, pageCompression=0, invariant=1)
        table.draw(canvas, 36, 500, [Column("评委 1", 60)], [[Cell("88.50", struck)]], row=20, head=20)
        canvas.save()
        drawn[struck] = out.getvalue()
    lines = {struck: pdf.count(b" l S") for struck, pdf in drawn.items()}
    assert lines[True] == lines[False] + 1
    assert (b".45 g" in drawn[True], b".45 g" in drawn[False]) == (True, False)


def test_a_sealed_rounds_summary_carries_its_seal_and_the_ledger(app, organizer):
    release_all(app)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        round_ = queries.round_of(db, contest, "final")
        sealing.move(db, contest, round_=round_, to=RoundState.LOCKED, by=SYSTEM, now=builders.NOW)
        people = [Account(username=n, display_name=n, password_hash="", created_at=builders.NOW) for n in ("a", "b")]
        db.add_all(people)
        db.flush()
        sealing.propose(
            db, contest, round_=round_, act=Act.SEAL, account=people[0], reason="", by=SYSTEM, now=builders.NOW
        )
        sealing.confirm(db, contest, round_=round_, account=people[1], by=SYSTEM, now=builders.NOW)
        head = db.scalars(select(Seal)).one()
        wanted = (f"台账第{head.ledger_seq}行", head.ledger_hash[:24])
    last = text(organizer, SUMMARY)[-1]
    assert ("第1次封存" in last, *(part in last for part in wanted)) == (True, True, True)


def test_blank_score_sheets_carry_no_mark_and_filled_ones_only_what_is_out(app, organizer):
    first, second, *_ = builders.appearances(app)
    builders.give_sheets(app, first, content="23.45")
    builders.give_sheets(app, second, content="21.09")
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        found = queries.appearance_of(db, contest, first)
        showing.release(db, contest, appearance=found, by=SYSTEM, now=builders.NOW)
    for by in ("judge", "contestant"):
        blank, filled = "".join(text(organizer, MARKS, by=by)), "".join(text(organizer, MARKS, by=by, filled=1))
        assert ("23.45" in blank, "23.45" in filled, "21.09" in filled) == (False, True, False)
        assert all(name in blank for name in RARE)


def test_there_is_a_score_sheet_for_every_judge_or_every_contestant(organizer):
    assert len(text(organizer, MARKS)) == 7 * 2
    per_contestant = text(organizer, MARKS, by="contestant")
    assert len(per_contestant) == 18
    assert all(name in per_contestant[0] for name in builders.JUDGES)
    assert organizer.get(MARKS, query_string={"by": "x"}).status_code == 400


def test_the_order_list_keeps_gaps_and_breaks(app, organizer):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        round_ = queries.round_of(db, contest, "final")
        out = db.scalars(select(Entry).where(Entry.code == "12")).one()
        db.add_all([
            Break(round_id=round_.id, after=9, title="茶歇", minutes=15),
            Ruling(contest_id=contest.id, entry_id=out.id, kind=RulingKind.WITHDRAWN, created_at=builders.NOW),
        ])  # fmt: skip
    page = "".join(text(organizer, ORDER))
    numbers = re.findall(r"(?<!\d)(0[1-9]|1[0-8])(?!\d)", page)
    assert [n for n in (f"{n:02d}" for n in range(1, 19)) if n not in numbers] == []
    assert ("茶歇，15分钟" in page, page.count("弃权")) == (True, 1)
    assert page.index("茶歇") > page.index("09阿依努尔·艾山" if "09阿依努尔·艾山" in page else "09")


def test_passes_are_eight_to_a_sheet_and_leave_out_who_withdrew(app, organizer):
    assert len(text(organizer, f"{ROOM}/passes.pdf")) == 3
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        for entry in db.scalars(select(Entry).where(Entry.code.in_(["17", "18"]))):
            db.add(Ruling(
                contest_id=contest.id, entry_id=entry.id, kind=RulingKind.WITHDRAWN, created_at=builders.NOW
            ))  # fmt: skip
    pages = text(organizer, f"{ROOM}/passes.pdf")
    assert len(pages) == 2
    assert all(name in "".join(pages) for name in RARE)


def test_the_sign_in_list_has_everybody(organizer):
    pages = text(organizer, f"{ROOM}/sign-in.pdf")
    assert all(name in "".join(pages) for name in RARE)


def test_the_same_sheet_has_the_same_bytes(organizer):
    assert organizer.get(ORDER).data == organizer.get(ORDER).data


@pytest.mark.parametrize("lang, words", [("zh", "出场顺序表"), ("en", "Runningorder")])
def test_a_sheet_speaks_the_pages_language(organizer, lang, words):
    assert words in text(organizer, ORDER, lang=lang)[0]


def test_what_no_font_can_draw_is_listed_before_printing(app, organizer):
    assert "打印出来会是方框" not in organizer.get(ROOM).text
    with app.app_context(), writing() as db:
        db.scalars(select(Entry)).first().name = "王\U0003f123"
    page = organizer.get(ROOM).text
    assert ("打印出来会是方框" in page, "\U0003f123" in page) == (True, True)


@pytest.mark.parametrize("role, wanted", [
    (Role.CHIEF, (200, 403)), (Role.SCOREKEEPER, (200, 403)), (Role.STEWARD, (403, 403)),
])  # fmt: skip
def test_chief_and_scorekeeper_print_score_sheets_and_not_passes(app, big, role, wanted):
    client = builders.client_of(app, builders.make_account(app, role.value, role, contest=big))
    assert (client.get(MARKS).status_code, client.get(f"{ROOM}/passes.pdf").status_code) == wanted


def test_a_round_without_an_order_offers_nothing_to_print(app):
    slug = builders.make_contest(app, slug="empty", entries=0, judges=0)
    client = builders.client_of(app, builders.make_account(app, "o", Role.ORGANIZER, contest=slug))
    assert "这一轮还没有出场顺序" in client.get("/admin/contests/empty/papers").text
    assert client.get("/admin/contests/empty/papers/final/summary.pdf").status_code == 409
    for name in ("order", "marks"):
        assert client.get(f"/admin/contests/empty/papers/final/{name}.pdf").status_code == 200
    assert client.get("/admin/contests/empty/papers/none/order.pdf").status_code == 404


def test_an_appearance_number_is_printed_as_it_reads(app, organizer):
    with app.app_context(), writing() as db:
        db.scalars(select(Appearance)).first().number = "A-07"
    assert "A-07" in "".join(text(organizer, ORDER))


def test_a_text_steps_down_then_wraps_and_always_fits():
    assert fitted("沈知遥", 12, 80, 20) == (12, ["沈知遥"])
    size, lines = fitted(LONG_TITLE, 10, 120, 24)
    assert (len(lines), "".join(lines)) == (2, LONG_TITLE)
    assert size < 10
    assert fitted("很" * 400, 10, 60, 20)[1][-1].endswith("…")


def test_passes_say_no_number_of_an_order_that_is_not_published(app, organizer):
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        for entry in db.scalars(select(Entry)):
            entry.code = f"K{entry.position}"
        first = db.scalars(select(Appearance)).first()
        first.round.state = RoundState.OPEN
        ordering.place(
            db, contest, appearance=first, position=9, account=add_reviewer(db), reason="", by=SYSTEM,
            now=builders.NOW,
        )  # fmt: skip
    assert text(organizer, f"{ROOM}/passes.pdf")[0].index("K1") < text(organizer, f"{ROOM}/passes.pdf")[0].index("K2")
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        ordering.publish(db, contest, round_=contest.rounds[0], by=SYSTEM, now=builders.NOW)
    assert "K1" not in text(organizer, f"{ROOM}/passes.pdf")[0]
