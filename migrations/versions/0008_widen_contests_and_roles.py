"""Widen contests, accounts, entries, appearances and the stage; take in the new roles, scenes and ledger actions."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLES = ["organizer", "chief", "scorekeeper", "supervisor"]
NEW_ROLES = ["steward", "caller", "timer", "mc", "operator"]
STATUSES = ["waiting", "on_stage", "done"]
NEW_STATUSES = ["waiting", "arrived", "standby", "on_stage", "done"]
SCENES = ["waiting", "contestant", "dots", "score", "ranking"]
NEW_SCENES = ["timer", "message", "pause", "black"]
ACTIONS = [
    "contest_imported", "rules_adopted", "round_moved", "sheet_submitted", "sheet_returned", "sheet_corrected",
    "message_strayed", "stray_decided", "card_revoked", "seat_taken", "adjusted", "adjustment_cancelled", "ruled",
    "ruling_cancelled", "released", "release_withdrawn", "approval_proposed", "approval_withdrawn", "round_sealed",
    "round_reopened",
]  # fmt: skip
NEW_ACTIONS = [
    "entry_accepted", "entry_corrected", "rows_imported", "import_undone", "checked_in", "check_in_undone",
    "order_drawn", "order_changed", "entries_advanced", "panel_changed", "office_changed", "clock_pressed",
    "clock_undone", "awards_given", "awards_published", "awards_hidden", "certificate_issued", "certificate_corrected",
    "certificate_revoked",
]  # fmt: skip
CONFIRMED = "(confirmer_id IS NULL) = (confirmed_at IS NULL)"
NEW_CONFIRMED = f"alone AND confirmer_id IS NULL OR {CONFIRMED}"
RELEASE_MODES = ["immediate", "lag_1", "held"]
FORWARDS = (
    "registration_opens_at IS NULL OR registration_closes_at IS NULL OR registration_opens_at < registration_closes_at"
)


def upgrade() -> None:
    with _altering("account") as table:
        table.add_column(sa.Column("code_hash", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True))
    with _altering("person") as table:
        table.add_column(sa.Column("birth_date", sa.Date(), nullable=True))
    with _altering("contest") as table:
        for column in _contest_columns():
            table.add_column(column)
        table.create_check_constraint(op.f("ck_contest_release_mode"), _one_of("release_mode", RELEASE_MODES))
        table.create_check_constraint(op.f("ck_contest_quota_from_one"), "quota IS NULL OR quota >= 1")
        table.create_check_constraint(
            op.f("ck_contest_ages_in_order"), "min_age IS NULL OR max_age IS NULL OR min_age <= max_age"
        )
        table.create_check_constraint(op.f("ck_contest_registration_forwards"), FORWARDS)
    op.execute("UPDATE contest SET published_at = created_at")  # Until now every contest was public.
    with _altering("round") as table:
        table.add_column(sa.Column("advances", sa.Integer(), nullable=True))
    with _altering("approval") as table:
        table.add_column(sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.drop_constraint(op.f("ck_approval_confirmed_by_someone"), type_="check")
        table.create_check_constraint(op.f("ck_approval_confirmed_by_someone"), NEW_CONFIRMED)
    with _altering("entry") as table:
        table.add_column(sa.Column("masked", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("reading", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("photo_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_entry_photo_id"), "stored_file", ["photo_id"], ["id"], ondelete="RESTRICT")
        table.create_foreign_key(op.f("fk_entry_batch_id"), "import_batch", ["batch_id"], ["id"], ondelete="RESTRICT")
    with _altering("appearance") as table:
        table.add_column(sa.Column("calls", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    with _altering("stage") as table:
        table.add_column(sa.Column("preview", sa.String(length=24), nullable=True))
        table.add_column(sa.Column("message", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("prepared", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("taken_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_stage_taken_by_id"), "account", ["taken_by_id"], ["id"], ondelete="RESTRICT")
        table.create_check_constraint(op.f("ck_stage_preview"), _one_of("preview", [*SCENES, *NEW_SCENES]))
    _allow("duty", "role", "role", [*ROLES, *NEW_ROLES])
    _allow("appearance", "status", "appearance_status", NEW_STATUSES)
    _allow("stage", "scene", "scene", [*SCENES, *NEW_SCENES])
    _allow("ledger_row", "action", "action", [*ACTIONS, *NEW_ACTIONS])


def downgrade() -> None:
    # What only the newer version knows cannot be kept: the ledger's new rows break the chain, so a contest that used
    # them has to be exported first.
    op.execute(f"DELETE FROM duty WHERE NOT ({_one_of('role', ROLES)})")  # noqa: S608  our own names
    op.execute("UPDATE appearance SET status = 'waiting' WHERE status IN ('arrived', 'standby')")
    op.execute(f"UPDATE stage SET scene = 'waiting' WHERE NOT ({_one_of('scene', SCENES)})")  # noqa: S608
    op.execute("UPDATE approval SET confirmed_at = NULL WHERE alone")
    _allow("ledger_row", "action", "action", ACTIONS)
    _allow("stage", "scene", "scene", SCENES)
    _allow("appearance", "status", "appearance_status", STATUSES)
    _allow("duty", "role", "role", ROLES)
    with _altering("stage") as table:
        table.drop_constraint(op.f("ck_stage_preview"), type_="check")
        table.drop_constraint(op.f("fk_stage_taken_by_id"), type_="foreignkey")
        table.drop_column("taken_by_id")
        table.drop_column("prepared")
        table.drop_column("message")
        table.drop_column("preview")
    with _altering("appearance") as table:
        for name in ("checked_at", "called_at", "calls"):
            table.drop_column(name)
    with _altering("entry") as table:
        table.drop_constraint(op.f("fk_entry_batch_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_entry_photo_id"), type_="foreignkey")
        for name in ("batch_id", "photo_id", "reading", "masked"):
            table.drop_column(name)
    with _altering("round") as table:
        table.drop_column("advances")
    with _altering("approval") as table:
        table.drop_constraint(op.f("ck_approval_confirmed_by_someone"), type_="check")
        table.create_check_constraint(op.f("ck_approval_confirmed_by_someone"), CONFIRMED)
        table.drop_column("alone")
    with _altering("contest") as table:
        for name in ("registration_forwards", "ages_in_order", "quota_from_one", "release_mode"):
            table.drop_constraint(op.f(f"ck_contest_{name}"), type_="check")
        for column in reversed(_contest_columns()):
            table.drop_column(column.name)
    with _altering("person") as table:
        table.drop_column("birth_date")
    with _altering("account") as table:
        table.drop_column("code_expires_at")
        table.drop_column("code_hash")


def _contest_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("edition", sa.String(length=64), server_default="", nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("summary_en", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.String(length=200), server_default="", nullable=False),
        sa.Column("contact", sa.String(length=200), server_default="", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("mask_below", sa.Integer(), server_default="18", nullable=False),
        sa.Column("release_mode", sa.String(length=24), server_default="immediate", nullable=False),
        sa.Column("one_person", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("awards_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("objection", sa.Text(), server_default="", nullable=False),
    ]


def _allow(table: str, column: str, name: str, values: Sequence[str]) -> None:
    with _altering(table) as altered:
        altered.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        altered.create_check_constraint(op.f(f"ck_{table}_{name}"), _one_of(column, values))


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _altering(name: str):  # type: ignore[no-untyped-def]
    """A batch on a table. SQLite makes the table anew, and reflection alone would lose its CHECK constraints."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return op.batch_alter_table(name)
    table = sa.Table(name, sa.MetaData(), autoload_with=bind, resolve_fks=False)
    for check in sa.inspect(bind).get_check_constraints(name):
        table.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    return op.batch_alter_table(name, copy_from=table)
