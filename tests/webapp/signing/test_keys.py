"""The key that signs: made once, read by its owner only, changed without loss, and never where it does not belong."""

import stat
import subprocess
from datetime import timedelta

import pytest

from tests.webapp.signing.letters import a_letter
from webapp import clock, demo, launcher
from webapp.errors import Refusal
from webapp.settings import ROOT, Settings, from_env
from webapp.signing import keys, signer, verify
from webapp.signing.document import sealed
from webapp.signing.keys import CERTIFICATE_FILE, KEY_FILE, KeyFiles, key_files


def test_the_key_is_made_once_and_only_its_owner_reads_it(other_key):
    assert stat.S_IMODE(other_key.key.stat().st_mode) == 0o600
    before = other_key.key.read_bytes(), other_key.certificates.read_bytes()
    keys.make_once(other_key, "Kota Binjai")
    assert (other_key.key.read_bytes(), other_key.certificates.read_bytes()) == before


@pytest.mark.parametrize("lost", ["key", "certificates"])
def test_half_a_key_is_not_made_anew(other_key, lost):
    getattr(other_key, lost).unlink()
    keys.make_once(other_key, "Kota Binjai")
    assert not getattr(other_key, lost).exists()


def test_the_certificate_says_that_it_is_for_trials(other_key):
    name = keys.certificates_in(other_key)[0].subject.rfc4514_string(), keys.certificates_in(other_key)[0].issuer
    assert "Kota Binjai (contoh\\, belum tersertifikasi)" in name[0]
    assert name[1] == keys.certificates_in(other_key)[0].subject


def test_a_new_key_leaves_earlier_letters_valid(letter, signing_key):
    keys.renew(signing_key, "Kota Binjai")
    assert verify(letter).kind == "valid"
    assert verify(sealed(a_letter(), signer())).kind == "valid"
    assert stat.S_IMODE(signing_key.key.stat().st_mode) == 0o600


def test_a_certificate_taken_out_of_the_file_is_revoked(letter, signing_key):
    keys.renew(signing_key, "Kota Binjai")
    text = signing_key.certificates.read_text()
    end = "-----END CERTIFICATE-----\n"
    signing_key.certificates.write_text(text[: text.index(end) + len(end)])
    assert verify(letter).kind == "foreign"
    assert verify(sealed(a_letter(), signer())).kind == "valid"


def test_the_city_can_change_its_key_from_the_console(app, letter, signing_key):
    before = signing_key.key.read_bytes()
    done = app.test_cli_runner().invoke(args=["renew-signing-key"])
    assert done.exit_code == 0, done.output
    assert signing_key.key.read_bytes() != before
    assert verify(letter).kind == "valid"


@pytest.fixture
def no_key(app, monkeypatch, tmp_path) -> KeyFiles:
    """An installation whose signing is not set up; it runs all the same."""
    files = KeyFiles(tmp_path / KEY_FILE, tmp_path / CERTIFICATE_FILE)
    monkeypatch.setitem(app.extensions, "signing", files)
    return files


def test_without_a_key_signing_is_refused_in_plain_words(no_key):
    with pytest.raises(Refusal, match="administrator"):
        signer()


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
@pytest.mark.parametrize("file", ["key", "certificates"])
def test_a_damaged_file_is_refused_too(no_key, file, content):
    keys.make_once(no_key, "Kota Binjai")
    getattr(no_key, file).write_bytes(content)
    with pytest.raises(Refusal):
        signer()


def test_a_certificate_of_another_key_is_refused(no_key, other_key):
    keys.make_once(no_key, "Kota Binjai")
    no_key.certificates.write_bytes(other_key.certificates.read_bytes())
    with pytest.raises(Refusal):
        signer()


def test_a_certificate_past_its_time_signs_no_more_but_what_it_signed_stays_valid(letter, signing_key):
    with clock.frozen(clock.now() + keys.LIFE + timedelta(days=1)):
        assert verify(letter).kind == "valid"
        with pytest.raises(Refusal):
            signer()


@pytest.fixture
def started(instance, monkeypatch):
    """The settings as the launcher prepares them for DEMO=`demo`."""

    def start(demo: str) -> Settings:
        for name in ("PAYMENT_GATEWAY", "PAYMENT_SECRET"):
            monkeypatch.setenv(name, "")
        monkeypatch.setenv("INSTANCE", str(instance))
        monkeypatch.setenv("DEMO", demo)
        return launcher.prepared_settings()

    return start


def test_the_demo_makes_its_key_once(started):
    files = key_files(started("1"))
    key = files.key.read_bytes()
    assert "Kota Binjai" in keys.certificates_in(files)[0].subject.rfc4514_string()
    started("1")
    assert files.key.read_bytes() == key


def test_the_key_of_the_demo_signs_what_its_past_brings(started):
    own = keys.certificates_in(key_files(started("1")))[0]
    assert own.not_valid_before_utc.replace(tzinfo=None) < clock.now() - demo.PAST


def test_outside_the_demo_nobody_makes_a_key_by_himself(started):
    assert key_files(started("0")).absent


def test_the_settings_name_the_files_of_a_city_that_has_its_own(instance):
    launcher.make_secrets(instance)
    own = {"SIGNING_KEY": str(instance / "a.pem"), "SIGNING_CERTIFICATE": str(instance / "b.pem")}
    found, usual = (key_files(from_env({"INSTANCE": str(instance), **named})) for named in (own, {}))
    assert found == KeyFiles(instance / "a.pem", instance / "b.pem")
    assert usual == KeyFiles(instance / KEY_FILE, instance / CERTIFICATE_FILE)


def test_no_key_is_in_the_repository():
    """T121."""
    look = ["git", "grep", "-lE", "^-----BEGIN [A-Z ]*PRIVATE KEY", "--", "."]
    assert subprocess.run(look, cwd=ROOT, capture_output=True, check=False, text=True).stdout == ""
