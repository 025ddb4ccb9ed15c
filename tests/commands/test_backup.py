"""Backups: everything comes back, cards included; what is damaged, foreign or in use is refused and changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from commands.database import upgrade
from contest import queries
from contest.models import Contest, Panel, Role, Seat, StoredFile
from settings import HERE, Settings
from tests import builders
from web import backups, links, running
from web.db import reading, writing
from web.jobs import queue

PHOTO = b"a photograph of the moon"


def make(folder: Path, **changed: object) -> Flask:
    """An installation as it is on a laptop: its own key, the tables from the migrations."""
    return builders.make_app(folder, secret_key="", **changed)


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Flask]:
    """An installation with a contest, an upload and printed cards."""
    settings = Settings(instance=tmp_path / "instance", demo=False)
    upgrade(settings)
    app = make(tmp_path / "instance")
    builders.make_contest(app, judges=3)
    place = app.config["UPLOADS"] / hashed()[:2] / hashed()
    place.parent.mkdir(parents=True)
    place.write_bytes(PHOTO)
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, "xinghe")
        db.add(StoredFile(
            contest_id=contest.id, sha256=hashed(), name="月球.jpg", media_type="image/jpeg", size=len(PHOTO),
            stored_at=builders.NOW,
        ))  # fmt: skip
    yield app
    app.extensions["lectern_engine"].dispose()


def hashed() -> str:
    """The photograph's name in the uploads folder."""
    return hashlib.sha256(PHOTO).hexdigest()


def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def card(app: Flask) -> str:
    with app.app_context(), reading() as db, app.test_request_context():
        return links.card_token(db.scalars(select(Seat).join(Panel).order_by(Seat.number)).first())


def state(app: Flask) -> tuple[str, str, bytes]:
    """What a restore must bring back: the title, the key, the photograph."""
    with app.app_context(), reading() as db:
        file = db.scalars(select(StoredFile)).one()
        path = app.config["UPLOADS"] / file.sha256[:2] / file.sha256
        return db.scalars(select(Contest)).one().title, app.config["SECRET_KEY"], path.read_bytes()


def made(app: Flask, *, whole: bool = True, now: datetime | None = None) -> Path:
    with app.app_context():
        return backups.make(
            app.extensions["lectern_settings"], whole=whole, now=now or datetime.now(UTC)
        ).path


@pytest.mark.parametrize("whole", [True, False], ids=["by hand", "by itself"])
def test_what_was_changed_and_lost_after_a_backup_is_back_after_a_restore(lived: Flask, whole: bool):
    before, token, epoch = state(lived), card(lived), epoch_of(lived)
    file = made(lived, whole=whole)
    folder = Path(lived.instance_path)
    with lived.app_context(), writing() as db:
        db.scalars(select(Contest)).one().title = "改坏了"
    (lived.config["UPLOADS"] / hashed()[:2] / hashed()).unlink()
    (folder / "secret_key").write_text("0" * 64, encoding="ascii")
    lived.extensions["lectern_engine"].dispose()

    done = runner(make(folder)).invoke(args=["restore", str(file)])
    assert (done.exit_code, done.stderr) == (0, "")
    again = make(folder)
    assert state(again) == before
    assert epoch_of(again) != epoch
    assert again.test_client().get(f"/judge/{token}").status_code == 200
    aside = list(folder.glob("before-restore-*"))
    assert [(each / "secret_key").read_text() for each in aside] == ["0" * 64]
    again.extensions["lectern_engine"].dispose()


def epoch_of(app: Flask) -> str:
    with app.app_context(), reading() as db:
        return db.scalars(select(Contest)).one().epoch


def test_a_backup_comes_back_on_another_machine(lived: Flask, tmp_path: Path):
    before, file = state(lived), made(lived)
    other = make(tmp_path / "other")
    assert runner(other).invoke(args=["restore", str(file)]).exit_code == 0
    there = make(tmp_path / "other")
    assert state(there) == before
    there.extensions["lectern_engine"].dispose()


def test_the_file_is_its_owners_alone_and_says_what_it_holds(lived: Flask):
    done = runner(lived).invoke(args=["backup"])
    path = Path(done.stdout.split("  ")[0])
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert sorted(archive.namelist()) == sorted([
            "manifest.json", "lectern.sqlite3", "secret_key", f"uploads/{hashed()}",
        ])  # fmt: skip
    newest = max(path.name[:4] for path in (HERE / "migrations/versions").glob("[0-9]*.py"))
    assert (manifest["format"], manifest["files"], manifest["migration"]) == (1, [hashed()], newest)
    assert [path.name for path in path.parent.iterdir() if path.name.startswith(".")] == []


