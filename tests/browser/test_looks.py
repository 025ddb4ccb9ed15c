"""Every page in both languages and at every size: it fits, it is silent in the console, and everybody can use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from contest import queries, showing
from contest.ledger import SYSTEM
from contest.models import Role, RoundState, Scene
from tests import builders, halls, servers
from tests.browser import finals, looking
from tests.browser.finals import SLUG
from tests.browser.looking import barriers, overflow
from web import live

SIZES = ((390, 844), (1180, 820), (1440, 900))
PROJECTOR = (1920, 1080)
NOTE = "漏记一次科技常识扣分，已更正。"
ADDRESSES = {
    "home": "/", "login": "/login?next=/admin", "board": f"/contests/{SLUG}/board", "desk": f"/ops/{SLUG}",
    "organizer": "/admin", "contest": f"/admin/contests/{SLUG}/rounds", "cards": f"/admin/contests/{SLUG}/cards",
    "missing": "/contests/nowhere/board", "about": f"/contests/{SLUG}", "notice": f"/contests/{SLUG}/results",
    "live": f"/live/{SLUG}", "awards": f"/admin/contests/{SLUG}/awards", "results": f"/admin/contests/{SLUG}/results",
}  # fmt: skip
SIGNED_IN = {
    "desk": "chief", "organizer": "organizer", "contest": "organizer", "cards": "organizer", "awards": "organizer",
    "results": "organizer",
}  # fmt: skip
# What may stand in Chinese on an English page: what people have written, and the switch to the other language.
OWN_WORDS = sorted(
    {
        finals.TITLE, finals.ORGANIZATION, *finals.STAFF.values(), *finals.JUDGES, "主屏", NOTE, "第 2 题答错", "中文",
        *(text for entry in finals.ENTRIES for text in entry),
    },
    key=len, reverse=True,
)  # fmt: skip
@dataclass
class Final:
    """A final in the middle of its third contestant: two scores are out, three of seven sheets are in."""

    hall: halls.Hall
    cards: list[str]
    screen: str

    @property
    def base(self) -> str:
        """The server's address."""
        return self.hall.server.url

    def scene(self, scene: Scene) -> None:
        """Hold the big screen on a scene."""
        with self.hall.app.app_context(), live.changing(SLUG) as (db, contest):
            showing.choose_scene(db, contest, scene=scene, now=live.now())

    def session_of(self, username: str) -> str:
        """The session cookie of a signed-in account."""
        account = finals.account_id(self.hall.app, username)
        return builders.client_of(self.hall.app, account).get_cookie("session").value


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Final]:
    """One final for all pages: they only look at it."""
    folder = tmp_path_factory.mktemp("final")
    started: list[servers.Server] = []

    def start(**environment: str) -> servers.Server:
        started.append(servers.start_web(environment))
        return started[-1]

    with halls.open_hall(start, folder / "instance") as hall:
        finals.load(hall.app, folder / "folder")
        _play(hall)
        base = hall.server.url
        yield Final(hall, finals.card_links(hall.app, base), finals.screen_link(hall.app, base))
    for server in started:
        server.stop()


def _play(hall: halls.Hall) -> None:
    first, second, third, *_ = builders.appearances(hall.app, SLUG)
    with hall.app.app_context():
        for at, public_id in enumerate((first, second, third)):
            with live.changing(SLUG) as (db, contest):
                appearance = queries.appearance_of(db, contest, public_id)
                appearance.round.state = RoundState.JUDGING
                showing.call(db, contest, appearance=appearance, now=live.now())
            builders.give_sheets(hall.app, public_id, slug=SLUG, seats=None if at < 2 else (1, 2, 3))
            with live.changing(SLUG) as (db, contest):
                appearance = queries.appearance_of(db, contest, public_id)
                if at == 0:
                    showing.adjust(db, contest, appearance=appearance, kind="quiz", value="-1", reason="第 2 题答错",
                                   press="", by=SYSTEM, now=live.now())  # fmt: skip
                if at < 2:
                    showing.release(db, contest, appearance=appearance, by=SYSTEM, now=live.now())
                if at == 1:
                    showing.withdraw_release(db, contest, appearance=appearance, note=NOTE, by=SYSTEM, now=live.now())
                    showing.release(db, contest, appearance=appearance, by=SYSTEM, now=live.now())


