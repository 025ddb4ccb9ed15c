"""What the organizer's desk leaves to the jobs worker: the independent recount of a sealed round."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from contest import folders, sealing
from contest.models import Seal
from settings import HERE
from web.db import reading, writing
from web.jobs import job

MOST_SECONDS = 120


@job
def recount(seal_id: int) -> None:
    """Recount a sealed round from its exported folder with plain Python alone, and note on the seal whether it agrees.

    It shares no database, no library and no process with the standings that were sealed.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "contest"
        with reading() as db:
            seal = db.get_one(Seal, seal_id)
            sealed, code = json.loads(seal.standings), seal.round.code
            folders.export(db, seal.round.contest, folder)
        done = subprocess.run(  # noqa: S603  our own interpreter and module, a folder we made
            [sys.executable, "-S", "-E", "-s", "-m", "contest.rules", str(folder), "--json"],
            cwd=HERE, capture_output=True, timeout=MOST_SECONDS, check=False,
        )  # fmt: skip
    agrees = done.returncode == 0 and json.loads(done.stdout)["rounds"].get(code) == sealed
    with writing() as db:
        sealing.record_recount(db, seal_id=seal_id, agrees=agrees)
