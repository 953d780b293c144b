"""A signed letter, and somebody else's key."""

from pathlib import Path

import pytest

from tests.webapp.signing.letters import a_letter
from webapp.signing import keys, signer
from webapp.signing.document import sealed
from webapp.signing.keys import KeyFiles


@pytest.fixture
def letter(signing_key) -> bytes:
    """A letter of the city, signed."""
    return sealed(a_letter(), signer())


@pytest.fixture
def other_key(app, tmp_path: Path) -> KeyFiles:
    """The key of somebody who calls himself as the city does."""
    files = KeyFiles(tmp_path / "other-key.pem", tmp_path / "other-certificate.pem")
    keys.renew(files, "Kota Binjai")
    return files
