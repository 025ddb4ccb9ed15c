"""Lay the judges' signatures, and let the ledger say that a round's sheets were signed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CHECK = "ck_ledger_row_action"
ACTIONS = [
    "contest_imported", "rules_adopted", "round_moved", "sheet_submitted", "sheet_returned", "sheet_corrected",
    "message_strayed", "stray_decided", "card_revoked", "seat_taken", "adjusted", "adjustment_cancelled", "ruled",
    "ruling_cancelled", "released", "release_withdrawn", "approval_proposed", "approval_withdrawn", "round_sealed",
    "round_reopened", "entry_accepted", "entry_corrected", "rows_imported", "import_undone", "checked_in",
    "check_in_undone", "order_drawn", "order_changed", "entries_advanced", "panel_changed", "office_changed",
    "clock_pressed", "clock_undone", "awards_given", "awards_published", "awards_hidden", "certificate_issued",
    "certificate_corrected", "certificate_revoked", "address_changed",
]  # fmt: skip


def upgrade() -> None:
    _allow([*ACTIONS, "sheets_signed"])
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sheets", sa.Text(), nullable=False),
        sa.Column("strokes", sa.Text(), nullable=True),
        sa.Column("typed", sa.String(length=200), nullable=True),
        sa.Column("ledger_seq", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_signature_number_from_one")),
        sa.CheckConstraint("(strokes IS NULL) <> (typed IS NULL)", name=op.f("ck_signature_by_hand_or_typed")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["round.id"], name=op.f("fk_signature_round_id_round"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_signature_sitting_id_sitting"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("round_id", "sitting_id", "number", name=op.f("uq_signature_round_id_sitting_id_number")),
    )
    op.create_index(op.f("ix_signature_sitting_id"), "signature", ["sitting_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_signature_sitting_id"), table_name="signature")
    op.drop_table("signature")
    # The rows stay out of the older version's reach: a contest that has one must be exported first.
    _allow(ACTIONS)


def _allow(values: Sequence[str]) -> None:
    with _altering("ledger_row") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        table.create_check_constraint(op.f(CHECK), f"action IN ({', '.join(repr(value) for value in values)})")


def _altering(name: str):  # type: ignore[no-untyped-def]
    """A batch on a table. SQLite makes the table anew, and reflection alone would lose its CHECK constraints."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return op.batch_alter_table(name)
    table = sa.Table(name, sa.MetaData(), autoload_with=bind, resolve_fks=False)
    for check in sa.inspect(bind).get_check_constraints(name):
        table.append_constraint(sa.CheckConstraint(sa.text(check["sqltext"]), name=op.f(check["name"])))
    return op.batch_alter_table(name, copy_from=table)
