"""The pages of the people who run the contest: signing in, the organizer's contest, and the desk."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.finals import PASSWORD


def sign_in(page: Page, base: str, username: str, *, speak: str = "zh", password: str = PASSWORD) -> None:
    """Fill in the sign-in page, in this language."""
    page.goto(f"{base}/login")
    if speak == "en":
        page.get_by_role("button", name="English").click()
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("main button[type=submit]").click()


class Organizer:
    """The organizer's browser, or the chief judge's on the same pages."""

    def __init__(self, page: Page, base: str, slug: str) -> None:
        self.page, self.base, self.slug = page, base, slug

    def open(self) -> None:
        """The contest's page."""
        self.page.goto(f"{self.base}/admin/contests/{self.slug}/rounds")

    def press(self, name: str) -> None:
        """Press a button of the page and wait for the next one."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()
        expect(self.page.locator("#toasts .toast-line")).to_be_visible()

    def card_links(self) -> list[str]:
        """The links of the judges' cards in the order of their seats."""
        return self.page.locator(".seat-list .seat-list__link").evaluate_all("all => all.map((one) => one.href)")  # type: ignore[no-any-return]

    def add_screen(self, name: str) -> str:
        """Make a big screen; its link."""
        self.page.locator("#screen-name").fill(name)
        self.press("生成链接")
        return str(self.page.locator(".screen-line .seat-list__link").get_attribute("href"))


class Desk:
    """The desk that runs the show."""

    def __init__(self, page: Page, base: str, slug: str) -> None:
        self.page, self.base, self.slug = page, base, slug
        self.release_button = page.locator("[data-key=release]")
        self.count = page.locator(".seats__count")
        self.now = page.locator("[data-part=now]")

    def open(self) -> None:
        """The desk, once its live link stands."""
        self.page.goto(f"{self.base}/ops/{self.slug}")
        expect(self.page.locator("#link")).to_have_attribute("data-state", "live")

    def call_next(self, number: str) -> None:
        """Bring the next contestant on stage."""
        expect(self.page.locator("[data-part=next] .next__number")).to_have_text(number)
        self.page.locator("[data-key=next]").click()
        expect(self.now.locator(".plate")).to_have_text(number)

    def adjust(self, kind: str, value: str, reason: str) -> None:
        """Enter a deduction with its reason."""
        other = self.page.locator(".other")
        if other.get_attribute("open") is None:
            other.locator("summary").click()
        self.page.locator("#other-kind").select_option(kind)
        self.page.locator("#other-value").fill(value)
        self.page.locator("#other-reason").fill(reason)
        other.locator("button").click()

    @property
    def entered(self) -> Locator:
        """The deductions entered for the contestant."""
        return self.page.locator(".kind__entered")

    def release(self) -> None:
        """Let everybody see the score, once every sheet is in."""
        expect(self.release_button).to_be_enabled()
        self.release_button.click()

    def withdraw(self, note: str) -> None:
        """Take the score back with a note for the public."""
        self.page.locator(".undo summary").click()
        self.page.locator("#note").fill(note)
        self.page.locator(".undo button").click()
        expect(self.page.locator(".undo")).to_have_count(0)

    def scene(self, name: str) -> None:
        """Prepare a scene and take it: the big screen shows it."""
        self.page.locator(f'.scene-tile[value="{name}"]').first.click()
        expect(self.page.locator(".picture--next")).to_have_attribute("data-scene", name)
        self.page.locator("[data-key=Enter]").click()
        expect(self.page.locator(".preview")).to_have_attribute("data-scene", name)
