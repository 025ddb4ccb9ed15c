"""Where the files of a contest come from: a folder, or a .zip of one that nobody needs to unpack."""
from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from contest.rules.csvfiles import COLUMNS, MAX_BYTES, read_bytes
from contest.rules.errors import FolderError, quoted

NAMES = ("rules.toml", *COLUMNS, "standings.json")
MOST_MEMBERS = 1000
MAX_ZIP_BYTES = 2 * MAX_BYTES
# Every file of a .zip we make has this time, the earliest it can say: the same content is the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises for a file that is none, is cut short, lies about its sizes or is damaged.
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, OverflowError, LookupError,
)


class Source(Protocol):
    """Files by name."""

    def read(self, name: str, most: int = MAX_BYTES) -> bytes | None:
        """The bytes of a file, None where there is none. Raises FolderError for one that cannot be read or is huge."""


class Folder:
    """The files of a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str, most: int = MAX_BYTES) -> bytes | None:
        """The bytes of a file, None where there is none. Raises FolderError for one that cannot be read or is huge."""
        return read_bytes(self.path / name, name, most)


class Zip:
    """The files of a .zip, read in memory and never unpacked: only those of the format, at its top or in one folder."""

    def __init__(self, data: bytes, called: str) -> None:
        """Raises FolderError for what is no .zip or has names that lead out of it."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise FolderError(called, None, None, type(error).__name__, "zip") from None
        if len(infos) > MOST_MEMBERS:
            raise FolderError(called, None, None, len(infos), "zip_members", most=MOST_MEMBERS)
        self._left = 2 * MAX_ZIP_BYTES  # A small .zip may claim and hold a mountain.
        self._infos: dict[str, zipfile.ZipInfo] = {}
        tops = set()
        for info in infos:
            parts = info.filename.split("/")
            if info.filename.startswith("/") or ".." in parts or re.search(r"[\\:\0]", info.filename):
                raise FolderError(called, None, None, info.filename, "zip_names")
            if parts[-1] not in NAMES or len(parts) > 2 or parts[0] == "__MACOSX":
                continue
            tops.add("/".join(parts[:-1]))
            if parts[-1] in self._infos or len(tops) > 1:
                raise FolderError(called, None, None, info.filename, "zip_once")
            self._infos[parts[-1]] = info

    def read(self, name: str, most: int = MAX_BYTES) -> bytes | None:
        """The bytes of a file, None where there is none. Raises FolderError for one that cannot be read or is huge."""
        info = self._infos.get(name)
        if info is None:
            return None
        if info.compress_type not in _METHODS or info.flag_bits & _ENCRYPTED:
            raise FolderError(name, None, None, "encrypted or packed in a rare way", "zip")
        most = min(most, self._left)
        try:
            with self._zip.open(info) as file:
                data = file.read(most + 1)  # The size that the .zip claims is never believed.
        except _BROKEN as error:
            raise FolderError(name, None, None, type(error).__name__, "zip") from None
        self._left -= len(data)
        if len(data) > most:
            raise FolderError(name, None, None, f"> {most // 1024} KB", "small_file", most=most // 1024)
        return data


def open_source(path: str | Path) -> Source:
    """The folder or the .zip at `path`. Raises FolderError where there is neither."""
    place = Path(path)
    try:
        if place.is_dir():
            return Folder(place)
        there = place.is_file()
    except (OSError, ValueError):
        there = False
    data = read_bytes(place, place.name, MAX_ZIP_BYTES) if there else None
    if data is None or not (data.startswith(b"PK") or place.suffix == ".zip"):
        raise FolderError(str(path), None, None, None, "folder")
    return Zip(data, quoted(place.name)[1:-1])


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A .zip of these files, stored as they are: the same files give the same bytes with every Python and zlib."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return made.getvalue()
