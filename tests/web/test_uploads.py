"""Uploads: known by their content, kept once, given out so that no browser runs them."""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from contest import queries
from contest.errors import DiskFull, FileRefused
from contest.models import StoredFile
from tests.builders import NOW
from web import uploads
from web.db import writing
from web.uploads import Kind

MEGABYTE = uploads.MEGABYTE
GPS = 0x8825


@pytest.fixture
def within(app):
    with app.test_request_context("/"):
        yield app


def upload(data: bytes, name: str = "照片.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


def picture(width: int = 900, height: int = 1200, form: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, form, **options)
    return file.getvalue()


def office(part: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(part, "<xml/>")
    return file.getvalue()


def incoming(app) -> list[Path]:
    folder = Path(app.config["UPLOADS"]) / "incoming"
    return list(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("data, kind", [
    (picture(), Kind.IMAGE), (picture(form="PNG"), Kind.IMAGE), (picture(form="WEBP"), Kind.IMAGE),
    (b"%PDF-1.7\n", Kind.PDF), (office("ppt/presentation.xml"), Kind.SLIDES),
    (office("xl/workbook.xml"), Kind.SPREADSHEET), (office("word/document.xml"), Kind.DOCUMENT),
    (b"\0\0\0\x18ftypmp42", Kind.VIDEO),
])  # fmt: skip
def test_a_file_is_known_by_its_content(within, data, kind):
    received = uploads.receive(upload(data, "随便.bin"), kinds=set(Kind), most_bytes=MEGABYTE)
    assert (received.kind, received.size, received.name) == (kind, len(data), "随便.bin")


@pytest.mark.parametrize("data", [
    b"just text", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"GIF89a", b"%PDF-1.7",
    office("ppt/presentation.xml"), b"PK\x03\x04broken", b"<html>",
])  # fmt: skip
def test_what_only_calls_itself_a_picture_is_refused_and_leaves_nothing_behind(within, data):
    with pytest.raises(FileRefused) as refused:
        uploads.receive(upload(data), kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
    assert refused.value.args_["why"] == "wrong_kind"
    assert incoming(within) == []


def test_a_broken_picture_an_empty_file_and_none_at_all_are_refused(within):
    empty = (upload(b""), None, upload(b"x", ""))
    for sent, why in ((upload(picture()[:400]), "broken"), *((each, "empty") for each in empty)):
        with pytest.raises(FileRefused) as refused:
            uploads.receive(sent, kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
        assert refused.value.args_["why"] == why
    assert incoming(within) == []


def test_a_file_over_its_limit_is_refused_with_both_sizes(within):
    with pytest.raises(FileRefused) as refused:
        uploads.receive(upload(b"%PDF-" + b"x" * 2000), kinds={Kind.PDF}, most_bytes=1000)
    assert refused.value.args_ == {"why": "too_large", "size": 2005, "most": 1000}


def test_a_picture_of_too_many_pixels_is_never_unpacked(within, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 1000)
    with pytest.raises(FileRefused) as refused:
        uploads.receive(upload(picture(100, 100)), kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
    assert refused.value.args_["why"] == "too_many_pixels"


def test_a_photo_is_cut_turned_upright_scaled_and_says_nothing_of_where_it_was_taken(within):
    exif = Image.Exif()
    exif[0x0112] = 6  # taken with the phone on its side
    exif[GPS] = {1: "N", 2: (31.0, 18.0, 0.0)}
    received = uploads.receive(upload(picture(2400, 1800, exif=exif)), kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
    assert (received.width, received.height) == (1800, 2400)
    photo = uploads.cropped(received, crop=(0, 0, 0.5, 0.5), at_least=(600, 800), at_most=(750, 1000))
    assert (photo.width, photo.height, photo.media_type) == (750, 1000, "image/jpeg")
    with Image.open(photo.path) as written:
        assert not written.getexif()
    assert incoming(within) == [photo.path]


def test_a_photo_too_small_after_the_cut_says_what_it_was(within):
    received = uploads.receive(upload(picture(320, 240)), kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
    with pytest.raises(FileRefused) as refused:
        uploads.cropped(received, crop=None, at_least=(600, 800), at_most=(1200, 1600))
    assert refused.value.args_ == {"why": "too_small", "found": "320×240", "wanted": "600×800"}
    assert incoming(within) == []


def test_the_same_bytes_are_kept_once_and_come_back_under_their_own_name(app, final):
    with app.test_request_context("/"):
        rows = []
        for name in ("通知.pdf", "..\\..\\通知二.pdf"):
            received = uploads.receive(upload(b"%PDF-1.7 text", name), kinds={Kind.PDF}, most_bytes=MEGABYTE)
            with writing() as db:
                rows.append(uploads.keep(db, queries.contest_by_slug(db, final), received, now=NOW))
        assert [row.name for row in rows] == ["通知.pdf", "通知二.pdf"]
        assert uploads.path_of(rows[0]) == uploads.path_of(rows[1])
        answer = uploads.send(rows[0], download=True)
        answer.direct_passthrough = False
        assert answer.get_data() == b"%PDF-1.7 text"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        answer.close()


def test_a_full_disk_is_said_and_nothing_is_left(within, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    with pytest.raises(DiskFull):
        uploads.receive(upload(b"%PDF-1.7"), kinds={Kind.PDF}, most_bytes=MEGABYTE)
    assert incoming(within) == []


def test_a_full_disk_while_a_body_comes_in_is_an_answer_with_its_own_page(app):
    @app.get("/full")
    def full() -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    from web.roles import ROUTES, Access

    ROUTES["full"] = Access.PUBLIC
    try:
        answer = app.test_client().get("/full")
    finally:
        del ROUTES["full"]
    assert answer.status_code == 507
    assert "磁盘已满" in answer.text


def test_a_stored_file_has_a_row_that_names_its_kind(app, final):
    with app.test_request_context("/"), writing() as db:
        received = uploads.receive(upload(picture()), kinds={Kind.IMAGE}, most_bytes=MEGABYTE)
        row = uploads.keep(db, queries.contest_by_slug(db, final), received, now=NOW)
        stored = db.get_one(StoredFile, row.id)
    assert (stored.media_type, stored.width, stored.height) == ("image/jpeg", 900, 1200)
