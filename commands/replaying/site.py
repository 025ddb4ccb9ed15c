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
from collections.abc import Callable, Iterator
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

READY_SECONDS = 60
ENDING_SECONDS = 10


class Server:
    """The web process of these settings, as `make run` runs it (benches serve another app), with its workers.

    It may be started again after it was killed: on the same port, with the same instance folder.
    """

    def __init__(self, settings: Settings, log: Path, app: str) -> None:
        self.settings, self.log, self.app = settings, log, app
        self.url = f"http://{settings.host}:{settings.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers. Raises ReplayError with its last words where it does not."""
        self._process = _start(self.settings, self.log, self.app)
        _wait(self.url, self._process, self.log)

    def kill(self) -> None:
        """End the process and its workers with SIGKILL, in the middle of whatever they do, and wait for their end.

        They are a session of their own, so its group is them and nobody else.
        """
        if self._process is None or self._process.poll() is not None:
            raise ReplayError("the server that was to be killed had already ended by itself")
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + ENDING_SECONDS
        while self._listens() and time.monotonic() < deadline:
            time.sleep(0.005)

    def end(self) -> None:
        """Ask it to end, and wait. A second call does nothing."""
        if self._process is not None:
            _end(self._process)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((self.settings.host, self.settings.port)) == 0


@dataclass(frozen=True)
class Site:
    """A running server's address and the database behind it; `server` where it is one of our own."""

    url: str
    engine: Engine
    server: Server | None = None


@contextmanager
def running_site(url: str, engine: Engine) -> Iterator[Site]:
    """The server at a loopback address, which works on this installation's database. Raises ReplayError."""
    yield Site(checked_address(url), engine)


@contextmanager
def own_site(
    settings: Settings, key: str, *, app: str = "wsgi:app", first: Callable[[Path], object] = lambda _instance: None
) -> Iterator[Site]:
    """A server on a free port with an empty SQLite database, run as `make run` runs it; ended with the block.

    It gets this installation's key, so that this process can sign the judges' cards. `first` is called with its
    instance folder before it starts. Raises ReplayError.
    """
    with tempfile.TemporaryDirectory(prefix="lectern-replay-") as folder:
        own = replace(
            settings, instance=Path(folder) / "instance", database_url="", redis_url="", workers=1, secret_key=key,
            secure_cookies=False, proxies=0, public_url="", demo=False, streams=0, host="127.0.0.1", port=free_port(),
        )  # fmt: skip
        upgrade(own)
        first(own.instance)
        engine = open_engine(own)
        try:
            with serving(own, Path(folder) / "log", app=app) as server:
                yield Site(server.url, engine, server)
        finally:
            engine.dispose()


@contextmanager
def serving(settings: Settings, log: Path, *, app: str = "wsgi:app") -> Iterator[Server]:
    """The web process of these settings, answering; ended with the block. Raises ReplayError."""
    server = Server(settings, log, app)
    try:
        server.start()
        yield server
    finally:
        server.end()


@contextmanager
def tidied_up() -> Iterator[None]:
    """Let a plain kill, too, run every `finally`: the server of our own ends, the account is disabled."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
    with log.open("ab") as said:
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
    raise ReplayError(f"the server of its own did not start: {last[0] if last else 'it said nothing'}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        # SIGINT cuts open streams at once; SIGTERM would wait for them.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
