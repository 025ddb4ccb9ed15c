"""Lay the changes of a contest's rules that need two people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BY_SOMEONE = (
    "(confirmed_at IS NOT NULL) = (alone OR confirmer_id IS NOT NULL) AND NOT (alone AND confirmer_id IS NOT NULL)"
)
WITH_EFFECT = "(confirmed_at IS NULL) = (version_id IS NULL) AND (version_id IS NULL) = (effect IS NULL)"
OPEN = sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "rule_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmer_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("effect", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "confirmer_id IS NULL OR confirmer_id <> proposer_id", name=op.f("ck_rule_change_two_people")
        ),
        sa.CheckConstraint(BY_SOMEONE, name=op.f("ck_rule_change_confirmed_by_someone")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_rule_change_confirmed_or_withdrawn")
        ),
        sa.CheckConstraint(WITH_EFFECT, name=op.f("ck_rule_change_confirmed_with_effect")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_rule_change_with_reason")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_rule_change_{column}"), ondelete=how)
            for column, table, how in (
                ("base_id", "rule_version", "RESTRICT"), ("confirmer_id", "account", "RESTRICT"),
                ("contest_id", "contest", "CASCADE"), ("proposer_id", "account", "RESTRICT"),
                ("version_id", "rule_version", "RESTRICT"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rule_change_public_id")),
        sa.UniqueConstraint("version_id", name=op.f("uq_rule_change_version_id")),
    )  # fmt: skip
    op.create_index(op.f("ix_rule_change_contest_id"), "rule_change", ["contest_id"], unique=False)
    op.create_index(
        op.f("uq_rule_change_open"), "rule_change", ["contest_id"], unique=True, sqlite_where=OPEN,
        postgresql_where=OPEN,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(op.f("uq_rule_change_open"), table_name="rule_change")
    op.drop_index(op.f("ix_rule_change_contest_id"), table_name="rule_change")
    op.drop_table("rule_change")
