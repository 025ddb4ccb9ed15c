"""flask tls and what a start makes of it: both schemes on one port, an address that stays while a round is judged."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import select, update

from commands import moving
from commands.database import upgrade
from contest import ledger
from contest.models import Action, Contest, LedgerRow, Round, RoundState
from settings import HERE, TLS_AUTHORITY_FILE, TLS_SERVER_FILE, Settings
from tests import builders, servers
from tests.commands.test_venue import environment, said, stop
from web import authority, tls, venue
from web.db import reading, writing

HOST = "192.168.1.10"
EVERY = "0.0.0.0"  # noqa: S104  named, not bound
OLD, NEW = f"http://{HOST}:8000", "http://192.168.1.11:8000"


@pytest.fixture
def judging(tmp_path: Path) -> Iterator[Flask]:
    """An event's folder whose round is judging."""
    folder = tmp_path / "instance"
    upgrade(Settings(instance=folder))
    app = builders.make_app(folder)
    builders.make_contest(app)
    yield app
    app.extensions["lectern_engine"].dispose()


def settings_of(app: Flask, **changed: object) -> Settings:
    return Settings(**{"instance": Path(app.instance_path), "demo": False, **changed})  # type: ignore[arg-type]


def lock(app: Flask) -> None:
    with app.app_context(), writing() as db:
        db.execute(update(Round).values(state=RoundState.LOCKED))


def certify(folder: Path, host: str = HOST, **changed: object) -> authority.Made:
    return authority.make(folder, host, **{"now": datetime.now(UTC), **changed})  # type: ignore[arg-type]


def test_the_command_makes_both_says_what_comes_next_and_keeps_the_authority_when_run_again(tmp_path: Path):
    app = builders.make_app(tmp_path)
    first = app.test_cli_runner().invoke(args=["tls", "--address", HOST])
    assert first.exit_code == 0, first.output
    der = tls.authority(tmp_path)
    asked = ("Authority    made", tls.fingerprint(der), f"HOST={HOST} make venue", f"{OLD}/trust", "make backup")
    assert [words for words in asked if words not in first.stdout] == []
    again = app.test_cli_runner().invoke(args=["tls", "--address", HOST])
    assert ("Authority    kept" in again.stdout, tls.authority(tmp_path) == der) == (True, True)
    app.extensions["lectern_engine"].dispose()


def test_without_an_address_it_takes_that_of_the_last_start(tmp_path: Path):
    venue.remember(tmp_path, EVERY, 8000, OLD)
    app = builders.make_app(tmp_path)
    done = app.test_cli_runner().invoke(args=["tls"])
    assert (done.exit_code, tls.certificate(tmp_path).host) == (0, HOST)
    app.extensions["lectern_engine"].dispose()


@pytest.mark.parametrize("address", ["192.168.1", "contest.example.org", EVERY])
def test_an_address_that_cannot_be_used_is_one_clear_line(tmp_path: Path, address: str):
    app = builders.make_app(tmp_path)
    done = app.test_cli_runner().invoke(args=["tls", "--address", address])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert (address in done.stderr, (tmp_path / TLS_SERVER_FILE).exists()) == (True, False)
    app.extensions["lectern_engine"].dispose()


def test_while_a_round_is_judging_only_the_certificate_of_before_is_renewed(judging: Flask):
    folder, run = Path(judging.instance_path), judging.test_cli_runner()
    refused = run.invoke(args=["tls", "--address", HOST])
    assert (refused.exit_code, refused.stderr.count("\n"), "xinghe/final is judging" in refused.stderr) == (1, 1, True)
    assert not (folder / TLS_AUTHORITY_FILE).exists()
    certify(folder)
    venue.remember(folder, HOST, 8000, OLD, OLD.replace("http:", "https:"))
    assert run.invoke(args=["tls", "--address", HOST]).exit_code == 0
    for others in (["--address", "192.168.1.11"], ["--address", HOST, "--new-authority"]):
        assert run.invoke(args=["tls", *others]).exit_code == 1
    lock(judging)
    assert run.invoke(args=["tls", "--address", HOST, "--new-authority"]).exit_code == 0


def test_a_first_start_and_the_same_address_again_are_never_asked_about(judging: Flask):
    settings = settings_of(judging)
    assert moving.settle(settings, OLD, "venue") == moving.Move(OLD, "")
    venue.remember(settings.instance, HOST, 8000, OLD)
    assert moving.settle(settings, OLD, "venue") == moving.Move(OLD, "")


@pytest.mark.parametrize("url", [NEW, f"http://{HOST}:8001", f"https://{HOST}:8000", "http://contest.lan:8000"])
def test_another_address_port_or_scheme_is_refused_while_a_round_is_judging(judging: Flask, url: str, monkeypatch):
    settings = settings_of(judging)
    venue.remember(settings.instance, HOST, 8000, OLD)
    with pytest.raises(moving.Judging) as refused:
        moving.settle(settings, url, "venue")
    line = str(refused.value)
    back = f"HOST={HOST} PORT=8000 make venue"
    asked = ("xinghe/final is judging", OLD, url, back, "lock the round", f"MOVE_TO={url}")
    assert ([words for words in asked if words not in line], "\n" in line) == ([], False)
    monkeypatch.setenv(moving.CONSENT, NEW + "0")
    with pytest.raises(moving.Judging):
        moving.settle(settings, url, "venue")
    monkeypatch.setenv(moving.CONSENT, url)
    assert moving.settle(settings, url, "venue") == moving.Move(url, "", left=OLD)
    monkeypatch.delenv(moving.CONSENT)
    lock(judging)
    assert moving.settle(settings, url, "venue") == moving.Move(url, "")


