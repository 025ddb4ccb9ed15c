"""The page of the event's certificate: its files, each kind of device's way, and what it says without one."""

from __future__ import annotations

import plistlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from contest.models import Role
from guide import checks, trust
from settings import TLS_AUTHORITY_FILE
from tests import builders
from web import authority, tls

PLAIN, SECURE = "http://192.168.1.10:8000", "https://192.168.1.10:8000"
AGENTS = {
    "android": "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "harmony": "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile",
    "ios": "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1",
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "mac": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15",
}  # fmt: skip
HARMONY_4 = "Mozilla/5.0 (Linux; Android 12; HarmonyOS; DBY-W09) AppleWebKit/537.36 HuaweiBrowser/14 Safari/537.36"


@pytest.fixture
def trusted(tmp_path: Path):
    """An event with https."""
    authority.make(tmp_path, "192.168.1.10", now=datetime.now(UTC))
    app = builders.make_app(tmp_path, public_url=PLAIN, secure_url=SECURE)
    yield app
    app.extensions["lectern_engine"].dispose()


def test_without_a_certificate_the_page_says_so_and_there_is_no_file(app: Flask):
    client = app.test_client()
    page = client.get("/trust")
    assert (page.status_code, "没有要信任的证书" in page.text, "下载证书" in page.text) == (200, True, False)
    for name in (trust.FILE, trust.PROFILE):
        assert client.get(f"/trust/{name}").status_code == 404
    assert "安全地址：" not in client.get("/status").text


@pytest.mark.parametrize("end", [b"", b"-----END CERTIFICATE-----\n"])
def test_a_damaged_authority_is_no_certificate_and_no_fault(app: Flask, end: bytes):
    (Path(app.instance_path) / TLS_AUTHORITY_FILE).write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n" + end)
    assert "没有要信任的证书" in app.test_client().get("/trust").text


def test_both_files_hold_the_certificate_and_never_its_key(trusted: Flask):
    client, der = trusted.test_client(), tls.authority(Path(trusted.instance_path))
    file, profile = client.get(f"/trust/{trust.FILE}"), client.get(f"/trust/{trust.PROFILE}")
    assert (file.mimetype, file.data) == ("application/x-x509-ca-cert", der)
    assert profile.mimetype == "application/x-apple-aspen-config"
    payload = plistlib.loads(profile.data)["PayloadContent"][0]
    assert (payload["PayloadType"], payload["PayloadContent"]) == ("com.apple.security.root", der)
    key = (Path(trusted.instance_path) / TLS_AUTHORITY_FILE).read_bytes().split(b"-----")[2].strip()[:40]
    for path in ("/trust", f"/trust/{trust.FILE}", f"/trust/{trust.PROFILE}", "/status"):
        answer = client.get(path)
        assert (answer.status_code, b"PRIVATE" in answer.data, key in answer.data) == (200, False, False)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", AGENTS)
def test_the_asking_devices_own_way_comes_first_and_is_open(trusted: Flask, kind: str, lang: str):
    page = trusted.test_client().get(f"/trust?lang={lang}", headers={"User-Agent": AGENTS[kind]}).text
    ways = page.split('<details class="way"')[1:]
    assert ways[0].startswith(f' data-kind="{kind}"')
    assert sorted(way.split('"')[1] for way in ways) == sorted(AGENTS)
    assert [" open>" in way.partition("\n")[0] for way in ways] == [True, False, False, False, False]
    assert (trust.PROFILE if kind == "ios" else trust.FILE) in ways[0]
    fingerprint = tls.fingerprint(tls.authority(Path(trusted.instance_path)))
    assert (f"{PLAIN}/trust" in page, fingerprint in page) == (True, True)


def test_kinds_are_told_apart_by_what_their_browsers_say():
    assert {trust.kind_of(agent): kind for kind, agent in AGENTS.items()} == {kind: kind for kind in AGENTS}
    assert (trust.kind_of(HARMONY_4), trust.kind_of("curl/8"), trust.kind_of("")) == ("harmony", "", "")


def test_the_check_may_be_asked_from_the_plain_page(trusted: Flask):
    answer = trusted.test_client().get("/trust/check", headers={"Origin": PLAIN})
    assert (answer.text, answer.headers["Access-Control-Allow-Origin"]) == ("ok", "*")
    assert "Set-Cookie" not in answer.headers
    page = trusted.test_client().get("/trust")
    assert page.headers["Content-Security-Policy"].endswith(f"connect-src 'self' {SECURE}")
    assert f'data-check-url="{SECURE}/trust/check"' in page.text


def test_status_says_which_address_a_device_is_on(trusted: Flask):
    client = trusted.test_client()
    assert f'href="{SECURE}/status"' in client.get("/status", base_url=PLAIN).text
    assert "这台设备打开的是安全地址" in client.get("/status", base_url=SECURE).text


def state(app: Flask) -> tuple[str, str]:
    with app.test_request_context():
        return next((check.state, check.text) for check in checks.server() if check.title == "安全地址（https）")


def test_staff_see_until_when_the_certificate_is_good(trusted: Flask, tmp_path: Path):
    assert state(trusted)[0] == checks.GOOD
    trusted.config["SECURE_URL"] = ""
    assert (state(trusted)[0], "重新启动 make venue" in state(trusted)[1]) == (checks.WARN, True)
    trusted.config["SECURE_URL"] = SECURE
    authority.make(tmp_path, "192.168.1.10", now=datetime.now(UTC) - tls.RENEW * 8)
    assert (state(trusted)[0], "到期" in state(trusted)[1]) == (checks.WARN, True)
    for name in tmp_path.glob("tls-*"):
        name.unlink()
    assert state(trusted)[0] == checks.GOOD  # a proxy in front has it
    trusted.config["SECURE_URL"] = ""
    assert (state(trusted)[0], "flask tls" in state(trusted)[1]) == (checks.WARN, True)


def test_cards_carry_the_secure_address_and_codes_of_the_audience_the_plain_one(trusted: Flask):
    slug = builders.make_contest(trusted)
    client = builders.client_of(trusted, builders.make_account(trusted, "o", Role.ORGANIZER, contest=slug))
    cards = client.get(f"/admin/contests/{slug}/cards").text
    assert (SECURE in cards, f"{PLAIN}/trust" in cards) == (True, True)
    people = client.get(f"/admin/contests/{slug}/rounds").text
    assert f'href="{SECURE}/judge/' in people
    with trusted.test_request_context():
        from web import links

        assert links.absolute("audience.live", slug=slug).startswith(PLAIN)
