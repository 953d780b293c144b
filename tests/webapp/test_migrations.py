"""The migrations make exactly the tables that the models describe, and can be taken back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from tests.factories import clinics as make
from webapp.db import Base, db


def test_the_tables_are_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back_and_made_again(app):
    db.session.remove()
    downgrade(revision="base")
    with db.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade()
    with db.engine.connect() as connection:
        assert set(Base.metadata.tables) < set(inspect(connection).get_table_names())


def test_the_database_itself_refuses_a_state_that_no_workflow_knows(app, siti):
    """Checks are not compared above, so they are tried."""
    make.a_ticket(make.a_shift(), siti)
    for statement in (
        "UPDATE dokter_ticket SET state = 'abducted'",
        "UPDATE dokter_shift_share SET taken = places + 1",
        "UPDATE dokter_shift_share SET taken = -1",
        "UPDATE dokter_tariff SET amount = -1",
    ):
        try:
            db.session.execute(text(statement))
        except IntegrityError:
            db.session.rollback()
        else:
            raise AssertionError(statement)


def test_what_was_told_twice_before_the_rule_is_told_once_after_it(app, siti):
    ticket = make.a_ticket(make.a_shift(), siti)
    db.session.remove()
    downgrade(revision="0006")
    row = (
        "INSERT INTO notice (person_id, event_id, message, facts, href, at)"
        " SELECT {person}, MIN(id), '{message}', '{{}}', '/', MIN(at) FROM event"
    )
    with db.engine.begin() as connection:
        for message in ("a", "a", "b"):
            connection.execute(text(row.format(person=ticket.person_id, message=message)))
    upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT message, fact FROM notice ORDER BY message")).all()
        ahead = connection.execute(text("SELECT ahead_when_taken FROM dokter_ticket")).scalar()
    assert [tuple(each) for each in found] == [("a", None), ("b", None)] and ahead == 0