def test_a_certificate_that_came_in_mid_round_waits_and_one_that_is_lost_is_made_again_first(judging: Flask):
    settings = settings_of(judging)
    secure = f"https://{HOST}:8000"
    venue.remember(settings.instance, HOST, 8000, OLD)
    certify(settings.instance)
    waits = moving.settle(settings, OLD, "venue")
    assert (waits.secure, "cards keep" in waits.told) == ("", True)
    lock(judging)
    assert moving.settle(settings, OLD, "venue").secure == secure
    with judging.app_context(), writing() as db:
        db.execute(update(Round).values(state=RoundState.JUDGING))
    venue.remember(settings.instance, HOST, 8000, OLD, secure)
    assert moving.settle(settings, OLD, "venue").secure == secure
    (settings.instance / TLS_SERVER_FILE).unlink()
    with pytest.raises(moving.Judging, match=f"flask tls --address {HOST}"):
        moving.settle(settings, OLD, "venue")
    assert judging.test_cli_runner().invoke(args=["tls", "--address", HOST]).exit_code == 0
    assert moving.settle(settings, OLD, "venue").secure == secure


def test_a_start_renews_a_certificate_that_soon_ends(judging: Flask):
    settings = settings_of(judging)
    old = certify(settings.instance, now=datetime.now(UTC) - timedelta(days=360))
    move = moving.settle(settings, OLD, "venue")
    renewed = tls.certificate(settings.instance)
    assert (renewed.until > old.certificate.until, "was renewed" in move.told) == (True, True)


def test_the_demo_holds_no_address(tmp_path: Path):
    upgrade(Settings(instance=tmp_path))
    app = builders.make_app(tmp_path)
    builders.make_contest(app, slug="demo")
    assert moving.judged(settings_of(app)) == []
    assert moving.judged(Settings(instance=tmp_path / "empty")) == []
    app.extensions["lectern_engine"].dispose()


def trusting(folder: Path) -> ssl.SSLContext:
    """What a device that trusts the event's authority checks with."""
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=tls.authority(folder))
    return context


def opened(folder: Path, port: int, **more: str) -> subprocess.Popen[str]:
    """`make venue` on this folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "commands.venue"], cwd=HERE, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        env=environment(folder, HOST="127.0.0.1", PORT=str(port), **more),
    )  # fmt: skip


def first_frame(client: httpx.Client) -> str:
    """The first frame of the public stream."""
    with client.stream("GET", "/contests/xinghe/stream") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                return line
    return ""


@pytest.mark.timeout(180)
def test_one_port_answers_http_and_https_streams_included_and_a_renewed_certificate_at_once(judging: Flask):
    folder, port = Path(judging.instance_path), servers.free_port()
    with judging.app_context(), writing() as db:
        db.scalars(select(Contest)).one().published_at = builders.NOW
    certify(folder, "127.0.0.1")
    process = opened(folder, port)
    plain, secure = f"http://127.0.0.1:{port}", f"https://127.0.0.1:{port}"
    try:
        words = said(process, "Ctrl-C ends it.")
        assert (f"{secure} (each trusts it first: {plain}/trust)" in words, f"{plain}/trust" in words) == (True, True)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{secure}/health", trust_env=False)
        with (
            httpx.Client(base_url=plain, trust_env=False, timeout=30) as old,
            httpx.Client(base_url=secure, verify=trusting(folder), trust_env=False, timeout=30) as new,
        ):
            assert (old.get("/health").text, new.get("/health").text) == ("ok", "ok")
            assert f"{plain}/" in old.get("/status").text
            assert f"{secure}/" in new.get("/status").text
            # A file of some size, which must come through TLS and not beside it.
            style = (HERE / "static/css/components.css").read_bytes()
            assert new.get("/static/css/components.css").content == style
            assert first_frame(new) == first_frame(old) != ""
            assert new.post("/language", data={"language": "en"}).status_code == 400  # the CSRF check, not a fault
            headers = new.get("/trust").headers["content-security-policy"]
            assert headers.endswith(f"connect-src 'self' {secure}")
            # Neither silence nor garbage nor a device that hangs up stops anybody else.
            with socket.create_connection(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port)) as odd:
                odd.sendall(b"\x16\x03\x01\x00\x05junk!")
                assert (old.get("/health").text, new.get("/health").text) == ("ok", "ok")
        before = certificate_of(port)
        certify(folder, "127.0.0.1")
        assert certificate_of(port) != before
    finally:
        stop(process)
    assert venue.starts(folder)[-1].secure == secure


def certificate_of(port: int) -> str:
    return ssl.get_server_certificate(("127.0.0.1", port))


@pytest.mark.timeout(180)
def test_a_start_elsewhere_is_one_line_while_a_round_is_judging_and_a_move_on_purpose_is_in_the_ledger(judging: Flask):
    folder = Path(judging.instance_path)
    venue.remember(folder, "127.0.0.1", 8000, "http://127.0.0.1:8000")
    port = servers.free_port()
    refused = opened(folder, port)
    words, _ = refused.communicate(timeout=60)
    assert (refused.returncode, words.count("\n"), words.startswith("Error: xinghe/final is judging")) == (1, 1, True)
    assert venue.starts(folder)[-1].port == 8000
    url = f"http://127.0.0.1:{port}"
    process = opened(folder, port, MOVE_TO=url)
    try:
        assert "in the ledger of 1 contest." in said(process, "Ctrl-C ends it.")
    finally:
        stop(process)
    with judging.app_context(), reading() as db:
        contest = db.scalars(select(Contest)).one()
        row = db.scalars(select(LedgerRow).where(LedgerRow.action == Action.ADDRESS_CHANGED)).one()
        assert (row.payload, ledger.verify(db, contest)) == (
            f'{{"new":"{url}","old":"http://127.0.0.1:8000"}}', None
        )
    assert venue.starts(folder)[-1].url == url

