"""What https gives a tablet, in real browsers: plain http lacks it, and only a device that trusts goes there."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from contest.models import Panel, Round, RoundState, Seat
from settings import TLS_SERVER_FILE
from tests import chromium as browser_program
from tests import servers
from tests.browser.day import TABLET, Look
from tests.browser.laptop import cards, laptop, load
from web.db import reading, writing

# Pages of 127.0.0.1 count as secure whatever their scheme, so the venue has a name here that only the browser resolves.
NAME = "lectern.local"
ABILITIES = ("secure", "camera", "wake", "offline")


@pytest.fixture
def event(tmp_path: Path) -> Iterator[tuple[Flask, str, str]]:
    """A running event with https, its round open, under its two addresses."""
    app, port = load(tmp_path / "instance", NAME, RoundState.OPEN), servers.free_port()
    with laptop(tmp_path / "instance", port, NAME):
        yield app, f"http://{NAME}:{port}", f"https://{NAME}:{port}"
    app.extensions["lectern_engine"].dispose()


@pytest.fixture
def visitors(chromium: Browser, event: tuple[Flask, str, str], tmp_path: Path) -> Iterator[Callable[[bool], Page]]:
    """A new tablet in a browser of its own, which trusts the event's certificate or does not."""
    browsers = []

    def visit(trusting: bool) -> Page:
        flags = [*browser_program.FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        if trusting:
            # Takes this one key as good, as if its authority were in the device's list; nothing else becomes trusted.
            flags.append(f"--ignore-certificate-errors-spki-list={key_hash(tmp_path / 'instance' / TLS_SERVER_FILE)}")
        program = chromium.browser_type.launch(executable_path=browser_program.find(), args=flags)
        browsers.append(program)
        return program.new_context(locale="zh-CN", **TABLET).new_page()

    yield visit
    for each in browsers:
        each.close()


def key_hash(file: Path) -> str:
    """The hash of a certificate's public key, as the browser's flag takes it."""
    key = x509.load_pem_x509_certificate(file.read_bytes()).public_key()
    return base64.b64encode(hashlib.sha256(
        key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).digest()).decode()  # fmt: skip


def has(page: Page) -> dict[str, str]:
    """What the status page says this device has."""
    found = {}
    for name in ABILITIES:
        pill = page.locator(f'[data-check="{name}"] .pill')
        expect(pill).not_to_have_text("未测")
        found[name] = pill.inner_text()
    return found


@pytest.mark.timeout(240)
def test_only_a_device_that_trusts_goes_to_https_and_there_it_has_what_plain_http_lacks(
    event: tuple[Flask, str, str], visitors: Callable[[bool], Page], look: Look
) -> None:
    app, plain, secure = event
    path = cards(app, "")[0]
    stranger, tablet = visitors(False), visitors(True)

    stranger.goto(f"{plain}/trust")
    expect(stranger.locator(".trust__check .pill")).to_have_text("还不信任")
    expect(stranger.locator("[data-act=go]")).to_be_hidden()
    look(stranger, "trust-not-yet")
    stranger.goto(f"{plain}/status")
    assert set(has(stranger).values()) == {"没有"}
    stranger.goto(f"{plain}{path}")
    expect(stranger.locator("[data-moving=told]")).to_be_visible()
    look(stranger, "trust-card")
    assert stranger.url == f"{plain}{path}"
    stranger.locator(".seat-card__sit").tap()
    expect(stranger.locator("[data-part=pill]")).to_have_attribute("data-kind", "online")

    tablet.goto(f"{plain}/trust")
    expect(tablet.locator(".trust__check .pill")).to_have_text("信任")
    tablet.locator("[data-act=go]").tap()
    tablet.wait_for_url(f"{secure}/status")
    assert set(has(tablet).values()) == {"可用"}
    look(tablet, "trust-secure-status")
    tablet.goto(f"{secure}/trust")
    expect(tablet.locator(".trust__check .pill")).to_have_text("信任")
    tablet.goto(f"{plain}{path}")
    tablet.wait_for_url(f"{secure}{path}")
    tablet.locator(".seat-card__sit").tap()
    expect(tablet.locator("[data-part=pill]")).to_have_attribute("data-kind", "online")

    # Judging has begun: who sat down under http stays there, who sat down under https comes back by the same old card.
    with app.app_context(), writing() as db:
        db.execute(update(Round).values(state=RoundState.JUDGING))
    stranger.goto(f"{plain}{path}")
    expect(stranger.locator("[data-moving=told]")).to_have_count(0)
    tablet.goto(f"{plain}{path}")
    tablet.wait_for_url(f"{secure}{path}")
    other = visitors(True)
    other.goto(f"{plain}{path}")
    expect(other.locator(".seat-card__sit")).to_be_visible()
    assert (other.locator("#moving").count(), other.url) == (0, f"{plain}{path}")


@pytest.mark.timeout(120)
def test_a_tablet_that_keeps_marks_under_http_is_not_moved(
    event: tuple[Flask, str, str], visitors: Callable[[bool], Page]
) -> None:
    app, plain, _secure = event
    path, tablet = cards(app, "")[0], visitors(True)
    tablet.goto(f"{plain}/help")
    with app.app_context(), reading() as db:
        seat = db.scalars(select(Seat).join(Panel).order_by(Seat.number)).first().public_id
    tablet.evaluate("seat => localStorage.setItem(`lectern.pad.${seat}.sheet.J1/final/E1/1`, '{}')", seat)
    tablet.goto(f"{plain}{path}")
    tablet.wait_for_load_state("networkidle")
    expect(tablet.locator(".seat-card__sit")).to_be_visible()
    expect(tablet.locator("[data-moving=told]")).to_be_hidden()
    assert tablet.url == f"{plain}{path}"
