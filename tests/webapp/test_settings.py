"""A start is refused in one clear line when something is missing."""

import base64
import socket
import stat

import pytest

from webapp import launcher
from webapp.settings import SECRETS_FILE, SettingsError, from_env

GOOD = {"SECRET_KEY": "x" * 40, "NIK_KEY": base64.b64encode(bytes(32)).decode()}


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"SECRET_KEY": ""}, "SECRET_KEY"), ({"NIK_KEY": ""}, "NIK_KEY"), ({"SECRET_KEY": "short"}, "32"),
     ({"NIK_KEY": "not base64!"}, "base64"), ({"NIK_KEY": "c2hvcnQ="}, "32 bytes")],
)  # fmt: skip
def test_a_missing_or_weak_secret(instance, changed, told):
    with pytest.raises(SettingsError, match=told) as refused:
        from_env({**GOOD, **changed, "INSTANCE": str(instance)})
    assert "\n" not in str(refused.value)


def test_secrets_are_made_once_and_only_their_owner_reads_them(instance):
    launcher.make_secrets(instance)
    path = instance / SECRETS_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert from_env({"INSTANCE": str(instance)}) == from_env({"INSTANCE": str(instance)})
    with pytest.raises(FileExistsError):
        launcher.make_secrets(instance)


def test_a_database_whose_keys_are_lost_gets_no_new_ones(instance):
    (instance / "binjai.db").touch()
    with pytest.raises(launcher.NoStart, match="Restore"):
        launcher.make_secrets(instance)


def test_the_environment_comes_before_the_file(instance):
    launcher.make_secrets(instance)
    assert from_env({**GOOD, "INSTANCE": str(instance)}).secret_key == "x" * 40


def test_the_demo_shares_a_secret_with_its_bank_and_keeps_it(instance, monkeypatch):
    """In an older installation, too: the line is added, the others stay as they are."""
    launcher.make_secrets(instance)
    before = (instance / SECRETS_FILE).read_text()
    for name in ("PAYMENT_SECRET", "PAYMENT_GATEWAY", "SECRET_KEY", "NIK_KEY"):
        monkeypatch.setenv(name, "to be put back")
        monkeypatch.delenv(name)
    monkeypatch.setenv("INSTANCE", str(instance))
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("DEMO", "1")
    first, second = launcher.prepared_settings(), launcher.prepared_settings()
    assert first == second and first.payment_gateway == "http://127.0.0.1:9001"
    written = (instance / SECRETS_FILE).read_text()
    assert written.startswith(before) and written.count("PAYMENT_SECRET=") == 1
    assert stat.S_IMODE((instance / SECRETS_FILE).stat().st_mode) == 0o600


def test_outside_the_demo_no_bank_is_connected(instance, monkeypatch):
    launcher.make_secrets(instance)
    monkeypatch.setenv("INSTANCE", str(instance))
    monkeypatch.setenv("DEMO", "0")
    settings = launcher.prepared_settings()
    assert settings.payment_gateway == "" and settings.payment_secret == ""


def test_whoever_already_answers_on_the_port_is_not_us():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(launcher.NoStart, match="cannot be used"):
            launcher.claim_port(*other.getsockname())


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"DATABASE_URL": "nonsense"}, "DATABASE_URL"), ({"DATABASE_URL": "oracle9://x"}, "DATABASE_URL"),
     ({"MAX_STREAMS": "many"}, "MAX_STREAMS"), ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense(instance, changed, told):
    with pytest.raises(SettingsError, match=told):
        from_env({**GOOD, **changed, "INSTANCE": str(instance)})