def test_a_running_server_refuses_a_restore_and_a_backup_is_made_beside_it(lived: Flask):
    folder = Path(lived.instance_path)
    descriptor = running.hold(folder)
    file = made(lived)
    done = runner(lived).invoke(args=["restore", str(file)])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "Stop it first" in done.stderr
    assert list(folder.glob("before-restore-*")) == []
    os.close(descriptor)


def damaged(file: Path, change: str) -> None:
    """The same file with one thing wrong."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    if change == "a flipped byte":
        body = bytearray(parts["lectern.sqlite3"])
        body[-1] ^= 1
        parts["lectern.sqlite3"] = bytes(body)
    elif change == "a part is missing":
        del parts["secret_key"]
    elif change == "a foreign part":
        manifest["members"]["../evil"] = manifest["members"]["secret_key"]
    elif change == "a foreign upload":
        manifest["files"] = ["../" * 20 + "evil"]
    elif change == "another format":
        manifest["format"] = 2
    elif change == "a newer program":
        manifest["migration"] = "9999"
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)


@pytest.mark.parametrize("change", [
    "a flipped byte", "a part is missing", "a foreign part", "a foreign upload", "another format", "a newer program",
])  # fmt: skip
def test_a_damaged_or_foreign_file_changes_nothing(lived: Flask, change: str):
    before, file = state(lived), made(lived)
    damaged(file, change)
    done = runner(lived).invoke(args=["restore", str(file)])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "Nothing was changed." in done.stderr
    assert state(lived) == before
    assert list(Path(lived.instance_path).glob("before-restore-*")) == []


def test_a_text_file_is_no_backup(lived: Flask, tmp_path: Path):
    (tmp_path / "notes.zip").write_text("no zip at all", encoding="utf-8")
    done = runner(lived).invoke(args=["restore", str(tmp_path / "notes.zip")])
    assert (done.exit_code, "is no backup of ours" in done.stderr) == (1, True)


def test_a_key_of_the_environment_that_is_not_the_backups_is_named(lived: Flask, tmp_path: Path):
    file = made(lived)
    other = builders.make_app(tmp_path / "other", secret_key="another key")
    done = runner(other).invoke(args=["restore", str(file)])
    assert (done.exit_code, "CONTEST_SECRET_KEY" in done.stderr) == (1, True)
    other.extensions["lectern_engine"].dispose()


def test_only_the_newest_twenty_that_were_made_by_themselves_stay(lived: Flask):
    start = datetime.now(UTC) - timedelta(hours=1)
    by_hand = made(lived, now=start)
    files = [made(lived, whole=False, now=start + timedelta(seconds=at + 1)) for at in range(22)]
    left = sorted(path.name for path in by_hand.parent.glob("*.zip"))
    assert left == sorted(path.name for path in [by_hand, *files[2:]])


def test_several_releases_in_a_row_share_one_copy(lived: Flask):
    with lived.app_context():
        backups.copy(asked=datetime.now(UTC).timestamp())
        asked = [datetime.now(UTC).timestamp() for _ in range(3)]
        for each in asked:
            backups.copy(asked=each)
        assert len(backups.kept(lived.extensions["lectern_settings"])) == 2


def test_a_release_asks_for_a_copy_and_the_desk_says_when_it_was_made(lived: Flask):
    chief = builders.client_of(lived, builders.make_account(lived, "chief", Role.CHIEF, contest="xinghe"))
    first = builders.appearances(lived)[0]
    builders.give_sheets(lived, first)
    assert chief.post("/ops/xinghe/call", data={"appearance": first}).status_code == 303
    assert "已备份" not in chief.get("/ops/xinghe").text
    assert chief.post("/ops/xinghe/release", data={"appearance": first}).status_code == 303
    waiting = queue(lived).pending()
    assert [task.name for task in waiting] == ["web.backups.copy"]
    with lived.app_context():
        backups.copy(**waiting[0].kwargs)
    assert "已备份" in chief.get("/ops/xinghe").text


def test_another_database_is_refused_in_one_line(tmp_path: Path):
    settings = Settings(instance=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(backups.CannotBackUp, match="pg_dump"):
        backups.make(settings, whole=True, now=builders.NOW)
