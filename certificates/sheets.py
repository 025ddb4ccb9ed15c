"""From a stored version to a sheet that can be drawn, and where the files of print batches lie."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from certificates import words
from certificates.drawing import Press
from certificates.setting import Sheet
from contest import wording
from contest.models import CertificateLayout, CertificateVersion, PrintBatch
from contest.wording import Wording
from web import links, uploads

SAMPLE_CODE = "SAMPSAMPSAMPSAMP"


def check_page() -> str:
    """The address of the check page that printed codes carry: a code is put behind it."""
    return links.absolute("certificates.ask")


def sheet(said: Wording, *, number: str, version: int, code: str, address: str) -> Sheet:
    """A sheet to draw. `address`: the check page."""
    shown = urlsplit(address)
    return Sheet(
        wording=said, number=number, code=code, address=f"{address}/{code}", check_at=shown.netloc + shown.path,
        labels=words.labels(english=said.is_english, version=version),
    )  # fmt: skip


def of_version(version: CertificateVersion, address: str) -> Sheet:
    """The sheet of a stored version."""
    return sheet(
        wording.read(version.text), number=version.certificate.number, version=version.version, code=version.code,
        address=address,
    )  # fmt: skip


def sample(said: Wording, prefix: str) -> Sheet:
    """A sheet that shows a layout; its number and code open nothing."""
    return sheet(said, number=f"{prefix}-A1-0000", version=1, code=SAMPLE_CODE, address=check_page())


def seal_path(layout: CertificateLayout | None) -> Path | None:
    """Where the layout's seal image lies, if it has one."""
    return uploads.path_of(layout.seal_file) if layout is not None and layout.seal_file is not None else None


def pdf(drawn: Sequence[Sheet], *, title: str, author: str, seal: Path | None) -> bytes:
    """A PDF of a few sheets; many are left to a job."""
    file = io.BytesIO()
    press = Press(file, title=title, author=author, seal=seal)
    for each in drawn:
        press.draw(each)
    press.save()
    return file.getvalue()


def file_of(batch: PrintBatch) -> Path:
    """Where a batch's PDF lies once it is made."""
    return Path(current_app.instance_path) / "printed" / f"{batch.public_id}.pdf"


