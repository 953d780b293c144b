"""A clinic with one ward and one shift that is open today."""

import pytest

from blueprints.dokter.models import Clinic, Shift, Ward
from tests import people
from tests.factories import clinics as make
from webapp.accounts.models import Person


@pytest.fixture
def clinic(app) -> Clinic:
    return make.a_clinic()


@pytest.fixture
def ward(clinic) -> Ward:
    return make.a_ward(clinic)


@pytest.fixture
def shift(ward) -> Shift:
    return make.a_shift(ward)


@pytest.fixture
def ani(clinic) -> Person:
    return people.ani()
