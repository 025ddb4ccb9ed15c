"""The rules of marking in a real browser: saved and tried while they are typed, rows moved by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contest.models import Role
from tests import builders
from tests.browser.looking import barriers, overflow
from tests.halls import open_hall

TOTALS = ("91.00", "88.50", "95.00", "89.00", "82.50", "90.00", "87.50")


@contextmanager
def editing(serve, folder: Path, open_page: Callable[..., Page], lang: str) -> Iterator[tuple[Page, str]]:
    """The page of the rules before anybody has marked, opened by an organizer."""
    with open_hall(serve, folder) as hall:
        slug = builders.make_contest(hall.app, slug="rules", judges=7, organization="规则协会")
        account = builders.make_account(hall.app, "gui", Role.ORGANIZER, contest=slug, name="江晚")
        page = open_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        session = builders.client_of(hall.app, account).get_cookie("session").value
        cookies = {"session": session, "language": lang}
        page.context.add_cookies([{"name": k, "value": v, "url": hall.server.url} for k, v in cookies.items()])
        address = f"{hall.server.url}/admin/contests/{slug}/rubric"
        page.goto(address)
        yield page, address


@pytest.mark.parametrize("lang, saved, dropped", [("zh", "已自动保存", "去最高"), ("en", "Saved", "highest")])
def test_rules_save_themselves_and_are_tried_while_they_are_typed(
    serve, tmp_path, open_page, look, lang, saved, dropped
):
    with editing(serve, tmp_path, open_page, lang) as (page, address):
        for seat, total in enumerate(TOTALS, start=1):
            page.locator(f"#m-0-{seat}-s").fill(total)
        page.locator("#v-0-0").fill("1")
        page.locator("#v-0-1").fill("4:06")
        score = page.locator(".trial-hero__score")
        expect(score).to_have_text("88.20")
        expect(page.locator("[data-tile=m-0-3-s] [data-side]")).to_have_text(dropped)

        page.locator("[name=final-drop][value='0']").check()
        expect(score).to_have_text("88.07")
        expect(page.locator("#saved")).to_contain_text(saved)
        page.locator("#final-criterion-0-most").fill("25")
        expect(page.locator("[data-row]").first.locator("[data-bands] li").first).to_have_text("23–25")
        expect(page.locator("[data-total]")).to_have_class("push pill pill--bad")
        look(page, f"rubric {lang}")

        page.locator("[data-row] summary").first.click()
        page.locator("[data-row]").first.locator("[data-act=down]").press("Enter")
        expect(page.locator("#final-criterion-1-most")).to_have_value("25")
        page.locator("[data-act=add]").press("Enter")
        page.keyboard.type("互动")
        page.locator("#final-criterion-4-most").fill("5")
        expect(page.locator("[data-total]")).to_have_class("push pill pill--done")
        expect(page.locator("[name=final-criterion-4-code]")).to_have_value("final_1")
        assert barriers(page) + overflow(page) == []

        page.locator("button[value=tie]").click()
        expect(page.locator(".trial-places tbody tr")).to_have_count(2)
        assert barriers(page) + overflow(page) == []
        page.goto(address)
        expect(page.locator("#final-criterion-4-title")).to_have_value("互动")
        page.locator("[data-needs-draft]").click()
        expect(page.locator("[data-version]")).to_contain_text("2")


def test_a_second_window_is_told_and_loses_nothing_of_the_first(serve, tmp_path, open_page):
    with editing(serve, tmp_path, open_page, "zh") as (page, address):
        other = page.context.new_page()
        other.goto(address)
        other.locator("#final-judges").fill("9")
        expect(other.locator("#saved")).to_contain_text("已自动保存")
        page.locator("#final-criterion-0-hint").fill("我的说明")
        expect(page.locator("#moved")).to_contain_text("刚才也改了这份草稿")
        expect(page.locator("#final-criterion-0-hint")).to_have_value("我的说明")
        other.reload()
        expect(other.locator("#final-judges")).to_have_value("9")
        other.close()


def test_a_slip_in_the_file_is_said_beside_it_and_stays(serve, tmp_path, open_page):
    with editing(serve, tmp_path, open_page, "zh") as (page, address):
        page.goto(f"{address}?view=file")
        text = page.locator("#text").input_value()
        page.locator("#text").fill(text.replace("drop_high", "drop_hihg"))
        expect(page.locator("#text-error")).to_contain_text("rounds.final.panel.drop_hihg")
        assert barriers(page) == []
        page.locator("#text").fill(text.replace("size = 7", "size = 9"))
        expect(page.locator("#text-error")).to_be_hidden()
        expect(page.locator(".tile")).to_have_count(9)
        expect(page.locator("#described")).to_contain_text("9 位")
