"""The one-stop office with its people."""

import pytest
from flask import Flask

from tests.factories import permits as make
from tests.factories.permits import Office
from webapp.signing.keys import KeyFiles


@pytest.fixture
def office(app: Flask, signing_key: KeyFiles) -> Office:
    return make.Office()
