"""The parts of a frame about the stage: the scene as an audience may know it, the clock, the desk's version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from contest import ledger
from contest.clocking import Segment
from contest.models import Appearance, Audience, Scene, Stage
from contest.rows import Json, both
from contest.visibility import Surface, may_see

SECONDS_OF_SCORE = 15
MILLISECONDS = 1000


def scene_json(stage: Stage, audience: Audience) -> Json:
    """The scene, and since when. A scene that went to the dots by itself would tell that a hidden sheet came in.

    The public is not told either when an automatic screen goes to the clock and back: a hall full of phones need not
    hear of each press.
    """
    name = stage.scene
    since: str | None = ledger.instant(stage.changed_at)
    if stage.appearance is not None and not may_see(Surface.DOTS, audience, stage.appearance):
        since = None
        if stage.automatic and name in (Scene.DOTS, Scene.TIMER):
            name = Scene.CONTESTANT
    moves_on = stage.automatic and name is Scene.SCORE
    scene: Json = {
        "name": name.value, "auto": stage.automatic, "since": since,
        "then": {"name": Scene.RANKING.value, "after": SECONDS_OF_SCORE} if moves_on else None,
    }  # fmt: skip
    return scene | {"text": stage.message} if name is Scene.MESSAGE else scene


def clock_json(parts: Sequence[Segment]) -> Json | None:
    """The talk clock: each part's limit, the milliseconds until `since`, and from when on it runs.

    The bytes change with a press and not with the time that passes: whoever reads them counts on with the server's
    clock. `at` is the part that runs, else the last one pressed, else the first.
    """
    if not parts:
        return None
    pressed = [at for at, part in enumerate(parts) if part.pressed]
    running = [at for at, part in enumerate(parts) if part.runs]
    return {
        "at": (running or pressed or [0])[-1],
        "parts": [
            {
                "id": part.id, "title": both(part.clock.title), "limit": part.clock.limit, "pressed": part.pressed,
                "before": round(part.before.total_seconds() * MILLISECONDS),
                "since": ledger.instant(part.since) if part.since is not None else None,
            }
            for part in parts
        ],
    }  # fmt: skip


def desk_version(stage: Stage, appearances: Sequence[Appearance]) -> str:
    """What changes whenever another desk has marked, called, confirmed or prepared something."""
    seen = [
        (each.public_id, each.position, each.status.value, each.calls, bool(each.checked_at)) for each in appearances
    ]
    told = [stage.preview.value if stage.preview else "", stage.prepared, stage.taken_by_id, seen]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]
