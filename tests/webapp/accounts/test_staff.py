"""Accounts of staff: made at the console, never there by themselves."""

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from webapp.accounts import actions
from webapp.accounts.models import Person
from webapp.db import db
from webapp.errors import Refusal

PASSWORD = "kereta ke Medan pukul enam"


def console(app, *words, **kwargs):
    return app.test_cli_runner().invoke(args=words, **kwargs)


def test_a_fresh_installation_has_no_account(app):
    """T13."""
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_create_admin(app, browser):
    make.a_unit("KOMINFO")
    said = console(app, "create-admin", "--name", "Tuti", "--email", "Tuti@Kota.Invalid", "--password", PASSWORD,
                   "--unit", "KOMINFO")  # fmt: skip
    assert said.exit_code == 0, said.output
    page = browser.open("/sign-in").form("/sign-in").send(login="tuti@kota.invalid", password=PASSWORD)
    assert page.path == "/"


@pytest.mark.parametrize(
    ("password", "unit", "told"),
    [("fourteen chars", "KOMINFO", "15"), (PASSWORD, "NO-SUCH", "NO-SUCH"), ("aaaaaaaaaaaaaaaaaaaa", "KOMINFO", "")],
)
def test_create_admin_refuses_in_one_line(app, password, unit, told):
    make.a_unit("KOMINFO")
    said = console(
        app, "create-admin", "--name", "T", "--email", "t@kota.invalid", "--password", password, "--unit", unit
    )
    assert said.exit_code == 1
    assert told in said.output and len(said.output.strip().splitlines()) == 1
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_same_email_is_one_account(app):
    make.a_unit("KOMINFO")
    actions.add_staff("A", "a@kota.invalid", PASSWORD, "KOMINFO", "admin")
    with pytest.raises(Refusal):
        actions.add_staff("B", "A@kota.invalid", PASSWORD, "KOMINFO", "admin")


def test_a_role_hangs_on_a_membership_and_ends_with_it(app):
    make.a_clinic()
    ani = people.ani()
    assert [m.role for m in ani.memberships] == ["nurse"]
    said = console(app, "end-membership", "--email", ani.email, "--unit", "PKM-A")
    assert said.exit_code == 0
    db.session.expire_all()
    assert ani.memberships == [] and len(ani.all_memberships) == 1


def test_somebody_who_comes_back_has_a_new_membership(app):
    make.a_clinic()
    ani = people.ani()
    actions.end_membership(ani.memberships[0].id, by=None)
    actions.begin_membership(ani, "PKM-A", "nurse", by=None)
    actions.begin_membership(ani, "PKM-A", "nurse", by=None)
    db.session.expire_all()
    assert len(ani.memberships) == 1 and len(ani.all_memberships) == 2


def test_there_is_no_role_of_any_name(app):
    make.a_clinic()
    with pytest.raises(Refusal):
        people.staff("X", "x@contoh.invalid", "PKM-A", "emperor")
