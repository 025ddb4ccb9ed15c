"""Lay panels and entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=64), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("promoted_from_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "promoted_from_id IS NULL OR promoted_from_id <> id", name=op.f("ck_entry_not_promoted_from_itself")
        ),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_entry_contest_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["promoted_from_id"], ["entry.id"], name=op.f("fk_entry_promoted_from_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_entry_contest_id_code")),
        sa.UniqueConstraint("contest_id", "position", name=op.f("uq_entry_contest_id_position")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entry_public_id")),
    )
    op.create_table(
        "panel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("contest_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name=op.f("fk_panel_contest_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("contest_id", "code", name=op.f("uq_panel_contest_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_public_id")),
    )
    op.create_table(
        "appearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "on_stage",
                "done",
                name="appearance_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "held", "released", "withdrawn", name="visibility", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "visibility <> 'released' OR released_at IS NOT NULL", name=op.f("ck_appearance_released_at_a_time")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_appearance_entry_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_appearance_panel_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_appearance_round_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearance")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appearance_public_id")),
        sa.UniqueConstraint("round_id", "entry_id", name=op.f("uq_appearance_round_id_entry_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_appearance_round_id_number")),
        sa.UniqueConstraint("round_id", "panel_id", "position", name=op.f("uq_appearance_round_id_panel_id_position")),
    )
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appearance_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appearance_panel_id"), ["panel_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("author", "teacher", name="member_role", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_member_entry_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("entry_id", "position", name=op.f("uq_member_entry_id_position")),
    )
    op.create_table(
        "seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("scoring", "tiebreak", name="seat_role", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("card_generation", sa.Integer(), nullable=False),
        sa.CheckConstraint("card_generation >= 1", name=op.f("ck_seat_generation_from_one")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_seat_number_from_one")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_seat_panel_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("panel_id", "number", name=op.f("uq_seat_panel_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_seat_public_id")),
    )
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sitting_person_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_sitting_seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sitting_public_id")),
        sa.UniqueConstraint("seat_id", "code", name=op.f("uq_sitting_seat_id_code")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appearance_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearance.id"], name=op.f("fk_assignment_appearance_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_assignment_sitting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("appearance_id", "sitting_id", name=op.f("uq_assignment_appearance_id_sitting_id")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("card_generation", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_lease_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lease_public_id")),
    )
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lease_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "span",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=True),
        sa.Column("last", sa.Integer(), nullable=True),
        sa.CheckConstraint("first IS NULL OR last IS NULL OR first <= last", name=op.f("ck_span_forwards")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_span_round_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_span_sitting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
        sa.UniqueConstraint("sitting_id", "round_id", name=op.f("uq_span_sitting_id_round_id")),
    )
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_span_round_id"), ["round_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("span", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_span_round_id"))

    op.drop_table("span")
    with op.batch_alter_table("lease", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lease_sitting_id"))

    op.drop_table("lease")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_sitting_id"))

    op.drop_table("assignment")
    op.drop_table("sitting")
    op.drop_table("seat")
    op.drop_table("member")
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appearance_panel_id"))
        batch_op.drop_index(batch_op.f("ix_appearance_entry_id"))

    op.drop_table("appearance")
    op.drop_table("panel")
    op.drop_table("entry")
