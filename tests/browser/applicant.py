"""A contestant with a phone: the form page by page, the photo, the receipt."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from functools import cache

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.venue import press

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@dataclass
class Applicant:
    """One contestant's answers, by field; what is not named here has a value that nothing depends on."""

    page: Page
    base: str
    slug: str
    name: str
    title: str
    unit: str = "星河市科技馆"
    born: str = "1992-05-06"
    more: dict[str, str] = field(default_factory=dict)
    id: str = ""

    def begin(self) -> None:
        """Open the contest's page, and a form from it."""
        self.page.goto(f"{self.base}/contests/{self.slug}/register")
        press(self.page, lambda: self.page.locator("form[action$='/register'] button").click())
        self.id = self.page.url.split("/entries/")[1].split("/")[0]

    def fill_in(self) -> None:
        """The three pages of questions, up to the check page."""
        self.answer(name=self.name, birth_date=self.born, phone="13800001234", unit=self.unit)
        self.answer(title=self.title, delegation="南屿区科学技术协会", photo="照片.jpg")
        self.answer(portrait="yes", truthful="yes", **self.more)

    def answer(self, **answers: str) -> None:
        """Fill in one page and go on."""
        for name, text in answers.items():
            if name == "photo":
                self.upload_photo()
            elif text == "yes":
                self.page.locator(f"#{name}").check()
            elif self.page.locator(f"select#{name}").count():
                self.page.locator(f"#{name}").select_option(text)
            else:
                self.page.locator(f"#{name}").fill(text)
        self.go_on()

    def go_on(self) -> None:
        """Press 保存并继续."""
        press(self.page, lambda: self.page.locator(".bar-bottom__main").click())

    def upload_photo(self) -> None:
        """Pick a picture; the page shows it in its frame, then as uploaded."""
        picked = {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": portrait()}
        self.page.locator("[data-upload=photo] input[type=file]").set_input_files(picked)
        self.page.locator(".crop [data-use]").click()
        expect(self.page.locator(".file__photo")).to_be_visible()

    def submit(self) -> str:
        """Hand the checked form in; the receipt's number."""
        expect(self.page.locator(".preview__certificate")).to_have_text(self.name)
        press(self.page, lambda: self.page.locator("button[form=form].bar-bottom__main").click())
        return str(self.page.locator(".receipt__number").first.inner_text())


@cache
def portrait() -> bytes:
    """A picture as a phone takes it: upright, 3:4, big enough to print."""
    picture = Image.new("RGB", (900, 1200), "#4A6FA5")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((280, 250, 620, 640), fill="#E8C9A9")
    draw.rectangle((180, 700, 720, 1200), fill="#14213D")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=85)
    return file.getvalue()
