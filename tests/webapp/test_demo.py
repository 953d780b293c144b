"""The demo's people."""

import pytest

from webapp import cli, demo
from webapp.accounts.models import CHECKING_ROLES
from webapp.accounts.queries import person_by_email, person_by_nik
from webapp.regions.loader import load_city


@pytest.fixture
def people(app) -> dict:
    settings = app.extensions["settings"]
    assert not load_city(settings.city, cli.loaders()).problems
    demo.add_people()
    return demo.people_of(settings.city)


def works(email: str) -> set[tuple[str, str]]:
    return {(m.unit.code, m.role) for m in person_by_email(email).memberships}


def test_everybody_works_where_the_file_says(people):
    for member in people["staff"]:
        said = {(work["unit"], work["role"]) for work in (member, *member.get("also", ()))}
        assert works(member["email"]) == said, member["email"]
    assert len(works("teknis@demo.test")) == 12
    assert works("staf.kelurahan@demo.test") == {("KEL-011005", "front_office"), ("KEL-011005", "back_office")}


def test_a_second_start_adds_nothing(people):
    before = {member["email"]: len(person_by_email(member["email"]).all_memberships) for member in people["staff"]}
    demo.add_people()
    assert before == {email: len(person_by_email(email).all_memberships) for email in before}


def test_no_two_of_them_are_one_human(people):
    """T73: whoever tries the demo sees two people check and sign."""
    accounts = [person_by_email(member["email"]) for member in people["staff"]]
    accounts += [person_by_nik(citizen["nik"]) for citizen in people["citizens"]]
    assert None not in {person.human for person in accounts}
    assert len({person.human for person in accounts}) == len(accounts)
    assert {role for role in CHECKING_ROLES} <= {m.role for person in accounts for m in person.memberships}
    assert all("Contoh" in person.name for person in accounts)


def test_the_sign_in_page_names_them_all(settings):
    shown, people = demo.accounts_shown(settings.city), demo.people_of(settings.city)
    assert [login for _label, login in shown.staff] == [member["email"] for member in people["staff"]]
    assert [login for _label, login in shown.citizens] == [citizen["nik"] for citizen in people["citizens"]]
