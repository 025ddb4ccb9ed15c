"""Setting a contest up in a real browser: the address checked while it is typed, the total added up, axe content."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import builders
from tests.halls import open_hall

TITLE = "第九届星河市科普讲解大赛"


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and where. A toast that is fading in is left out, as its colours are still moving."""
    found = Axe().run(page, context={"exclude": [["#toasts"]]}).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("lang, free, wrong", [
    ("zh", "可以使用", "总分 = 98，应为 100"), ("en", "Free to use", "Total = 98, should be 100"),
])  # fmt: skip
def test_a_newcomer_makes_a_contest_in_five_steps(
    serve, tmp_path, open_page: Callable[..., Page], look, lang, free, wrong
):
    with open_hall(serve, tmp_path) as hall:
        account = builders.make_account(hall.app, "lin", works_for="星河市科学技术协会", name="江晚")
        page = open_page(viewport={"width": 390, "height": 844})
        session = builders.client_of(hall.app, account).get_cookie("session").value
        cookies = {"session": session, "language": lang}
        page.context.add_cookies([{"name": k, "value": v, "url": hall.server.url} for k, v in cookies.items()])
        page.goto(f"{hall.server.url}/admin/contests/new")
        go_on = page.locator(".step-form__foot .btn-primary")

        page.locator("#slug").fill("Not An Address")
        expect(page.locator("#slug")).to_have_class("form-control is-invalid")
        page.locator("#slug").fill("ninth")
        expect(page.locator("#slug-said")).to_have_text(free)
        go_on.click()
        expect(page.locator("#errors")).to_be_focused()
        expect(page.locator("#slug")).to_have_value("ninth")
        page.locator("#title").fill(TITLE)
        go_on.click()

        expect(page.locator("#advances")).to_be_hidden()
        page.locator("[name=rounds][value=two]").check()
        page.locator("#advances").fill("20")
        go_on.click()

        total = page.locator("[data-round] [data-total]").last
        page.locator("#final-criterion-0-most").fill("28")
        expect(total).to_have_text(wrong)
        page.locator("#final-criterion-0-most").fill("30")
        expect(total).to_have_class("push pill pill--done")
        assert faults(page) == []
        look(page, f"rules {lang}")
        go_on.click()

        page.locator("#judges").fill("\n".join(builders.JUDGES))
        page.locator("#staff-0-name").fill("乔木")
        page.locator("#staff-0-username").fill("qiao")
        go_on.click()
        expect(page.locator(".codes__code")).to_have_count(1)
        assert faults(page) == []
        page.locator("[name=publish][value=now]").click()
        expect(page.locator(".reg")).to_be_visible()
        assert faults(page) == []
        look(page, f"home {lang}")
