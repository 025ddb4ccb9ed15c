"""Uploads: taken in slowly, checked by content, kept under their SHA-256, given out so that no browser runs them.

A route that takes files names its limit with `@uploads.takes(bytes)`. `receive` puts one file aside and checks it,
outside any transaction; `keep` gives it its place and its row. Pictures are written anew: turned upright, cropped,
without the place and camera that phones write into them.
"""

from __future__ import annotations

import enum
import errno
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request, send_file
from PIL import Image, ImageOps
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from contest.errors import DiskFull, FileRefused
from contest.models import Contest, StoredFile
from contest.naming import clean
from settings import Settings

MEGABYTE = 1_000_000
CHUNK = 1 << 16
MOST_PIXELS = 80_000_000
LONGEST_NAME = 200
# What a form around the file may weigh.
FORM_BYTES = 200_000
Crop = tuple[float, float, float, float]
View = TypeVar("View", bound=Callable[..., Any])
_limits: dict[str, int] = {}


class Kind(enum.Enum):
    """What a file may be, by its content."""

    IMAGE = "image"  # JPEG, PNG or WebP
    PDF = "pdf"
    SLIDES = "slides"  # .pptx
    DOCUMENT = "document"  # .docx
    SPREADSHEET = "spreadsheet"  # .xlsx
    VIDEO = "video"  # MP4


MEDIA_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.SLIDES: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    Kind.DOCUMENT: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.SPREADSHEET: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.VIDEO: "video/mp4",
}
IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
OFFICE_PARTS = {
    "ppt/presentation.xml": Kind.SLIDES, "word/document.xml": Kind.DOCUMENT, "xl/workbook.xml": Kind.SPREADSHEET,
}  # fmt: skip


@dataclass(frozen=True)
class Received:
    """A checked file that waits beside the others until `keep` or `drop`."""

    path: Path
    name: str
    kind: Kind
    media_type: str
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None


def init_app(app: Flask, settings: Settings) -> None:
    """Let the routes that take files take them: before anything reads a form."""
    app.config["UPLOADS"] = settings.uploads or settings.instance / "uploads"
    app.before_request(_raise_limit)


def takes(most_bytes: int) -> Callable[[View], View]:
    """Mark a route as one that takes a file of up to so many bytes."""

    def mark(view: View) -> View:
        _limits[f"{view.__module__.partition('.')[0]}.{view.__name__}"] = most_bytes
        return view

    return mark


def receive(upload: FileStorage | None, *, kinds: set[Kind], most_bytes: int) -> Received:
    """Put an uploaded file aside and check what it is. Raises FileRefused, DiskFull; then nothing is left behind."""
    if upload is None or not upload.filename:
        raise FileRefused(why="empty")
    path = _new_path()
    try:
        digest, size = _write(upload, path, most_bytes)
        kind, media_type, width, height = _look(path, kinds)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    name = clean(Path(upload.filename.replace("\\", "/")).name)[:LONGEST_NAME] or kind.value
    return Received(path, name, kind, media_type, digest, size, width, height)


def cropped(received: Received, *, crop: Crop | None, at_least: tuple[int, int], at_most: tuple[int, int]) -> Received:
    """A picture written anew: upright, cut to `crop` (left, top, right, bottom as shares of 1), scaled down to fit.

    Raises FileRefused for what is smaller than `at_least` after the cut; the file put aside is then gone.
    """
    try:
        with Image.open(received.path) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
        if crop is not None:
            left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in crop)
            box = (left * picture.width, top * picture.height, right * picture.width, bottom * picture.height)
            if right > left and bottom > top:
                picture = picture.crop(tuple(round(value) for value in box))  # type: ignore[arg-type]
        if picture.width < at_least[0] or picture.height < at_least[1]:
            found, wanted = f"{picture.width}×{picture.height}", f"{at_least[0]}×{at_least[1]}"
            raise FileRefused(why="too_small", found=found, wanted=wanted)
        picture.thumbnail(at_most)
        path = _new_path()
        with _no_room(), path.open("wb") as file:
            picture.save(file, "JPEG", quality=88)
    except (OSError, SyntaxError, ValueError) as error:
        raise FileRefused(why="broken") from error
    finally:
        drop(received)
    data = path.read_bytes()
    return replace(
        received, path=path, media_type="image/jpeg", sha256=hashlib.sha256(data).hexdigest(), size=len(data),
        width=picture.width, height=picture.height,
    )  # fmt: skip


def keep(db: Session, contest: Contest, received: Received, *, now: datetime) -> StoredFile:
    """Give a received file its place and its row. The same bytes are kept once on the disk."""
    place = _place(received.sha256)
    with _no_room():
        place.parent.mkdir(parents=True, exist_ok=True)
        received.path.replace(place)
    row = StoredFile(
        contest_id=contest.id, sha256=received.sha256, name=received.name, media_type=received.media_type,
        size=received.size, width=received.width, height=received.height, stored_at=now,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def drop(received: Received) -> None:
    """Forget a received file that is not kept after all."""
    received.path.unlink(missing_ok=True)


def path_of(file: StoredFile) -> Path:
    """Where a stored file lies."""
    return _place(file.sha256)


def send(file: StoredFile, *, download: bool = False, public: bool = False) -> Response:
    """A stored file as an answer: shown in the page or saved under its name, never run."""
    response = send_file(
        path_of(file), mimetype=file.media_type, as_attachment=download, download_name=file.name, conditional=True,
        etag=file.sha256,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "no-cache" if public else "private, no-cache"
    return response


class _no_room:
    """Turn "no space left" into DiskFull."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error


def _raise_limit() -> None:
    limit = _limits.get(request.endpoint or "")
    if limit is not None:
        request.max_content_length = limit + FORM_BYTES


def _folder() -> Path:
    folder = Path(current_app.config["UPLOADS"])
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _place(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256


def _new_path() -> Path:
    folder = _folder() / "incoming"
    folder.mkdir(exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=folder)
    os.close(descriptor)
    return Path(name)


def _write(upload: FileStorage, path: Path, most_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with _no_room(), path.open("wb") as file:
        while chunk := upload.stream.read(CHUNK):
            size += len(chunk)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if size == 0:
        raise FileRefused(why="empty")
    if size > most_bytes:
        raise FileRefused(why="too_large", size=size, most=most_bytes)
    return digest.hexdigest(), size


def _look(path: Path, kinds: set[Kind]) -> tuple[Kind, str, int | None, int | None]:
    """What a file is by its first bytes; a name or a browser's claim is not asked."""
    with path.open("rb") as file:
        head = file.read(16)
    kind = _kind_of(path, head)
    if kind is None or kind not in kinds:
        wanted = sorted(each.value for each in kinds)
        raise FileRefused(why="wrong_kind", found=kind.value if kind else None, wanted=wanted)
    if kind is not Kind.IMAGE:
        return kind, MEDIA_TYPES[kind], None, None
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused(why="too_many_pixels", most=MOST_PIXELS)
            upright = picture.getexif().get(0x0112, 1) < 5
            picture.load()
            size = (picture.width, picture.height) if upright else (picture.height, picture.width)
            return kind, IMAGE_TYPES[str(picture.format)], *size
    except FileRefused:
        raise
    except Exception as error:  # A file from anywhere can break its reader in any way.
        raise FileRefused(why="broken") from error


def _kind_of(path: Path, head: bytes) -> Kind | None:
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Kind.IMAGE
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head[4:8] == b"ftyp":
        return Kind.VIDEO
    if head.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(path) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return None
        return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)
    return None
