"""Backups: one file with a copy of the database taken while it is used, the uploads and the secret key, each hashed.

Without the key every printed card and certificate is dead, so it is in the file; the file is for its owner alone.
A copy after each release must be quick, so it leaves the uploads beside it, each once: they never change, their names
are their hashes. `flask backup` makes a file that holds everything.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from contest.errors import DiskFull
from settings import HERE, TLS_AUTHORITY_FILE, TLS_SERVER_FILE, VENUE_FILE, Settings
from web import signs
from web.jobs import job, later

FORMAT, MANIFEST = 1, "manifest.json"
DATABASE, KEY, UPLOADS = "lectern.sqlite3", "secret_key", "uploads"
# Further parts of an event's folder: a second laptop takes the first one's place with its address and its authority.
KEPT_BESIDE = (VENUE_FILE, TLS_AUTHORITY_FILE, TLS_SERVER_FILE)
# Copies made by themselves: the newest of them stay. Files made by hand are never removed.
KEEP, AUTOMATIC = 20, "-auto"
SPARE_BYTES = 50_000_000
SIGN_FAILED = "backup-failed"
log = logging.getLogger(__name__)


class CannotBackUp(RuntimeError):
    """Why no backup can be made here, in one line."""


@dataclass(frozen=True)
class Backup:
    """A backup file and the moment whose state it holds."""

    path: Path
    at: datetime
    size: int


def init_app(app: Flask) -> None:
    """Give the templates the time of the last backup."""
    app.jinja_env.globals["last_backup"] = last


def make(settings: Settings, *, whole: bool, now: datetime) -> Backup:
    """Make a backup of this installation, `whole` with the uploads inside. Raises CannotBackUp, DiskFull.

    The file appears under its name only once it is complete and on the disk.
    """
    if not settings.is_sqlite:
        raise CannotBackUp("this installation uses PostgreSQL: use pg_dump, and copy the uploads and the key yourself")
    if not (settings.instance / DATABASE).exists():
        raise CannotBackUp(f"there is no database in {settings.instance}")
    folder = folder_of(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    uploads = dict(_uploads(settings))
    inside = sum(path.stat().st_size for path in uploads.values()) if whole else 0
    if shutil.disk_usage(folder).free < 2 * (settings.instance / DATABASE).stat().st_size + inside + SPARE_BYTES:
        raise DiskFull
    stamp = now.astimezone(ZoneInfo(settings.time_zone)).strftime("%Y%m%d-%H%M%S")
    path = _free(folder, f"lectern-{stamp}", "" if whole else AUTOMATIC)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as made:
        copy = Path(made) / DATABASE
        _copy_database(settings.instance / DATABASE, copy)
        part = Path(made) / path.name
        _write(settings, part, copy, uploads, whole=whole, now=now)
        if not whole:
            _beside(folder / UPLOADS, uploads)
        os.utime(part, (now.timestamp(), now.timestamp()))
        part.replace(path)
    _thin(folder)
    return Backup(path, now, path.stat().st_size)


def folder_of(settings: Settings) -> Path:
    """Where backups are kept."""
    return settings.backups or settings.instance / "backups"


def kept(settings: Settings) -> list[Backup]:
    """The backups there are, the oldest first."""
    found = [(path, path.stat()) for path in folder_of(settings).glob("lectern-*.zip")]
    return sorted(
        (Backup(path, datetime.fromtimestamp(stat.st_mtime, UTC), stat.st_size) for path, stat in found),
        key=lambda each: each.at,
    )


def last() -> Backup | None:
    """The newest backup of the current app, for pages that say 已备份."""
    return _newest(current_app.extensions["lectern_settings"])


def soon() -> None:
    """Have a copy made in the background. Never delays or fails what it is called after."""
    settings: Settings = current_app.extensions["lectern_settings"]
    if not settings.is_sqlite:
        return
    try:
        later(copy, asked=time.time())
    except Exception:  # The score is out; a queue that is full or gone must not turn that into an error.
        log.exception("A backup could not be asked for")


@job
def copy(asked: float) -> None:
    """Make a copy, unless one was begun after this was asked: several releases in a row share one."""
    settings: Settings = current_app.extensions["lectern_settings"]
    newest = _newest(settings)
    if newest is not None and newest.at.timestamp() >= asked:
        return
    try:
        make(settings, whole=False, now=datetime.now(UTC))
    except (CannotBackUp, DiskFull, OSError, sqlite3.Error) as error:
        log.exception("No backup was made")
        signs.leave(SIGN_FAILED, why=type(error).__name__)


def _newest(settings: Settings) -> Backup | None:
    found = kept(settings)
    return found[-1] if found else None


def _uploads(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Every kept upload by its SHA-256; what is still coming in is not kept yet."""
    folder = settings.uploads or settings.instance / UPLOADS
    for path in sorted(folder.glob("??/*")):
        if len(path.name) == 64 and path.is_file():
            yield path.name, path


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online copy: what is committed when it begins, while writers go on. Raises sqlite3.Error."""
    with closing(sqlite3.connect(source, timeout=10)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        if new.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("the copy of the database is damaged")


def _write(
    settings: Settings, part: Path, database: Path, uploads: dict[str, Path], *, whole: bool, now: datetime
) -> None:
    members = {DATABASE: database.read_bytes(), KEY: settings.key().encode()}
    for name in KEPT_BESIDE:
        if (settings.instance / name).exists():
            members[name] = (settings.instance / name).read_bytes()
    manifest = {
        "format": FORMAT, "made_at": now.isoformat(), "revision": _revision(), "migration": migration_of(database),
        "uploads": "inside" if whole else "beside", "files": sorted(uploads),
        "members": {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
                    for name, data in members.items()},
    }  # fmt: skip
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, data in members.items():
                archive.writestr(name, data)
            for sha256, path in uploads.items() if whole else ():
                archive.write(path, f"{UPLOADS}/{sha256}", zipfile.ZIP_STORED)  # Photos and videos do not shrink.
        file.flush()
        os.fsync(file.fileno())


def _beside(folder: Path, uploads: dict[str, Path]) -> None:
    folder.mkdir(exist_ok=True, mode=0o700)
    for sha256, path in uploads.items():
        if not (folder / sha256).exists():
            part = folder / f".{sha256}"
            shutil.copyfile(path, part)
            part.chmod(0o600)
            part.replace(folder / sha256)


def migration_of(database: Path) -> str:
    """The migration a SQLite database stands at; empty where it has none. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:
            return ""
    return str(found[0]) if found else ""


def _revision() -> str:
    """The revision of the program that made a backup, where it was cloned; for people who read the manifest."""
    git = shutil.which("git")
    if git is None:
        return ""
    done = subprocess.run(  # noqa: S603  a fixed command
        [git, "rev-parse", "--short", "HEAD"], cwd=HERE, capture_output=True, text=True, check=False, timeout=10
    )
    return done.stdout.strip()


def _free(folder: Path, name: str, ending: str) -> Path:
    for more in ("", *(f"-{number}" for number in range(2, 100))):
        path = folder / f"{name}{more}{ending}.zip"
        if not path.exists():
            return path
    raise CannotBackUp(f"too many backups of one second in {folder}")


def _thin(folder: Path) -> None:
    old = sorted(folder.glob(f"lectern-*{AUTOMATIC}.zip"), key=lambda path: path.stat().st_mtime)[:-KEEP]
    for path in old:
        path.unlink(missing_ok=True)
