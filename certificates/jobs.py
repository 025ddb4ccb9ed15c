"""What the certificates' desk leaves to the jobs worker: drawing a print batch into one PDF, with its progress kept.

A sheet takes about a millisecond, so a worker that was killed draws the file anew from the first sheet; the progress
people have seen never goes back, and the file appears whole or not at all.
"""

from __future__ import annotations

import errno
import logging
import time
from pathlib import Path

from PIL import UnidentifiedImageError

from certificates import sheets
from certificates.drawing import Press
from certificates.setting import Sheet
from contest import layouts, printing
from contest.models import Contest, PrintBatch, PrintState
from web import jobs
from web.db import reading, writing
from web.fonts import NoFont
from web.jobs import job
from web.live import now

CHUNK = 50
log = logging.getLogger(__name__)


@job
def draw_batch(batch_id: int) -> None:
    """Make the PDF of a batch. A batch that is done stays as it is."""
    with reading() as db:
        batch = db.get(PrintBatch, batch_id)
        if batch is None or batch.state is PrintState.DONE:
            return
        contest = db.get_one(Contest, batch.contest_id)
        drawn = [sheets.of_version(version, batch.address) for version in printing.sheets_of(db, batch)]
        seal = sheets.seal_path(layouts.layout_of(db, contest))
        file, title, author = sheets.file_of(batch), f"{contest.title} {batch.title}", contest.organization.name
    try:
        _draw(batch_id, drawn, file, title, author, seal)
        problem = ""
    except Exception as error:  # whatever it is, the desk must see that and why the file was not made
        log.exception("Print batch %s was not made", batch_id)
        problem = _problem(error)
    with writing() as db:
        printing.finish(db, batch_id, now=now(), problem=problem)


@jobs.at_start
def go_on() -> None:
    """Hand over the batches that wait, those included at which a worker was killed."""
    with reading() as db:
        open_ = printing.unfinished(db)
    for batch_id in open_:
        jobs.later(draw_batch, batch_id=batch_id)


def _draw(batch_id: int, drawn: list[Sheet], file: Path, title: str, author: str, seal: Path | None) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    press = Press(str(unfinished), title=title, author=author, seal=seal)
    for number, each in enumerate(drawn, start=1):
        press.draw(each)
        if number % CHUNK == 0 or number == len(drawn):
            with writing() as db:
                printing.advance(db, batch_id, done=number)
            time.sleep(0)
    press.save()
    unfinished.replace(file)


def _problem(error: Exception) -> str:
    if isinstance(error, NoFont):
        return "no_font"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_full"
    if isinstance(error, UnidentifiedImageError | FileNotFoundError):
        return "seal"
    return "unforeseen"
