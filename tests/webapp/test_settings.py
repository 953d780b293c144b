"""A start is refused in one clear line when something is missing."""

import base64
import socket
import stat
from ipaddress import IPv4Address

import pytest

from webapp import launcher, local_tls
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


@pytest.fixture
def beside_phones(instance, monkeypatch) -> None:
    """This machine has an address that phones reach. What the launcher sets is put back."""
    launcher.make_secrets(instance)
    names = ("HOST", "PORT", "PUBLIC_URL", "PAYMENT_GATEWAY", "PAYMENT_SECRET", "LOCAL_CA", "TLS_CERTIFICATE",
             "TLS_KEY", "TRUSTED_PROXIES", "SECRET_KEY", "NIK_KEY")  # fmt: skip
    for name in names:
        monkeypatch.setenv(name, "to be put back")
        monkeypatch.delenv(name)
    for name, value in {"INSTANCE": str(instance), "TLS": "1", "DEMO": "0"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(local_tls, "addresses", lambda: [IPv4Address("192.168.1.7")])


def test_https_without_a_proxy_is_spoken_by_the_launcher_for_phones_nearby(instance, beside_phones, monkeypatch):
    settings = launcher.prepared_settings()
    assert (settings.tls, settings.local_ca) == (True, instance / "tls" / "ca.crt")
    assert settings.public_url == "https://192.168.1.7:8000" and launcher.address() == (launcher.EVERYWHERE, 8000)
    assert settings.payment_gateway == "", "a bank belongs to the demo only"
    monkeypatch.setenv("DEMO", "1")
    assert launcher.prepared_settings().payment_gateway == "http://192.168.1.7:8001", "as the phone reaches it"


def test_a_city_behind_its_proxy_gets_no_authority(instance, beside_phones, monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    settings = launcher.prepared_settings()
    assert (settings.tls, settings.local_ca) == (True, None)
    assert not (instance / "tls").exists() and launcher.address()[0] == "127.0.0.1"


def test_whoever_names_a_host_keeps_it(beside_phones, monkeypatch):
    monkeypatch.setenv("HOST", "127.0.0.1")
    assert launcher.prepared_settings().public_url == "https://127.0.0.1:8000"


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
