"""What is on now: a contest's stage, the frames built from it for each audience, and the screens that show them."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.models.base import Base, Key, Line, PublicId, owned_by, refers_to, states
from contest.models.contests import Contest, Round
from contest.models.entries import Appearance
from contest.models.organizations import Account


class Scene(enum.Enum):
    """What the big screen shows."""

    WAITING = "waiting"
    CONTESTANT = "contestant"
    DOTS = "dots"
    SCORE = "score"
    RANKING = "ranking"
    TIMER = "timer"
    MESSAGE = "message"
    PAUSE = "pause"  # 技术暂停
    BLACK = "black"


class Stage(Base):
    """Which round and appearance are on, and which scene; `automatic` lets the scene follow the event.

    `preview` is the scene the operator has prepared and not yet taken; `message` is what the message scene says, and
    `prepared` what it will say once it is taken. `taken_by` is who changed the screen last by hand.
    """

    __tablename__ = "stage"
    __table_args__ = (UniqueConstraint("contest_id"),)

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    round_id: Mapped[int | None] = refers_to("round")
    appearance_id: Mapped[int | None] = refers_to("appearance")
    scene: Mapped[Scene] = mapped_column(states(Scene, "scene"), default=Scene.WAITING)
    automatic: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]
    preview: Mapped[Scene | None] = mapped_column(states(Scene, "preview"))
    message: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    prepared: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    taken_by_id: Mapped[int | None] = refers_to("account")

    round: Mapped[Round | None] = relationship()
    appearance: Mapped[Appearance | None] = relationship()
    taken_by: Mapped[Account | None] = relationship()


class Audience(enum.Enum):
    """A class of viewers who receive the same bytes."""

    PUBLIC = "public"
    SCREEN = "screen"
    STAFF = "staff"


class Frame(Base):
    """The prebuilt bytes of one audience. `revision` rises only when the bytes of that audience change."""

    __tablename__ = "frame"
    __table_args__ = (
        UniqueConstraint("contest_id", "audience"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[Key]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    audience: Mapped[Audience] = mapped_column(states(Audience, "audience"))
    revision: Mapped[int]
    frame: Mapped[bytes] = mapped_column(LargeBinary)
    board: Mapped[bytes] = mapped_column(LargeBinary)
    built_at: Mapped[datetime]


class Screen(Base):
    """A big screen's private link; revoked by raising its generation."""

    __tablename__ = "screen"
    __table_args__ = (UniqueConstraint("contest_id", "name"),)

    id: Mapped[Key]
    public_id: Mapped[PublicId]
    contest_id: Mapped[int] = owned_by("contest", index=False)
    name: Mapped[Line]
    generation: Mapped[int] = mapped_column(default=1)

    contest: Mapped[Contest] = relationship()
