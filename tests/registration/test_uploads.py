"""Files of a form: known by their content, cropped, replaced without being lost, given out to the holder alone."""

from __future__ import annotations

import errno
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from contest import admitting, answers
from contest.models import Slot
from tests.registration.forms import (
    TALK,
    begin,
    change,
    file_of,
    open_contest,
    picture,
    registration,
    save,
    send,
    slides,
    submitted,
)  # fmt: skip
from web import uploads

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def client(app):
    open_contest(app)
    return app.test_client()


@pytest.fixture
def form(client) -> str:
    return begin(client)


def kept(app, form, slot):
    found = admitting.material(registration(app, form), slot)
    return found.file if found else None


def test_a_photo_is_cut_to_three_by_four_and_shown_again(app, client, form):
    assert send(client, form, "photo", picture(2400, 1600)).location.endswith("/form/2#photo")
    file = kept(app, form, Slot.PHOTO)
    assert (file.width, file.height, file.media_type) == (1200, 1600, "image/jpeg")
    shown = file_of(client, form, "photo")
    assert (shown.mimetype, Image.open(io.BytesIO(shown.data)).size) == ("image/jpeg", (1200, 1600))


@pytest.mark.parametrize("crop, colour", [("0,0,0.5,1", "red"), ("0.5,0,1,1", "blue")])
def test_the_part_that_was_chosen_is_kept(client, form, crop, colour):
    send(client, form, "photo", picture(2400, 1600), crop=crop)
    made = Image.open(io.BytesIO(file_of(client, form, "photo").data))
    red, _green, blue = made.getpixel((made.width // 2, made.height // 2))
    assert ("red" if red > blue else "blue") == colour
    assert made.width * 4 == made.height * 3


@pytest.mark.parametrize("crop", ["", "x", "1,2,3", "nan,0,1,1", "0,0,0,0", "-1,0,1,1", "0,0,inf,1", "0.9,0,0.1,1"])
def test_a_part_that_makes_no_sense_becomes_the_middle(app, client, form, crop):
    assert send(client, form, "photo", picture(), crop=crop).status_code == 303
    assert (kept(app, form, Slot.PHOTO).width, kept(app, form, Slot.PHOTO).height) == (900, 1200)


@pytest.mark.parametrize("data, name, said", [
    (picture(320, 240), "a.jpg", "照片太小（320×240），请上传至少 600×800"),
    (b"just text", "photo.jpg", "文件内容不是图片（JPG、PNG、WebP）"),
    (SVG, "photo.svg", "文件内容不是图片"), (SVG, "photo.png", "文件内容不是图片"),
    (slides(), "photo.jpg", "文件内容不是图片"), (picture()[:2000], "cut.jpg", "文件已损坏"),
    (b"", "empty.jpg", "没有选择文件，或文件是空的"),
])  # fmt: skip
def test_what_is_no_good_photo_is_refused_by_its_content_and_nothing_typed_is_lost(app, client, form, data, name, said):
    save(app, client, form, 2, TALK)
    refused = send(client, form, "photo", data, name)
    assert refused.status_code == 422
    assert refused.text.count(said) == 2
    assert "共有 1 处需要修改" in refused.text and TALK["title"] in refused.text
    assert kept(app, form, Slot.PHOTO) is None


def test_a_photo_of_20_megabytes_is_refused_with_its_size(app, client, form):
    refused = send(client, form, "photo", picture() + b"\x00" * 20_000_000, json="1")
    assert refused.status_code == 422
    assert refused.json["error"]["message"].startswith("文件 20.0 MB，最大 15.0 MB")


def test_slides_are_a_presentation_or_a_pdf(app, client, form):
    for data, name in ((slides(), "讲解.pptx"), (b"%PDF-1.4", "讲解.pdf")):
        assert send(client, form, "slides", data, name).status_code == 303
        assert kept(app, form, Slot.SLIDES).name == name
    assert send(client, form, "slides", picture(), "a.pptx").status_code == 422
    assert send(client, form, "video", slides(), "a.mp4").status_code == 422
    given = file_of(client, form, "slides")
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]


def test_the_script_gets_the_files_name_size_and_the_version(app, client, form):
    told = send(client, form, "video", b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 2000, "我.mp4", json="1")
    assert told.json == {"name": "我.mp4", "size": "2 KB", "version": registration(app, form).version}


def test_a_replaced_file_stays_as_history(app, client, form):
    for width in (900, 1200):
        send(client, form, "photo", picture(width, 1600))
    found = registration(app, form)
    assert [each.replaced_at is None for each in found.materials] == [False, True]
    assert client.post(f"/my/entries/{form}/files/photo/remove").status_code == 303
    assert client.get(f"/my/entries/{form}/files/photo").status_code == 404
    assert len(registration(app, form).materials) == 2


@pytest.mark.parametrize("slot", ["consent", "nothing", "Photo"])
def test_there_is_no_other_slot(client, form, slot):
    assert send(client, form, slot, picture()).status_code == 404
    assert client.get(f"/my/entries/{form}/files/{slot}").status_code == 404


def test_a_full_disk_says_so_and_keeps_everything(app, client, form, monkeypatch):
    save(app, client, form, 2, TALK)
    send(client, form, "photo", picture())
    before = kept(app, form, Slot.PHOTO).sha256

    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads.os, "fsync", full)
    refused = send(client, form, "photo", picture(1200, 1600))
    assert refused.status_code == 507
    assert "服务器磁盘已满，文件没有保存" in refused.text and TALK["title"] in refused.text
    assert (kept(app, form, Slot.PHOTO).sha256, answers.read(registration(app, form).answers)) == (before, TALK)
    assert list((Path(app.config["UPLOADS"]) / "incoming").iterdir()) == []


def test_slides_follow_a_submitted_form_and_the_photo_does_not(app, client):
    form = submitted(app, client)
    assert send(client, form, "slides", slides(), "讲解.pptx", **{"from": "mine"}).location == f"/my/entries/{form}"
    assert send(client, form, "photo", picture()).status_code == 409
    change(app, "xinghe", starts_at=datetime.now(UTC) - timedelta(hours=1))
    assert send(client, form, "slides", slides(), "迟到.pptx").status_code == 409
    assert kept(app, form, Slot.SLIDES).name == "讲解.pptx"
