"""Fixtures every test may ask for: real PostgreSQL, Redis and Chromium, started at first use and ended at the end."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator

import psycopg
import pytest
import redis
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from psycopg import sql

from tests import chromium as browser_program
from tests import servers

pytest_plugins = ["tests.fixtures_app", "tests.fixtures_record", "tests.fixtures_sealed"]

# A shared machine may stall for longer than hypothesis's 200 ms; a hang is caught by pytest-timeout.
hypothesis_settings.register_profile("lectern", deadline=None)
hypothesis_settings.load_profile("lectern")

# A test that asks for one of these fixtures, directly or through another, carries the marker.
MARKERS = {"chromium": ["browser"], "postgres_url": ["postgres"], "redis_url": ["redis"]}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the servers it needs, so that `-m "not browser"` works without anyone writing the marker."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            for marker in MARKERS.get(fixture, ()):
                item.add_marker(marker)


def skip_is_failure() -> bool:
    """Whether this is a build machine: there a test that did not run proves nothing."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def skipped(config: pytest.Config) -> list[str]:
    """The names of the skipped tests so far, as the reporter of the main process counts them."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return [report.nodeid for report in reporter.stats.get("skipped", [])] if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn the run red where CI is set and a test was skipped."""
    if skip_is_failure() and not hasattr(session.config, "workerinput") and skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List the skips that made the run red."""
    names = skipped(config)
    if names and skip_is_failure():
        terminalreporter.section("skipped tests count as failures because CI is set", red=True)
        for name in names:
            terminalreporter.write_line(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Server]:
    """One PostgreSQL for this process's tests."""
    server = servers.start_postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[servers.Server]:
    """One Redis for this process's tests."""
    server = servers.start_redis()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: servers.Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database of this test's own."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres_server.url.replace("/postgres?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def redis_url(redis_server: servers.Server) -> str:
    """The address of an emptied Redis."""
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: os.PathLike[str]) -> str:
    """The address of an empty database: every test that asks for it runs on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.sqlite3"
    return str(request.getfixturevalue("postgres_url"))


SERVER_MARKS = [pytest.mark.two_workers, pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture(params=["laptop", pytest.param("server", marks=SERVER_MARKS)])
def installation(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings for `serve`, twice: a laptop's (SQLite, one worker) and a server's (PostgreSQL, Redis, two workers)."""
    if request.param == "laptop":
        return {}
    return {
        "CONTEST_DATABASE_URL": request.getfixturevalue("postgres_url"),
        "CONTEST_REDIS_URL": request.getfixturevalue("redis_url"),
        "CONTEST_WORKERS": "2",
    }


@pytest.fixture
def serve() -> Iterator[Callable[..., servers.Server]]:
    """Start our web process with the given CONTEST_* settings: `serve(CONTEST_DATABASE_URL=…)`; ended with the test."""
    started: list[servers.Server] = []

    def start(**environment: str) -> servers.Server:
        started.append(servers.start_web(environment))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium for this process's tests; without one the test is skipped with the command to install it."""
    program = browser_program.find()
    if program is None or not browser_program.driver_runs():
        pytest.skip(f"no browser; to run this test: {browser_program.how_to_install()}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=browser_program.FLAGS)
        yield browser
        browser.close()


def is_fault(said: ConsoleMessage) -> bool:
    """Whether a page's message tells of a fault. Chromium calls every refusal and every cut line one.

    A refusal is an answer, a line is cut by the test itself; a missing page is a fault unless the visitor asked for it.
    """
    refused = re.search(r"the server responded with a status of (401|403|409|422)|ERR_INTERNET_DISCONNECTED", said.text)
    asked_for = "status of 404" in said.text and said.page is not None and said.location.get("url") == said.page.url
    return said.type == "error" and not refused and not asked_for


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as a new visitor with cookies of its own: `open_page(viewport=…, locale="en")`.

    At the end the test fails where any page logged an error or had a script fail, a refused inline script included.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visit(**options: object) -> Page:
        options = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if is_fault(said) else None)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
