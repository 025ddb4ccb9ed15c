"""What guards a judge's hand on a tablet held either way, in both languages: number, range, cover, light."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import builders, halls, servers
from tests.browser.looking import barriers, overflow
from tests.browser.pads import Pad
from tests.browser.test_pad_offline import TABLET, call, choose, finals, marks

LYING, UPRIGHT = {"width": 1180, "height": 820}, {"width": 820, "height": 1180}
OUTLIER = {"content": "2", "delivery": "2", "presence": "2", "random": "2"}
SAYS = {
    "zh": {
        "range": "内容陈述最高 30 分，您输入了 45", "ahead": "第03号还没有上台，台上是第02号。确认提交第03号吗？",
        "stage": "台上已是第02号", "far": "比您本场平均分低", "view": "只能查看", "cover": "分数已遮住",
    },
    "en": {
        "range": "30 at most, you entered 45", "ahead": "No. 03 has not been on stage yet",
        "stage": "No. 02", "far": "below your average today", "view": "View only", "cover": "Marks are covered",
    },
}  # fmt: skip


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A final of six, the second on stage, in which the first judge has handed in the last three already."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        made.open(entries=6)
        for appearance in made.appearances()[3:]:
            builders.give_sheets(made.app, appearance, seats=[1])
        call(made, 1)
        call(made, 2)
        yield made


def fits(page: Page, look: Callable[[Page, str], None], name: str) -> None:
    """The page fits both ways round, and everybody can use it."""
    for size in (UPRIGHT, LYING):
        page.set_viewport_size(size)
        page.wait_for_timeout(400)  # A drawer or a line is still coming in.
        assert (overflow(page), barriers(page)) == ([], []), (name, size)
        look(page, f"hands-{name}-{size['width']}")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pad_guards_the_hand_both_ways_round(hall, open_page, look, lang):
    says, pad = SAYS[lang], Pad(open_page(**TABLET), lang)
    page = pad.page
    pad.open_card(finals.card_links(hall.app, hall.server.url, hall.slug)[0])
    pad.sit_down(builders.JUDGES[0])
    pad.shows("02")
    # The range is a hard limit.
    for key in ("4", "5"):
        pad.key(key).tap()
    expect(pad.trouble).to_contain_text(says["range"])
    fits(page, look, f"range-{lang}")
    # Whoever opens another number sees it in colour and in words, and is asked before handing it in too early.
    choose(pad, 3)
    expect(page.locator(".pad")).to_have_attribute("data-stage", "off")
    expect(page.locator("[data-banner=stage]")).to_contain_text(says["stage"])
    pad.type(marks(3))
    pad.submit_button.tap()
    question = page.locator("#question")
    expect(question).to_contain_text(says["ahead"])
    fits(page, look, f"ahead-{lang}")
    question.locator("[data-no]").tap()
    expect(pad.undo_button).to_be_hidden()
    # A total far from the own mean is asked about, and may stand.
    page.locator("[data-banner=stage] button").tap()
    pad.shows("02")
    page.locator('[data-criterion="content"] .card__open').tap()
    pad.type(OUTLIER)
    pad.submit_button.tap()
    expect(question).to_contain_text(says["far"])
    question.locator("[data-yes]").tap()
    expect(pad.undo_button).to_be_visible()
    pad.is_confirmed()
    expect(pad.submit_button).to_contain_text(says["view"])
    pad.submit_button.tap(force=True)
    expect(pad.criterion("content").locator(".card__value")).to_have_text("2.0")
    fits(page, look, f"view-{lang}")
    # The cover hides every mark until it is touched.
    page.locator(".pad-head [data-act=cover]").tap()
    cover = page.locator("[data-part=cover]")
    expect(cover).to_contain_text(says["cover"])
    fits(page, look, f"cover-{lang}")
    page.keyboard.press("Escape")
    expect(cover).to_be_hidden()
    page.locator("[data-part=list_button]").tap()
    page.locator("[data-part=drawer] [data-act=cover]").tap()
    cover.tap(position={"x": 40, "y": 40})
    expect(cover).to_be_hidden()
    # Letters grow and the light goes out; both stay after a reload.
    for _ in range(2):
        page.locator(".pad-head [data-act=size]").tap()
    page.locator(".pad-head [data-act=lights]").tap()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text", "larger")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "stage")
    choose(pad, 1)
    fits(page, look, f"dark-{lang}")
    page.locator("[data-part=list_button]").tap()
    fits(page, look, f"list-{lang}")
