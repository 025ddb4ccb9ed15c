"""Bring a backup back: check every part, put the data of now aside, let the backup take its place."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select, update

from contest.models import Contest, new_public_id
from settings import HERE, Settings
from web import backups
from web.db import reading, writing

CHUNK = 1 << 20
# What belongs to the installation's data; the queue of the other life goes aside with it.
PARTS = (
    backups.DATABASE, f"{backups.DATABASE}-wal", f"{backups.DATABASE}-shm", backups.KEY, *backups.KEPT_BESIDE,
    "jobs.sqlite3", "jobs.sqlite3-wal", "jobs.sqlite3-shm",
)  # fmt: skip


class CannotRestore(RuntimeError):
    """Why this backup does not come back here, in one line; nothing was changed."""


@dataclass(frozen=True)
class Restored:
    """What came back, and where the data from before lies now."""

    made_at: datetime
    uploads: int
    aside: Path


def restore(settings: Settings, file: Path, *, now: datetime) -> Restored:
    """Let a backup take the place of this installation's data, which is put aside. Raises CannotRestore.

    The caller makes sure that nothing runs here, brings the database to the newest shape and calls `new_epochs`.
    """
    if not settings.is_sqlite:
        raise CannotRestore("this installation uses PostgreSQL: bring it back with pg_restore")
    settings.instance.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=settings.instance) as place:
        manifest = _unpack(file, Path(place))
        key = (Path(place) / backups.KEY).read_text(encoding="ascii").strip()
        if settings.secret_key and settings.secret_key != key:
            raise CannotRestore("CONTEST_SECRET_KEY is set and is not the backup's: its printed cards would be dead")
        stamp = now.astimezone(ZoneInfo(settings.time_zone)).strftime("%Y%m%d-%H%M%S")
        aside = settings.instance / f"before-restore-{stamp}"
        _put_aside(settings, aside)
        for name in manifest["members"]:
            (Path(place) / name).replace(settings.instance / name)
            (settings.instance / name).chmod(0o600)
        _place_uploads(settings, Path(place) / backups.UPLOADS)
    return Restored(datetime.fromisoformat(manifest["made_at"]), len(manifest["files"]), aside)


def new_epochs(engine: Engine) -> None:
    """Tell every tablet that the data it knew is gone: it offers its sheets again."""
    with reading(engine) as db:
        ids = db.scalars(select(Contest.id)).all()
    with writing(engine) as db:
        for each in ids:
            db.execute(update(Contest).where(Contest.id == each).values(epoch=new_public_id()))


def _unpack(file: Path, place: Path) -> dict[str, Any]:
    """Every part of the backup, checked against its manifest."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            for name, said in manifest["members"].items():
                _take(archive, name, place / name, said["sha256"])
            (place / backups.UPLOADS).mkdir()
            for sha256 in manifest["files"]:
                target = place / backups.UPLOADS / sha256
                if manifest["uploads"] == "inside":
                    _take(archive, f"{backups.UPLOADS}/{sha256}", target, sha256)
                else:
                    _take_beside(file.parent / backups.UPLOADS / sha256, target, sha256)
    except FileNotFoundError as error:
        raise CannotRestore(f"{error.filename} is missing") from error
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise CannotRestore(f"{file} is no backup of ours, or it is damaged ({error})") from error
    return manifest


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = cast(dict[str, Any], json.loads(archive.read(backups.MANIFEST)))
        members = set(manifest["members"])
        names = set(manifest["files"])
    except (KeyError, TypeError, ValueError) as error:
        raise CannotRestore("the file has no manifest of ours") from error
    if manifest.get("format") != backups.FORMAT:
        raise CannotRestore(f"the backup has format {manifest.get('format')}, this program reads {backups.FORMAT}")
    always = {backups.DATABASE, backups.KEY}
    if not always <= members <= {*always, *backups.KEPT_BESIDE} or not all(
        len(name) == 64 and name.isalnum() for name in names
    ):
        raise CannotRestore("the backup lists parts that none of ours has")
    known = {path.name.partition("_")[0] for path in (HERE / "migrations" / "versions").glob("[0-9]*.py")}
    if manifest.get("migration") not in known:
        raise CannotRestore("the backup was made by a newer version of this program: update it first")
    return manifest


def _take(archive: zipfile.ZipFile, name: str, target: Path, sha256: str) -> None:
    with archive.open(name) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, CHUNK)
    _check(target, name, sha256)


def _take_beside(source: Path, target: Path, sha256: str) -> None:
    shutil.copyfile(source, target)
    _check(target, source.name, sha256)


def _check(path: Path, name: str, sha256: str) -> None:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    if digest.hexdigest() != sha256:
        raise CannotRestore(f"{name} is not what the backup's manifest says: the file is damaged")


def _put_aside(settings: Settings, aside: Path) -> None:
    aside.mkdir(mode=0o700)
    for name in PARTS:
        if (settings.instance / name).exists():
            (settings.instance / name).rename(aside / name)
    uploads = settings.uploads or settings.instance / backups.UPLOADS
    if uploads.exists():
        uploads.rename(aside / backups.UPLOADS if settings.uploads is None else uploads.with_name(
            f"{uploads.name}-{aside.name}"
        ))  # fmt: skip


def _place_uploads(settings: Settings, found: Path) -> None:
    folder = settings.uploads or settings.instance / backups.UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    for path in found.iterdir():
        place = folder / path.name[:2] / path.name
        place.parent.mkdir(exist_ok=True)
        shutil.move(path, place)
