"""Every room of the demo, in both languages, on a phone and on a desk: it fits, and everybody can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import barriers, overflow
from tests.browser.venue import press, serving

SIZES = ((390, 844), (1440, 900))
CONTEST = "/admin/contests/demo"
ROOMS = {
    "organizer": (
        "/admin", "/admin/contests/new", CONTEST, f"{CONTEST}/entries", "/admin/contests/demo-next/entries",
        f"{CONTEST}/people", f"{CONTEST}/setup", *(
            f"/admin/contests/demo-next/setup/{step}" for step in ("basics", "rounds", "rules", "people", "publish")
        ),
        f"{CONTEST}/rubric", "/admin/contests/demo-next/rubric", f"{CONTEST}/rubric?view=file",
        f"{CONTEST}/clone", f"{CONTEST}/order", f"{CONTEST}/rounds", f"{CONTEST}/rounds/final/minutes",
        f"{CONTEST}/rubric/change",
        f"{CONTEST}/results", *(f"{CONTEST}/results?view={view}" for view in ("ways", "judges", "spread")),
        f"{CONTEST}/awards", f"{CONTEST}/certificates", f"{CONTEST}/certificates/layout", f"{CONTEST}/papers",
        f"{CONTEST}/tables", "/checkin/demo", "/status",
    ),
    "scorekeeper": (f"{CONTEST}/paper-marks",),
    "caller": ("/ops/demo/call",),
    "mc": ("/ops/demo/mc",),
    "": (
        "/", "/contests/demo", "/contests/demo-next", "/contests/demo/results", "/contests/demo/board", "/live/demo",
        "/contests/demo-next/register", "/register/resume", "/my", "/verify", "/verify/2222-2222-2222-2222", "/help",
        "/help/judge", "/status", "/login", "/welcome", "/nowhere",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demo installation as `make run` starts it; its address."""
    with serving("run", tmp_path_factory.mktemp("demo")) as venue:
        yield venue.base


@pytest.mark.timeout(600)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", ROOMS)
def test_every_room_fits_and_everybody_can_use_it(demo, open_page: Callable[..., Page], role: str, lang: str) -> None:
    page = open_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.context.add_cookies([{"name": "language", "value": lang, "url": demo}])
    if role:
        page.goto(demo)
        press(page, lambda: page.locator(f"form[action$='/demo/as/{role}'] button").click())
    found = {}
    for path in ROOMS[role]:
        page.goto(f"{demo}{path}")
        expect(page.locator("h1").first).to_be_attached()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found[path, width] = barriers(page) + overflow(page)
    assert {key: wrong for key, wrong in found.items() if wrong} == {}
