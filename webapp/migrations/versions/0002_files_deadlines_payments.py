"""Files, deadlines, payments, and who opened what"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=48), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("amber_at", sa.DateTime(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.CheckConstraint("days > 0", name=op.f("deadline_some_days_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("deadline_pkey")),
        sa.UniqueConstraint(
            "subject_type", "subject_id", "event", name=op.f("deadline_subject_type_subject_id_event_key")
        ),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(
            "deadline_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "deadline_pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("deadline_pause_reasoned_check")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("deadline_pause_by_id_fkey")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("deadline_pause_deadline_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("deadline_pause_pkey")),
    )
    with op.batch_alter_table("deadline_pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("deadline_pause_deadline_id_index"), ["deadline_id"], unique=False)
        batch_op.create_index(
            "one_open_pause",
            ["deadline_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'held', 'returned')", name=op.f("payment_known_state_check")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["person.id"], name=op.f("payment_resolved_by_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_pkey")),
        sa.UniqueConstraint("reference", name=op.f("payment_reference_key")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("payment_code_index"), ["code"], unique=False)

    op.create_table(
        "payment_refused_callback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_refused_callback_pkey")),
        sa.UniqueConstraint("minute", name=op.f("payment_refused_callback_minute_key")),
    )

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("upload_not_empty_check")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("upload_owner_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("upload_pkey")),
        sa.UniqueConstraint("token", name=op.f("upload_token_key")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("upload_owner_id_index"), ["owner_id"], unique=False)

    op.create_table(
        "viewing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_type", sa.String(length=48), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("viewing_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("viewing_pkey")),
    )
    with op.batch_alter_table("viewing", schema=None) as batch_op:
        batch_op.create_index("viewing_subject", ["subject_type", "subject_id"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_nik_index", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(batch_op.f("person_work_nik_index_index"), ["work_nik_index"], unique=False)

    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("confirmed_at")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("person_work_nik_index_index"))
        batch_op.drop_column("work_nik_index")

    with op.batch_alter_table("viewing", schema=None) as batch_op:
        batch_op.drop_index("viewing_subject")

    op.drop_table("viewing")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("upload_owner_id_index"))

    op.drop_table("upload")
    op.drop_table("payment_refused_callback")
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("payment_code_index"))

    op.drop_table("payment")
    with op.batch_alter_table("deadline_pause", schema=None) as batch_op:
        batch_op.drop_index("one_open_pause")
        batch_op.drop_index(batch_op.f("deadline_pause_deadline_id_index"))

    op.drop_table("deadline_pause")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("deadline_due")

    op.drop_table("deadline")
