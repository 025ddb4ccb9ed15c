"""Switch the big screen: prepare a scene, take it, refuse what may not be shown yet or rests on an old picture."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from contest import ledger, releasing, showing
from contest.errors import SceneNotReady, StageMoved, TextRefused
from contest.models import Contest, ReleaseMode, Scene, Stage
from contest.naming import clean_line

LONGEST_MESSAGE = 200


def prepare(db: Session, contest: Contest, *, scene: Scene) -> Stage:
    """Choose the scene that the next take brings on; the screen itself does not change."""
    ledger.lock(db, contest)
    stage = showing.stage_of(db, contest)
    stage.preview = scene
    return stage


def write_message(db: Session, contest: Contest, *, text: str) -> Stage:
    """Prepare the message scene with these words; the hall reads them once the scene is taken. Raises TextRefused."""
    ledger.lock(db, contest)
    stage = showing.stage_of(db, contest)
    stage.prepared, stage.preview = clean_line(text, field="message", most=LONGEST_MESSAGE), Scene.MESSAGE
    return stage


def take(
    db: Session, contest: Contest, *, scene: Scene | None, seen: str | None = None, account_id: int | None = None,
    now: datetime,
) -> Stage:  # fmt: skip
    """Show a scene, or with None let the screen follow the event by itself again.

    `seen` is the instant of the change that the asker has seen (None: whatever is on, it goes). Raises StageMoved,
    SceneNotReady for a score that is not released, TextRefused for a message without words.
    """
    ledger.lock(db, contest)
    stage = showing.stage_of(db, contest)
    if seen is not None and seen != version(stage):
        who = stage.taken_by.display_name if stage.taken_by is not None and not stage.automatic else ""
        raise StageMoved(scene=stage.scene.value, who=who)
    if scene is Scene.SCORE and not score_may_be_shown(contest, stage, db):
        raise SceneNotReady(number=stage.appearance.number if stage.appearance else "")
    if scene is Scene.MESSAGE:
        if not stage.prepared and not stage.message:
            raise TextRefused(field="message", why="empty")
        stage.message = stage.prepared or stage.message
    showing.choose_scene(db, contest, scene=scene, now=now)
    stage.taken_by_id = account_id
    return stage


def version(stage: Stage) -> str:
    """What a page that shows the stage sends back with its next press."""
    return ledger.instant(stage.changed_at)


def score_may_be_shown(contest: Contest, stage: Stage, db: Session) -> bool:
    """Whether the score scene has the score that the hall waits for.

    Where scores go out at once that is the score of who is on stage; elsewhere the last one that went out.
    """
    if stage.appearance is None or contest.release_mode is not ReleaseMode.IMMEDIATE:
        return stage.round is not None and releasing.any_released(db, stage.round)
    return stage.appearance.is_released
