"""python -m commands.serve: the web process and the jobs worker, started and ended together. `make run` calls it.

It imports hardly any application code, so that the web process, which does, is started at once: a second start is
ready in the time that one process needs to load.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from commands import moving
from settings import HERE, SettingError, Settings
from web import addresses, venue

READY_SECONDS = 30
NO_DEMO = "No demo is loaded here. A real event starts with `make venue`.\n\n"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", str(HERE / "gunicorn.conf.py"), "--log-level", "warning"]


class CannotStart(Exception):
    """Why the server does not start, in one line."""


def main(*, greeting: str = "demo", target: str = "run") -> int:
    """Start everything, wait for Ctrl-C, end everything. The exit code is 1 where it could not start.

    `greeting` is the flask command whose words the console shows; `target` what make calls this start.
    """
    stopping = threading.Event()
    try:
        settings = Settings.from_environment()
        must_be_free(settings, target)
        move = moving.settle(settings, settings.public_url.rstrip("/") or own_address(settings), target)
        os.environ["CONTEST_SECURE_URL"] = move.secure
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, lambda *_: stopping.set())
        greeted = settings.demo and not settings.is_venue if greeting == "demo" else True
        if not is_current(settings):
            subprocess.run([*FLASK, "migrate"], cwd=HERE, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        if move.left:
            subprocess.run([*FLASK, "moved", move.left, move.cards], cwd=HERE, check=True)  # noqa: S603
        if target == "venue":
            venue.remember(settings.instance, settings.host, settings.port, move.url, move.secure)
        with processes() as start:
            web = start(GUNICORN)
            greeter = start([*FLASK, greeting], stdout=subprocess.PIPE) if greeted else None
            base = own_address(settings)
            if wait_until_ready(base, web, stopping):
                running = [web, start([*FLASK, "jobs"])]
                told = greeter.communicate()[0].decode() if greeter is not None else NO_DEMO
                ready = f"Lectern 讲台 is ready: {settings.public_url or base}\n{move.told}"
                print(f"\n{ready}\n{told}Ctrl-C ends it.", flush=True)
                watch(running, stopping)
    except (CannotStart, moving.Judging, SettingError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("Error: the database could not be brought to the newest shape, see above.", file=sys.stderr)
        return 1
    except (EOFError, KeyboardInterrupt):
        print("\nNothing was started.", file=sys.stderr)
        return 1
    print("\nStopped.")
    return 0


def must_be_free(settings: Settings, target: str = "run") -> None:
    """Raise CannotStart where the address is taken or not this machine's, before anything is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            taken = f"{settings.host}:{settings.port} cannot be used ({error.strerror})"
            if error.errno == errno.EADDRNOTAVAIL:
                here = ", ".join([*(each.ip for each in addresses.own()), addresses.LOOPBACK])
                raise CannotStart(f"{taken}. This machine has {here}.") from error
            raise CannotStart(f"{taken}. Try another: PORT=8001 make {target}") from error


def is_current(settings: Settings) -> bool:
    """Whether a SQLite database is known to have the newest shape; else the migrations must look themselves."""
    path = settings.instance / "lectern.sqlite3"
    if settings.database_url or not path.exists():
        return False
    newest = max(each.name.partition("_")[0] for each in Path(HERE / "migrations" / "versions").glob("[0-9]*.py"))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(newest,)]
        except sqlite3.DatabaseError:
            return False


@contextmanager
def processes() -> Iterator[Starter]:
    """Processes in sessions of their own, so that Ctrl-C reaches them through us alone; ended when the block ends."""
    starter = Starter()
    try:
        yield starter
    finally:
        for process in starter.started:
            if process.poll() is None:
                process.terminate()
        for process in starter.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Starter:
    """Starts processes and remembers them."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen[bytes]] = []

    def __call__(self, command: list[str], stdout: int | None = None) -> subprocess.Popen[bytes]:
        """Start a program of ours in the project's folder."""
        process = subprocess.Popen(  # noqa: S603  our own programs
            command, cwd=HERE, env=os.environ.copy(), start_new_session=True, stdout=stdout
        )
        self.started.append(process)
        return process


def own_address(settings: Settings) -> str:
    """The address under which this machine reaches itself."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  compared, not bound
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def wait_until_ready(base: str, web: subprocess.Popen[bytes], stopping: threading.Event) -> bool:
    """Whether the web process answers; False after Ctrl-C. Raises CannotStart where it ended or stays silent."""
    for _ in range(READY_SECONDS * 20):
        if stopping.wait(0.05):
            return False
        if web.poll() is not None:
            raise CannotStart(f"the web process ended by itself (exit {web.returncode}), see above.")
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=1):  # noqa: S310  our own address
                return True
        except (urllib.error.URLError, OSError):
            continue
    raise CannotStart(f"the web process does not answer at {base} after {READY_SECONDS} s.")


def watch(running: list[subprocess.Popen[bytes]], stopping: threading.Event) -> None:
    """Wait for Ctrl-C. Raises CannotStart where one of the processes ends by itself."""
    while not stopping.wait(0.2):
        for name, process in zip(("the web process", "the jobs worker"), running, strict=True):
            if process.poll() is not None:
                raise CannotStart(f"{name} ended by itself (exit {process.returncode}), see above.")


if __name__ == "__main__":
    sys.exit(main())
