"""make venue: asks for the address, loads no demo, prints the first owner's code, and keeps demos and events apart."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from flask import Flask

from settings import HERE, VENUE_FILE
from tests import builders, servers
from web import addresses, venue

OWNER = {
    "organization": "星河市科学技术协会", "display_name": "林静", "username": "linjing", "password": "a long orbit",
    "confirm": "a long orbit",
}  # fmt: skip


def environment(folder: Path, **more: str) -> dict[str, str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("CONTEST_") and name != "HOST"
    }
    return {**inherited, "CONTEST_INSTANCE": str(folder), **more}


def said(process: subprocess.Popen[str], last: str) -> str:
    """What a start says until this line."""
    lines: list[str] = []
    while not lines or not lines[-1].startswith(last):
        line = process.stdout.readline()
        assert line, "".join(lines)
        lines.append(line)
    return "".join(lines)


def started(folder: Path, module: str, **more: str) -> tuple[subprocess.Popen[str], str, str]:
    """A start on a free port: its process, its address, and what it said until it was ready."""
    port = servers.free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=HERE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(folder, HOST="127.0.0.1", PORT=str(port), **more), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return process, f"http://127.0.0.1:{port}", said(process, "Ctrl-C ends it.")


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


def token(client: httpx.Client, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found is not None
    return found[1]


def test_an_empty_venue_is_opened_by_its_first_owner_and_knows_no_demo(tmp_path: Path):
    process, url, words = started(tmp_path, "commands.venue")
    try:
        assert "demo" not in words.lower().replace("_", " ")
        code = re.search(r"one-time code: (\S+)", words)
        assert code is not None
        assert "█" in words  # the code to scan
        with httpx.Client(base_url=url, trust_env=False, timeout=30) as client:
            csrf = token(client, "/welcome")
            opened = client.post("/welcome", data={"code": code[1], "csrf_token": csrf, **OWNER})
            assert (opened.status_code, opened.headers["location"]) == (303, "/admin")
            home = client.get("/").text
            assert (f"{url}" in home, "演示" in home, "用手机扫一扫" in home) == (True, False, True)
            assert client.post("/demo/as/chief", data={"csrf_token": csrf}).status_code == 404
            assert client.get("/status/phone.json").json() == {"at": None}
            assert "手机连上了这台服务器" in httpx.get(f"{url}/status?from=qr", trust_env=False).text
            assert client.get("/status/phone.json").json()["at"] is not None
        refused = subprocess.run(
            [sys.executable, "-m", "flask", "restore", str(HERE / "Makefile")], cwd=HERE, text=True, check=False,
            capture_output=True, env=environment(tmp_path),
        )  # fmt: skip
        assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
    finally:
        stop(process)
    assert json.loads((tmp_path / VENUE_FILE).read_text())["starts"][0]["url"] == url


def test_make_run_loads_no_demo_into_a_venues_folder(tmp_path: Path):
    venue.remember(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000")
    process, url, words = started(tmp_path, "commands.serve")
    try:
        assert "No demo is loaded here." in words
        assert "演示" not in httpx.get(url, trust_env=False, timeout=30).text
    finally:
        stop(process)


@pytest.fixture
def with_demo(tmp_path: Path) -> Path:
    """An instance folder whose database holds a contest named demo."""
    app = builders.make_app(tmp_path)
    builders.make_contest(app, slug="demo")
    app.extensions["lectern_engine"].dispose()
    return tmp_path


ASK = """
from pathlib import Path
from commands import venue
from settings import Settings
folder = venue.folder(Settings.from_environment())
print("folder", folder)
print("bind", venue.ask(folder), flush=True)
"""


def asked(folder: Path, *answers: str) -> str:
    """What the console shows when a person answers its question."""
    child, console = pty.fork()
    if child == 0:
        os.chdir(HERE)
        os.execve(sys.executable, [sys.executable, "-c", ASK], environment(folder))  # noqa: S606  our own child
    shown = b""
    waiting = list(answers)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            part = os.read(console, 4096)
        except OSError:
            break  # The child ended.
        if not part:
            break
        shown += part
        if shown.rstrip(b" ").endswith(b"]:") and waiting:
            os.write(console, (waiting.pop(0) + "\n").encode())
    os.close(console)
    os.waitpid(child, 0)
    return shown.decode()


def test_the_console_asks_for_an_address_and_asks_again_until_it_is_one(tmp_path: Path):
    last = len(addresses.own()) + 1
    shown = asked(tmp_path, "99", "x", str(last))
    assert shown.count("please.") == 2
    assert "bind 127.0.0.1" in shown
    assert f"folder {tmp_path}\r" in shown


def test_the_address_of_the_last_start_is_proposed(tmp_path: Path):
    venue.remember(tmp_path, "127.0.0.1", 8000, "http://127.0.0.1:8000")
    shown = asked(tmp_path, "")
    assert ("(last time)" in shown, "bind 127.0.0.1" in shown) == (True, True)


def test_an_address_that_the_machine_no_longer_has_is_named(tmp_path: Path):
    venue.remember(tmp_path, "203.0.113.7", 8000, "http://203.0.113.7:8000")
    shown = asked(tmp_path, str(len(addresses.own()) + 1))
    assert "Last time it was 203.0.113.7, which this machine no longer has" in shown


def test_an_event_beside_a_demo_gets_a_folder_of_its_own(with_demo: Path):
    shown = asked(with_demo, str(len(addresses.own()) + 1))
    assert f"folder {with_demo}/venue\r" in shown
    assert f"export CONTEST_INSTANCE={with_demo}/venue" in shown


def test_without_a_console_and_a_remembered_address_it_says_what_to_set(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "commands.venue"], cwd=HERE, env=environment(tmp_path), text=True, check=False,
        stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout, "HOST=" in done.stderr) == (1, "", True)
    assert not (tmp_path / VENUE_FILE).exists()


def test_an_address_that_cannot_be_bound_is_refused_and_not_remembered(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "commands.venue"], cwd=HERE, env=environment(tmp_path, HOST="203.0.113.7"), text=True,
        check=False, capture_output=True,
    )  # fmt: skip
    assert (done.returncode, "203.0.113.7:8000 cannot be used" in done.stderr) == (1, True)
    assert "This machine has" in done.stderr
    assert not (tmp_path / VENUE_FILE).exists()


def test_a_damaged_memory_is_no_memory(tmp_path: Path):
    (tmp_path / VENUE_FILE).write_text('{"starts": [{}]}', encoding="utf-8")
    assert venue.starts(tmp_path) == []


def test_the_first_owners_code_is_only_printed_while_nobody_can_sign_in(app: Flask):
    first = app.test_cli_runner().invoke(args=["welcome"]).stdout
    code = re.search(r"one-time code: (\S+)", first)
    assert code is not None
    assert app.test_client().post("/welcome", data={"code": code[1], **OWNER}).status_code == 303
    assert "one-time code" not in app.test_cli_runner().invoke(args=["welcome"]).stdout
