"""Where a replay is played: a server of its own that it starts and ends, or the one that already runs at an address."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy import Engine

from commands.database import upgrade
from commands.replaying.errors import ReplayError
from settings import HERE, Settings
from web.db import open_engine

READY_SECONDS = 30
ENDING_SECONDS = 10


@dataclass(frozen=True)
class Site:
    """A running server's address and the database behind it."""

    url: str
    engine: Engine


@contextmanager
def running_site(url: str, engine: Engine) -> Iterator[Site]:
    """The server at a loopback address, which works on this installation's database. Raises ReplayError."""
    yield Site(checked_address(url), engine)


@contextmanager
def own_site(settings: Settings, key: str) -> Iterator[Site]:
    """A server on a free port with an empty SQLite database, run as `make run` runs it; ended with the block.

    It gets this installation's key, so that this process can sign the judges' cards. Raises ReplayError.
    """
    with tempfile.TemporaryDirectory(prefix="lectern-replay-") as folder:
        own = replace(
            settings, instance=Path(folder) / "instance", database_url="", redis_url="", workers=1, secret_key=key,
            secure_cookies=False, proxies=0, public_url="", demo=False, streams=0, host="127.0.0.1", port=free_port(),
        )  # fmt: skip
        upgrade(own)
        engine = open_engine(own)
        try:
            with serving(own, Path(folder) / "log") as url:
                yield Site(url, engine)
        finally:
            engine.dispose()


@contextmanager
def serving(settings: Settings, log: Path, *, app: str = "wsgi:app") -> Iterator[str]:
    """The web process of these settings, as `make run` runs it (benches serve another app); ended with the block.

    Gives its address once it answers. Raises ReplayError with its last words where it does not start.
    """
    process = _start(settings, log, app)
    try:
        url = f"http://{settings.host}:{settings.port}"
        _wait(url, process, log)
        yield url
    finally:
        _end(process)


def checked_address(url: str) -> str:
    """The address without its path, once it is a loopback one where a server of ours answers. Raises ReplayError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme != "http" or not host or parts.path.strip("/") or parts.query or parts.username:
        raise ReplayError(f"--url {url}: expected an address like http://127.0.0.1:8000")
    if not _is_loopback(host):
        raise ReplayError(f"--url {url}: a replay goes only to this machine: 127.0.0.1, localhost or [::1]")
    base = f"http://[{host}]:{port or 80}" if ":" in host else f"http://{host}:{port or 80}"
    try:
        answer = httpx.get(f"{base}/health", timeout=10, trust_env=False)
    except httpx.HTTPError as error:
        raise ReplayError(f"--url {url}: no server answers there") from error
    if (answer.status_code, answer.text) != (200, "ok"):
        raise ReplayError(f"--url {url}: the server there is not this program (its /health does not say ok)")
    return base


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def free_port() -> int:
    """A loopback port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(settings: Settings, log: Path, app: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")}
    environment |= {
        "CONTEST_INSTANCE": str(settings.instance), "CONTEST_SECRET_KEY": settings.secret_key, "CONTEST_DEMO": "0",
        "CONTEST_HOST": settings.host, "CONTEST_PORT": str(settings.port),
        "CONTEST_BUSY_SECONDS": str(settings.busy_seconds),
    }  # fmt: skip
    # A session of its own: Ctrl-C reaches the server through us, after the replay has stopped talking to it.
    with log.open("wb") as said:
        return subprocess.Popen(  # noqa: S603  our own program
            [sys.executable, "-m", "gunicorn", "--config", str(HERE / "gunicorn.conf.py"), app],
            cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{url}/health", timeout=2, trust_env=False)
            return
        time.sleep(0.05)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise ReplayError(f"the replay's own server did not start: {last[0] if last else 'it said nothing'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # SIGINT cuts open streams at once; SIGTERM would wait for them.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
