"""The one-stop office with its people."""

import pytest
from flask import Flask

from tests.factories import permits as make
from tests.factories.permits import Office
from webapp.signing.keys import KeyFiles


@pytest.fixture
def office(app: Flask, signing_key: KeyFiles) -> Office:
    return make.Office()


@pytest.fixture
def quick_signature(monkeypatch) -> None:
    """A real signature takes its time: where only the number matters, the letter is its bare bones."""
    monkeypatch.setattr("blueprints.perizinan.permits.actions.signer", lambda: None)
    monkeypatch.setattr("blueprints.perizinan.permits.actions.sealed", lambda letter, _signer: letter.number.encode())
