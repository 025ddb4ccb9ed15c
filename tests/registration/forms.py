"""What the tests of the contestant's pages share: an open contest, a browser with a form, pictures and files."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from contest import queries
from contest.models import Contest, Registration
from tests import builders
from web.db import reading, writing

ABOUT = {"name": "沈知遥", "birth_date": "2000-03-04", "phone": "13800138000", "unit": "星河中学"}
TALK = {"title": "月球的土，能种菜吗？"}
PROMISES = {"portrait": "yes", "truthful": "yes", "portrait.shown": "1", "truthful.shown": "1"}
PAGES = {1: ABOUT, 2: TALK, 3: PROMISES}


def open_contest(app: Flask, **changed: object) -> str:
    """A published final that takes registrations for three days more; its slug."""
    slug = builders.make_contest(app, judges=7)
    change(app, slug, **open_dates() | {"contact": "程老师 0512-66661234"} | changed)
    return slug


def open_dates() -> dict[str, object]:
    """The dates of a contest that takes registrations for three days more."""
    now = datetime.now(UTC)
    return {
        "registration_opens_at": now - timedelta(days=1), "registration_closes_at": now + timedelta(days=3),
        "starts_at": now + timedelta(days=10),
    }  # fmt: skip


def change(app: Flask, slug: str, **changed: object) -> None:
    """Change a contest by hand."""
    with app.app_context(), writing() as db:
        contest = queries.contest_by_slug(db, slug)
        for name, value in changed.items():
            setattr(contest, name, value)


def alter(app: Flask, public_id: str, **changed: object) -> None:
    """Change a registration by hand."""
    with app.app_context(), writing() as db:
        found = db.scalars(select(Registration).where(Registration.public_id == public_id)).one()
        for name, value in changed.items():
            setattr(found, name, value)


def begin(client: FlaskClient, slug: str = "xinghe") -> str:
    """Start a form in this browser; its public id."""
    return str(client.post(f"/contests/{slug}/register").location).split("/")[3]


def version(app: Flask, public_id: str) -> int:
    """The version of a form now."""
    return registration(app, public_id).version


def registration(app: Flask, public_id: str) -> Registration:
    """A form as it is stored, with its contest, files and submissions."""
    with app.app_context(), reading() as db:
        found = db.scalars(select(Registration).where(Registration.public_id == public_id)).one()
        _ = (found.contest, found.submissions, [each.file for each in found.materials], found.entry)
        return found


def contest_of(app: Flask, slug: str = "xinghe") -> Contest:
    """A contest as it is stored."""
    with app.app_context(), reading() as db:
        return queries.contest_by_slug(db, slug)


def save(app: Flask, client: FlaskClient, public_id: str, page: int, answers: dict[str, str], **more: str):
    """Send a page of the form as a browser without scripts does."""
    data = {"version": str(version(app, public_id))} | answers | more
    return client.post(f"/my/entries/{public_id}/form/{page}", data=data)


def fill(app: Flask, client: FlaskClient, public_id: str) -> None:
    """Everything that a form needs."""
    for page, answers in PAGES.items():
        assert save(app, client, public_id, page, answers).status_code == 303
    assert send(client, public_id, "photo", picture()).status_code == 303


def submitted(app: Flask, client: FlaskClient, slug: str = "xinghe") -> str:
    """A form that was handed in; its public id."""
    public_id = begin(client, slug)
    fill(app, client, public_id)
    assert client.post(f"/my/entries/{public_id}/submit").status_code == 303
    return public_id


def send(client: FlaskClient, public_id: str, slot: str, data: bytes, name: str = "file.jpg", **more: str):
    """Upload a file into a slot as a form without scripts does; `json="1"` as the page's script does."""
    accept = "application/json" if more.pop("json", "") else "text/html"
    # A large body that the test client encodes by itself lies in a temporary file that it never closes.
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), filename=name)} | more)
    return client.post(
        f"/my/entries/{public_id}/files/{slot}", data=body, headers={"Accept": accept},
        content_type=f"multipart/form-data; boundary={boundary}",
    )  # fmt: skip


def picture(width: int = 900, height: int = 1200, form: str = "JPEG") -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    made = Image.new("RGB", (width, height), (200, 30, 30))
    made.paste((30, 30, 200), (width // 2, 0, width, height))
    file = io.BytesIO()
    made.save(file, form)
    return file.getvalue()


def slides() -> bytes:
    """The smallest file that is a presentation by its content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ppt/presentation.xml", "<p/>")
    return file.getvalue()


def file_of(client: FlaskClient, public_id: str, slot: str):
    """The file in a slot as it is given out, read to its end."""
    answer = client.get(f"/my/entries/{public_id}/files/{slot}")
    _ = answer.data
    answer.close()
    return answer
