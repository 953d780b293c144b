"""Browsers that are told, what is on its way to them, and each fact told once; shifts that are late or closed"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0007", "0006"

TWICE = """
DELETE FROM notice WHERE id NOT IN (SELECT MIN(id) FROM notice GROUP BY person_id, event_id, message)
"""


def upgrade() -> None:
    _each_fact_once()
    _subscriptions()
    _deliveries()
    with op.batch_alter_table("dokter_ticket", recreate="never") as table:  # a copy would lose the checks
        table.add_column(sa.Column("ahead_when_taken", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE dokter_ticket SET ahead_when_taken = number - 1")
    with op.batch_alter_table("dokter_shift", recreate="never") as table:
        table.add_column(sa.Column("delayed_until", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("delay_reason", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))


def _each_fact_once() -> None:
    op.execute(TWICE)
    with op.batch_alter_table("notice") as table:
        table.add_column(sa.Column("fact", sa.String(length=64), nullable=True))
        table.create_unique_constraint(
            op.f("notice_person_id_event_id_message_key"), ["person_id", "event_id", "message"]
        )
        table.create_unique_constraint(op.f("notice_person_id_fact_key"), ["person_id", "fact"])


def _subscriptions() -> None:
    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endpoint", sa.String(length=500), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("last_ok_at", sa.DateTime(), nullable=True),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_hash"], ["sign_in.token_hash"],
            name=op.f("push_subscription_session_hash_fkey"), ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("push_subscription_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("push_subscription_pkey")),
        sa.UniqueConstraint("session_hash", name=op.f("push_subscription_session_hash_key")),
        sa.UniqueConstraint("endpoint", name=op.f("push_subscription_endpoint_key")),
    )  # fmt: skip
    op.create_index(op.f("push_subscription_person_id_index"), "push_subscription", ["person_id"])


def _deliveries() -> None:
    op.create_table(
        "push_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("push_delivery_notice_id_fkey")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["push_subscription.id"],
            name=op.f("push_delivery_subscription_id_fkey"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("push_delivery_pkey")),
        sa.UniqueConstraint(
            "notice_id", "subscription_id", name=op.f("push_delivery_notice_id_subscription_id_key")
        ),
    )  # fmt: skip
    op.create_index("push_delivery_by_urgency", "push_delivery", ["urgency", "due_at"])
    op.create_index("push_delivery_of_topic", "push_delivery", ["subscription_id", "topic"])


def downgrade() -> None:
    op.drop_table("push_delivery")
    op.drop_table("push_subscription")
    with op.batch_alter_table("dokter_shift", recreate="never") as table:
        table.drop_column("closed_at")
        table.drop_column("delay_reason")
        table.drop_column("delayed_until")
    with op.batch_alter_table("dokter_ticket", recreate="never") as table:
        table.drop_column("ahead_when_taken")
    with op.batch_alter_table("notice") as table:
        table.drop_constraint(op.f("notice_person_id_fact_key"), type_="unique")
        table.drop_constraint(op.f("notice_person_id_event_id_message_key"), type_="unique")
        table.drop_column("fact")
