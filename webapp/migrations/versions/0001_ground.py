"""The people, the city and the clinic queue"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:

    op.create_table(
        "dokter_tariff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("share", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=160), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("dokter_tariff_amount_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("dokter_tariff_pkey")),
        sa.UniqueConstraint("kind", "share", "valid_from", name=op.f("dokter_tariff_kind_share_valid_from_key")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("joint_leave", sa.Boolean(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("holiday_pkey")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("nik_sealed", sa.LargeBinary(length=64), nullable=True),
        sa.Column("nik_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(length=64), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("password_hash", sa.String(length=128), nullable=True),
        sa.Column("privacy_read_at", sa.DateTime(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("email", name=op.f("person_email_key")),
        sa.UniqueConstraint("nik_index", name=op.f("person_nik_index_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("person_phone_index_index"), ["phone_index"], unique=False)

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("parent_code", sa.String(length=13), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("region_parent_code_fkey")),
        sa.PrimaryKeyConstraint("code", name=op.f("region_pkey")),
    )
    op.create_table(
        "replay",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("replay_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("replay_pkey")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("subject_type", sa.String(length=48), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("event_actor_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("event_pkey")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("event_at", ["at"], unique=False)
        batch_op.create_index("event_subject", ["subject_type", "subject_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("sign_in_person_id_fkey")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("sign_in_pkey")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("sign_in_person_id_index"), ["person_id"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("region_code", sa.String(length=13), nullable=True),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("unit_region_code_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("unit_pkey")),
        sa.UniqueConstraint("code", name=op.f("unit_code_key")),
    )
    op.create_table(
        "dokter_clinic",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("typical_wait", sa.Integer(), nullable=True),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("dokter_clinic_unit_id_fkey")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("dokter_clinic_pkey")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("membership_person_id_fkey")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("membership_unit_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("membership_pkey")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(
            "one_standing_membership",
            ["person_id", "unit_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("href", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("notice_event_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("notice_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_pkey")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("notice_of_person", ["person_id", "at"], unique=False)

    op.create_table(
        "dokter_ward",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["dokter_clinic.unit_id"], name=op.f("dokter_ward_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("dokter_ward_pkey")),
        sa.UniqueConstraint("clinic_id", "code", name=op.f("dokter_ward_clinic_id_code_key")),
    )
    op.create_table(
        "dokter_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=2), nullable=False),
        sa.Column("doctor", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("jkn", sa.Integer(), nullable=False),
        sa.Column("non_jkn", sa.Integer(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=False),
        sa.Column("opens_days_before", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("loaded", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["dokter_ward.id"], name=op.f("dokter_schedule_ward_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("dokter_schedule_pkey")),
        sa.UniqueConstraint("ward_id", "weekday", "letter", name=op.f("dokter_schedule_ward_id_weekday_letter_key")),
    )
    op.create_table(
        "dokter_shift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(length=2), nullable=False),
        sa.Column("doctor", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["dokter_clinic.unit_id"], name=op.f("dokter_shift_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["operator_id"], ["person.id"], name=op.f("dokter_shift_operator_id_fkey")),
        sa.ForeignKeyConstraint(["schedule_id"], ["dokter_schedule.id"], name=op.f("dokter_shift_schedule_id_fkey")),
        sa.ForeignKeyConstraint(["ward_id"], ["dokter_ward.id"], name=op.f("dokter_shift_ward_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("dokter_shift_pkey")),
        sa.UniqueConstraint("clinic_id", "day", "letter", name=op.f("dokter_shift_clinic_id_day_letter_key")),
        sa.UniqueConstraint("schedule_id", "day", name=op.f("dokter_shift_schedule_id_day_key")),
    )
    with op.batch_alter_table("dokter_shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("dokter_shift_day_index"), ["day"], unique=False)

    op.create_table(
        "dokter_shift_share",
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=8), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken BETWEEN 0 AND places", name=op.f("dokter_shift_share_taken_within_places_check")),
        sa.ForeignKeyConstraint(["shift_id"], ["dokter_shift.id"], name=op.f("dokter_shift_share_shift_id_fkey")),
        sa.PrimaryKeyConstraint("shift_id", "share", name=op.f("dokter_shift_share_pkey")),
    )
    op.create_table(
        "dokter_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("shift_id", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Integer(), nullable=False),
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tariff_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.Column("called_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'done', 'missed', 'cancelled')",
            name=op.f("dokter_ticket_known_state_check"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["dokter_clinic.unit_id"], name=op.f("dokter_ticket_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("dokter_ticket_person_id_fkey")),
        sa.ForeignKeyConstraint(["shift_id"], ["dokter_shift.id"], name=op.f("dokter_ticket_shift_id_fkey")),
        sa.ForeignKeyConstraint(["tariff_id"], ["dokter_tariff.id"], name=op.f("dokter_ticket_tariff_id_fkey")),
        sa.ForeignKeyConstraint(["ward_id"], ["dokter_ward.id"], name=op.f("dokter_ticket_ward_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("dokter_ticket_pkey")),
        sa.UniqueConstraint("code", name=op.f("dokter_ticket_code_key")),
        sa.UniqueConstraint("shift_id", "number", name=op.f("dokter_ticket_shift_id_number_key")),
    )
    with op.batch_alter_table("dokter_ticket", schema=None) as batch_op:
        batch_op.create_index("dokter_ticket_of_day", ["day", "clinic_id"], unique=False)
        batch_op.create_index("dokter_ticket_of_person", ["person_id", "day"], unique=False)
        batch_op.create_index(
            "one_current_ticket",
            ["shift_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('called', 'serving')"),
            postgresql_where=sa.text("state IN ('called', 'serving')"),
        )
        batch_op.create_index(
            "one_live_ticket",
            ["person_id", "ward_id", "day"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'called', 'serving')"),
            postgresql_where=sa.text("state IN ('waiting', 'called', 'serving')"),
        )


def downgrade() -> None:

    with op.batch_alter_table("dokter_ticket", schema=None) as batch_op:
        batch_op.drop_index(
            "one_live_ticket",
            sqlite_where=sa.text("state IN ('waiting', 'called', 'serving')"),
            postgresql_where=sa.text("state IN ('waiting', 'called', 'serving')"),
        )
        batch_op.drop_index(
            "one_current_ticket",
            sqlite_where=sa.text("state IN ('called', 'serving')"),
            postgresql_where=sa.text("state IN ('called', 'serving')"),
        )
        batch_op.drop_index("dokter_ticket_of_person")
        batch_op.drop_index("dokter_ticket_of_day")

    op.drop_table("dokter_ticket")
    op.drop_table("dokter_shift_share")
    with op.batch_alter_table("dokter_shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("dokter_shift_day_index"))

    op.drop_table("dokter_shift")
    op.drop_table("dokter_schedule")
    op.drop_table("dokter_ward")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("notice_of_person")

    op.drop_table("notice")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "one_standing_membership",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("membership")
    op.drop_table("dokter_clinic")
    op.drop_table("unit")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("sign_in_person_id_index"))

    op.drop_table("sign_in")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("event_subject")
        batch_op.drop_index("event_at")

    op.drop_table("event")
    op.drop_table("replay")
    op.drop_table("region")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("person_phone_index_index"))

    op.drop_table("person")
    op.drop_table("holiday")
    op.drop_table("dokter_tariff")
