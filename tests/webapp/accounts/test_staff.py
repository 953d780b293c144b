"""Accounts of staff: made at the console, never there by themselves."""

import pytest
from sqlalchemy import func, select

from tests import people
from tests.factories import clinics as make
from webapp.accounts import actions
from webapp.accounts.actions import NewStaff
from webapp.accounts.models import CHECKING_ROLES, Person
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
                   "--unit", "KOMINFO", "--nik", "")  # fmt: skip
    assert said.exit_code == 0, said.output
    page = browser.open("/sign-in").form("/sign-in").send(login="tuti@kota.invalid", password=PASSWORD)
    assert page.path == "/"


@pytest.mark.parametrize(
    ("password", "unit", "told"),
    [("fourteen chars", "KOMINFO", "15"), (PASSWORD, "NO-SUCH", "NO-SUCH"), ("aaaaaaaaaaaaaaaaaaaa", "KOMINFO", "")],
)
def test_create_admin_refuses_in_one_line(app, password, unit, told):
    make.a_unit("KOMINFO")
    said = console(app, "create-admin", "--name", "T", "--email", "t@kota.invalid", "--password", password,
                   "--unit", unit, "--nik", "")  # fmt: skip
    assert said.exit_code == 1
    assert told in said.output and len(said.output.strip().splitlines()) == 1
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_add_staff_asks_for_the_nik_and_does_not_show_it(app):
    """Typed blind, so that it stands neither on the screen nor in the shell's history."""
    make.a_unit("DPMPTSP")
    said = console(app, "add-staff", "--name", "Ratna", "--email", "ratna@kota.invalid", "--unit", "DPMPTSP",
                   "--role", "head", "--password", PASSWORD, input="1275 0468 0773 9008\n")  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "NIK" in said.output and "9008" not in said.output
    assert people_by_email("ratna@kota.invalid").human is not None


def people_by_email(email: str) -> Person:
    return db.session.scalars(select(Person).where(Person.email == email)).one()


def test_a_nik_with_a_slip_is_refused(app):
    make.a_unit("DPMPTSP")
    with pytest.raises(Refusal, match="16"):
        actions.add_staff(NewStaff("R", "r@kota.invalid", PASSWORD, "12750468"), "DPMPTSP", "head")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize("role", CHECKING_ROLES)
def test_whoever_checks_or_signs_is_known_as_a_human(app, role):
    """T73: with an unknown human nobody could tell whether two accounts are two people."""
    make.a_unit("DPMPTSP")
    with pytest.raises(Refusal, match="NIK"):
        actions.add_staff(NewStaff("R", "r@kota.invalid", PASSWORD), "DPMPTSP", role)
    assert actions.add_staff(NewStaff("R", "r@kota.invalid", PASSWORD, people.BUDI_NIK), "DPMPTSP", role).memberships


def test_two_accounts_of_one_human_are_known_to_be_one(app, budi):
    """T73: the private account and the one for work; and of the latter nobody can read the NIK."""
    make.a_unit("DPMPTSP")
    at_work = actions.add_staff(NewStaff("Budi", "budi@kota.invalid", PASSWORD, people.BUDI_NIK), "DPMPTSP", "head")
    other = actions.add_staff(NewStaff("Ani", "ani@kota.invalid", PASSWORD, people.SITI_NIK), "DPMPTSP", "head")
    assert at_work.human == budi.human != other.human
    assert not at_work.is_citizen and at_work.nik_masked == ""


def test_the_same_email_is_one_account(app):
    make.a_unit("KOMINFO")
    actions.add_staff(NewStaff("A", "a@kota.invalid", PASSWORD), "KOMINFO", "admin")
    with pytest.raises(Refusal):
        actions.add_staff(NewStaff("B", "A@kota.invalid", PASSWORD), "KOMINFO", "admin")


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
