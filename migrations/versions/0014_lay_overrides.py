"""Lay the decisions against a computed result that need two people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BY_SOMEONE = (
    "(confirmed_at IS NOT NULL) = (alone OR confirmer_id IS NOT NULL) AND NOT (alone AND confirmer_id IS NOT NULL)"
)
CHECKS = {
    "two_people": "confirmer_id IS NULL OR confirmer_id <> proposer_id",
    "confirmed_by_someone": BY_SOMEONE,
    "confirmed_or_withdrawn": "confirmed_at IS NULL OR withdrawn_at IS NULL",
    "ruled_when_confirmed": "ruling_id IS NULL OR confirmed_at IS NOT NULL AND value IS NOT NULL",
    "with_reason": "reason <> ''",
}


def upgrade() -> None:
    op.create_table(
        "result_override",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("place", "award", name="decides", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmer_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ruling_id", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(text, name=op.f(f"ck_result_override_{name}")) for name, text in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_result_override_{column}"), ondelete=how)
            for column, table, how in (
                ("confirmer_id", "account", "RESTRICT"), ("contest_id", "contest", "CASCADE"),
                ("entry_id", "entry", "RESTRICT"), ("proposer_id", "account", "RESTRICT"),
                ("round_id", "round", "RESTRICT"), ("ruling_id", "ruling", "RESTRICT"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_override")),
        sa.UniqueConstraint("public_id", name=op.f("uq_result_override_public_id")),
        sa.UniqueConstraint("ruling_id", name=op.f("uq_result_override_ruling_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_result_override_contest_id"), "result_override", ["contest_id"], unique=False)
    op.create_index(op.f("ix_result_override_entry_id"), "result_override", ["entry_id"], unique=False)


def downgrade() -> None:
    op.drop_table("result_override")
