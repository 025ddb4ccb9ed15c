"""Help and status: a guide for every role, what staff see of the server, and the warning about a lost address."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from contest.models import Role
from guide import checks
from guide.routes import GUIDES
from tests import builders, servers
from web import addresses, backups, signs, venue

LOST = "http://203.0.113.7:8000"


def texts(app: Flask) -> dict[str, tuple[str, str]]:
    """The server's checks: title → (state, text)."""
    with app.test_request_context():
        return {check.title: (check.state, check.text) for check in checks.server()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_role_has_a_guide_with_steps_and_with_what_goes_wrong(app: Flask, lang: str):
    client = app.test_client()
    page = client.get(f"/help?lang={lang}").text
    assert [role for role in GUIDES if f'href="/help/{role}"' not in page] == []
    for role in GUIDES:
        shown = client.get(f"/help/{role}?lang={lang}")
        assert (shown.status_code, shown.text.count("<li>") >= 4, shown.text.count("<dt>") >= 3) == (200, True, True)
    assert {role.value for role in Role} <= GUIDES.keys()
    assert client.get("/help/president").status_code == 404


def test_the_public_sees_the_device_and_nothing_of_the_server(app: Flask):
    page = app.test_client().get("/status").text
    assert ("data-check=\"latency\"" in page, "磁盘空间" in page, "SQLite" in page) == (True, False, False)


def test_staff_see_the_server(app: Flask, as_role: Callable[[Role | None], object]):
    page = as_role(Role.SCOREKEEPER).get("/status").text  # type: ignore[attr-defined]
    asked = ("数据库", "磁盘空间", "后台任务", "备份", "二维码里的地址", "打印用的中文字体")
    assert [word for word in asked if word not in page] == []


def test_a_worker_that_is_silent_is_a_problem_and_one_that_speaks_is_fine(app: Flask):
    assert texts(app)["后台任务"][0] == checks.BAD
    with app.app_context():
        signs.leave(signs.WORKER)
    assert texts(app)["后台任务"][0] == checks.GOOD


def test_an_address_that_this_machine_no_longer_has_is_a_clear_warning(tmp_path: Path):
    app = builders.make_app(tmp_path, public_url=LOST)
    state, said = texts(app)["二维码里的地址"]
    assert (state, "已经没有这个地址" in said, LOST in said) == (checks.BAD, True, True)
    app.extensions["lectern_engine"].dispose()


@pytest.mark.parametrize("url, state", [
    ("", checks.WARN), ("http://127.0.0.1:8000", checks.GOOD), ("https://contest.example.org", checks.GOOD),
])  # fmt: skip
def test_other_addresses_are_told_as_they_are(tmp_path: Path, url: str, state: str):
    app = builders.make_app(tmp_path, public_url=url)
    assert texts(app)["二维码里的地址"][0] == state
    app.extensions["lectern_engine"].dispose()


def test_codes_that_were_printed_with_another_address_are_named(tmp_path: Path):
    venue.remember(tmp_path, "203.0.113.7", 8000, LOST)
    venue.remember(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000")
    app = builders.make_app(tmp_path, public_url="http://127.0.0.1:8000")
    state, said = texts(app)["以前印的码"]
    assert (state, LOST in said) == (checks.WARN, True)
    app.extensions["lectern_engine"].dispose()


def test_this_machines_own_addresses_are_here():
    assert [each for each in addresses.own() if not addresses.still_here(f"http://{each.ip}:8000")] == []
    assert addresses.still_here("http://localhost:8000") is True
    assert addresses.still_here("http://203.0.113.7") is False


def test_a_backup_that_failed_is_told_until_one_succeeds(app: Flask):
    with app.app_context():
        signs.leave(backups.SIGN_FAILED, why="DiskFull")
    assert texts(app)["备份"][0] == checks.BAD
    with app.app_context():
        backups.copy(asked=0)
    assert texts(app)["备份"][0] == checks.WARN  # there is one now, on the same disk as the data


@pytest.mark.parametrize("status, path", [(404, "/nothing"), (403, "/ops/xinghe/call")])
def test_an_error_page_leads_to_help_and_status(app: Flask, final: str, status: int, path: str):
    client = builders.client_of(app, builders.make_account(app, "mc", Role.MC, contest=final))
    answer = client.post(path) if status == 403 else client.get(path)
    assert answer.status_code == status
    assert ('href="/help"' in answer.text, 'href="/status"' in answer.text) == (True, True)


def test_each_guide_prints_as_one_page_and_the_device_is_measured(
    serve: Callable[..., servers.Server], open_page: Callable[..., Page], tmp_path: Path
):
    server = serve()
    page = open_page()
    page.goto(f"{server.url}/status")
    for check in ("latency", "storage", "secure", "camera", "wake", "offline", "notice", "screen"):
        expect(page.locator(f'[data-check="{check}"] .pill')).not_to_have_text("未测")
    pages = {}
    for lang in ("zh", "en"):
        for role in GUIDES:
            page.goto(f"{server.url}/help/{role}?lang={lang}")
            page.pdf(path=tmp_path / "one.pdf", prefer_css_page_size=True)
            said = subprocess.run([shutil.which("pdfinfo"), tmp_path / "one.pdf"], capture_output=True, text=True,
                                  check=True).stdout  # fmt: skip
            pages[role, lang] = said.split("Pages:")[1].split()[0]
    assert set(pages.values()) == {"1"}, pages
