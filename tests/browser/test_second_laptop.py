"""The server's laptop dies: its copy goes on under the same https address, and tablets bring what the copy lacks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from contest import ledger, queries
from contest.models import Action, LedgerRow
from settings import HERE
from tests import builders, servers
from tests.browser.day import LAPTOP, TABLET, Look
from tests.browser.laptop import SLUG, cards, laptop, load
from tests.browser.pads import Pad
from tests.browser.staff import Desk, sign_in
from tests.browser.watching import Board
from tests.commands.test_venue import environment
from web import backups
from web.db import reading

MARKS = {"content": "27.5", "delivery": "26", "presence": "8.5", "random": "25"}
CORRECTED = {**MARKS, "content": "28"}
# Whether a device trusts the authority is tried in test_trust.py; here every one does.
TRUSTING = {**TABLET, "ignore_https_errors": True}


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A new visitor's page. The laptop is off for a while, which its console may say; a script that fails may not."""
    contexts, failed = [], []

    def opened(**options: object) -> Page:
        contexts.append(chromium.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: failed.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failed == []


def confirm(pad: Pad, marks: dict[str, str], total: str) -> None:
    pad.type(marks)
    pad.submit(total)
    pad.is_confirmed()


@pytest.mark.timeout(420)
def test_a_copy_goes_on_under_the_same_address_and_gets_back_what_only_the_tablets_have(
    visit: Callable[..., Page], look: Look, tmp_path: Path
) -> None:
    first, second, port = tmp_path / "first", tmp_path / "second", servers.free_port()
    app, base = load(first), f"https://127.0.0.1:{port}"
    pads = [Pad(visit(**TRUSTING), speak) for speak in ("zh", "en", "zh")]
    desk = Desk(visit(**LAPTOP, ignore_https_errors=True), base, SLUG)
    with laptop(first, port):
        for pad, card, judge in zip(pads, cards(app, base), builders.JUDGES, strict=False):
            pad.open_card(card)
            pad.sit_down(judge)
        sign_in(desk.page, base, "chief")
        desk.open()
        desk.call_next("01")
        for pad in pads:
            pad.shows("01")
        confirm(pads[0], MARKS, "87.00")
        confirm(pads[1], MARKS, "87.00")
        copy = copied(app)
        # After the copy: a first sheet, and one that the chief judge returned and its judge put right.
        confirm(pads[2], MARKS, "87.00")
        desk.page.reload()
        desk_returns(desk.page, seat=2)
        expect(pads[1].key("1")).to_be_visible()
        pads[1].criterion("content").locator(".card__open").tap()
        pads[1].page.keyboard.type(CORRECTED["content"])
        pads[1].submit("87.50")
        pads[1].is_confirmed()
    app.extensions["lectern_engine"].dispose()

    shutil.copyfile(copy, tmp_path / copy.name)
    shutil.rmtree(first)
    restored(second, tmp_path / copy.name)
    with laptop(second, port):
        # Nobody touches the tablets: they find the server again and offer what it lacks.
        strays = desk.page.locator(".due__stray", has_text="待定评分")
        desk.page.goto(f"{base}/ops/{SLUG}")
        expect(strays).to_have_count(2)
        expect(strays.first).to_contain_text("服务器从备份恢复之前已确认，备份里没有这一版")
        expect(pads[2].banner("stray final/01")).to_contain_text("等总裁判确认")
        look(desk.page, "second-laptop-desk")
        look(pads[2].page, "second-laptop-pad")
        for left in (1, 0):
            strays.first.get_by_role("button", name="采用", exact=True).click()
            expect(strays).to_have_count(left)
        for pad in pads:
            pad.is_confirmed()
            expect(pad.page.locator('[data-banner^="stray"]')).to_have_count(0)
        desk.release()
        expect(desk.page.locator(".due__stray")).to_have_count(0)
        board = Board(visit(**LAPTOP, ignore_https_errors=True), f"http://127.0.0.1:{port}/contests/{SLUG}/board")
        expect(board.row("01").locator(".tile__value")).to_have_text(["87.00", "87.50", "87.00"])
    accepted(second)


def copied(app: Flask) -> Path:
    """A copy as it is made after a release."""
    with app.app_context():
        return backups.make(app.extensions["lectern_settings"], whole=False, now=datetime.now(UTC)).path


def desk_returns(page: Page, *, seat: int) -> None:
    """The chief judge gives a seat's sheet back."""
    form = page.locator("form[action$='/return']").nth(seat - 1)
    form.locator("xpath=ancestor::details").locator("summary").click()
    form.locator("[name=reason]").fill("请核对内容陈述")
    form.get_by_role("button").click()


def restored(folder: Path, file: Path) -> None:
    """`flask restore` on the second laptop, in a folder where nothing was before."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "restore", str(file)], cwd=HERE, text=True, capture_output=True, check=False,
        env=environment(folder),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kept = {"tls-authority.pem", "tls-server.pem", "venue.json", "secret_key"}
    assert kept <= {path.name for path in folder.iterdir()}


def accepted(folder: Path) -> None:
    """What counts in the end is what the judges had confirmed, and the ledger says how it came."""
    app = builders.make_app(folder, secret_key="")
    with app.app_context(), reading() as db:
        contest = queries.contest_by_slug(db, SLUG)
        appearance = queries.appearances_in_order(db, queries.round_of(db, contest, "final"))[0]
        given = {
            sheet.sitting.seat.number: str(next(m.value for m in sheet.marks if m.criterion == "content"))
            for sheet in queries.sheets_of(db, appearance).values()
        }
        assert given == {1: "27.50", 2: "28.00", 3: "27.50"}
        decided = select(LedgerRow).where(LedgerRow.action == Action.STRAY_DECIDED)
        assert (len(db.scalars(decided).all()), ledger.verify(db, contest)) == (2, None)
    app.extensions["lectern_engine"].dispose()
