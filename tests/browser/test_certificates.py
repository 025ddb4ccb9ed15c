"""Certificates in a real browser: the sheet follows what is typed, a print file shows itself, a phone checks a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from accounts.routes import hasher
from contest.models import Account, CertificateVersion, Role
from tests import builders, halls, honoured, servers
from tests.browser.finals import PASSWORD
from tests.browser.looking import barriers
from tests.browser.staff import sign_in
from web import jobs
from web.db import reading, writing

DESK = "/admin/contests/xinghe/certificates"


@pytest.fixture
def hall(serve: Callable[..., servers.Server], tmp_path: Path) -> Iterator[halls.Hall]:
    """A running server with a final that has given its awards, and its organizer."""
    with halls.open_hall(serve, tmp_path / "instance") as made:
        honoured.make(made.app)
        builders.make_account(made.app, "organizer", Role.ORGANIZER, contest="xinghe", name="林主任")
        with made.app.app_context(), writing() as db:
            account = db.scalars(select(Account).where(Account.username == "organizer")).one()
            account.password_hash = hasher.hash(PASSWORD)
        yield made


def work(hall: halls.Hall) -> None:
    """Do what waits in the queue, as the jobs worker does."""
    queue = jobs.queue(hall.app)
    while (task := queue.dequeue()) is not None:
        queue.execute(task)


def test_from_the_layout_to_a_checked_certificate(hall, open_page, look):
    page = open_page(viewport={"width": 1180, "height": 820})
    sign_in(page, hall.server.url, "organizer")
    page.goto(f"{hall.server.url}{DESK}/layout")
    page.get_by_label("标题").fill("光荣证书")
    expect(page.locator("#preview svg text", has_text="光荣证书")).to_have_count(1)
    look(page, "certificate-layout")
    assert barriers(page) == []
    page.get_by_role("button", name="保存版式").click()
    page.goto(f"{hall.server.url}{DESK}")
    page.get_by_role("button", name="签发 3 张证书").click()
    page.get_by_role("button", name="生成打印文件").click()
    expect(page.locator(".batch[data-state=waiting]")).to_have_count(1)
    work(hall)
    with page.expect_download() as fetched:
        page.get_by_role("link", name="下载 PDF").click()
    assert fetched.value.suggested_filename.endswith("证书 未打印的证书.pdf")
    look(page, "certificate-desk")
    assert barriers(page) == []

    with hall.app.app_context(), reading() as db:
        code = db.scalars(select(CertificateVersion.code).order_by(CertificateVersion.id)).first()
    phone = open_page(viewport={"width": 390, "height": 844}, locale="en")
    phone.goto(f"{hall.server.url}/verify?lang=en")
    phone.get_by_label("Check code").fill("-".join(code[at : at + 4] for at in range(0, 16, 4)).lower())
    phone.get_by_role("button", name="Check").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("证书有效")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert barriers(phone) == []
    look(phone, "certificate-check")