@pytest.fixture
def visit(final: Final, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a page by its name, in a language, as the person whose page it is."""

    def opened(name: str, lang: str, size: tuple[int, int] = SIZES[0]) -> Page:
        page = open_page(viewport={"width": size[0], "height": size[1]})
        cookies = {"language": lang}
        if name in SIGNED_IN:
            cookies["session"] = final.session_of(SIGNED_IN[name])
        page.context.add_cookies([{"name": key, "value": value, "url": final.base} for key, value in cookies.items()])
        page.goto(final.base + ADDRESSES[name] if name in ADDRESSES else final.cards[5])
        if name in ("pad", "today"):
            page.locator(".seat-card__sit").click()
            expect(page.locator("[data-part=pill]")).to_have_attribute("data-kind", "online")
        if name == "today":
            page.locator("[data-part=list_button]").click()
            expect(page.locator("[data-part=drawer]")).to_be_visible()
        if name == "board":
            expect(page.locator("#link")).to_be_visible()
            page.locator(".rank summary").first.click()
        if name == "desk":
            expect(page.locator("#link")).to_have_attribute("data-state", "live")
        return page

    return opened


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", [*ADDRESSES, "card", "pad", "today"])
def test_a_page_fits_every_size_and_everybody_can_use_it(visit, look, name: str, lang: str) -> None:
    page = visit(name, lang)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert overflow(page) == [], (width, height)
        assert barriers(page) == [], (width, height)
        look(page, f"looks-{name}-{lang}-{width}")
    if lang == "en":
        assert untranslated(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scene", Scene)
def test_the_big_screen_fits_in_both_languages(final, open_page, look, scene: Scene, lang: str) -> None:
    final.scene(scene)
    page = open_page(viewport={"width": PROJECTOR[0], "height": PROJECTOR[1]}, reduced_motion="reduce")
    page.goto(f"{final.screen}?lang={lang}")
    expect(page.locator(f"[data-scene={scene.value}]")).to_be_visible()
    if scene is Scene.RANKING:
        expect(page.locator(".row-rank")).to_have_count(2)
    if scene is Scene.DOTS:
        expect(page.locator(".dots__seats .filled")).to_have_count(3)
    assert overflow(page) == []
    assert page.evaluate("document.documentElement.scrollHeight") <= PROJECTOR[1]
    assert barriers(page) == []
    look(page, f"looks-screen-{scene.value}-{lang}")
    if lang == "en":
        assert untranslated(page) == []


@pytest.mark.parametrize(("width", "height"), SIZES[1:])
def test_a_desk_with_forty_entries_keeps_who_is_on_and_next_in_sight(final, open_page, look, width, height) -> None:
    slug = f"long-{width}"
    builders.make_contest(final.hall.app, slug=slug, entries=40, judges=7)
    with final.hall.app.app_context(), live.changing(slug) as (db, contest):
        thirtieth = queries.appearance_of(db, contest, builders.appearances(final.hall.app, slug)[29])
        showing.call(db, contest, appearance=thirtieth, now=live.now())
    account = builders.make_account(final.hall.app, slug, Role.CHIEF, contest=slug)
    session = builders.client_of(final.hall.app, account).get_cookie("session").value
    page = open_page(viewport={"width": width, "height": height})
    page.context.add_cookies([{"name": "session", "value": session, "url": final.base}])
    page.goto(f"{final.base}/ops/{slug}")
    expect(page.locator(".order__line--on")).to_be_in_viewport(ratio=0.95)
    look(page, f"looks-desk-forty-{width}")
    for number in ("31", "32"):
        page.locator("[data-key=next]").click()
        expect(page.locator("[data-part=now] .plate")).to_have_text(number)
        expect(page.locator("[data-part=now]")).to_be_in_viewport(ratio=0.95)
        expect(page.locator("[data-part=next]")).to_be_in_viewport(ratio=0.95)
        expect(page.locator(".order__line--on")).to_be_in_viewport(ratio=0.95)


def untranslated(page: Page) -> list[str]:
    """Chinese on an English page that nobody has written into this final."""
    return looking.untranslated(page, OWN_WORDS)
