"""The city's key towards push services: made once, kept among the secrets, changed on purpose only."""

import base64
import stat
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidSignature

from tests.push_service import PushService
from tests.webapp.push.conftest import KEY
from webapp import launcher
from webapp.push import vapid
from webapp.settings import SECRETS_FILE, SettingsError, from_env, secrets_of

GOOD = {"SECRET_KEY": "x" * 40, "NIK_KEY": base64.b64encode(bytes(32)).decode()}


@pytest.fixture
def no_settings(monkeypatch, instance):
    """A console that names nothing but the folder."""
    for name in ("SECRET_KEY", "NIK_KEY", "DEMO", "VAPID_PRIVATE_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INSTANCE", str(instance))


@pytest.mark.usefixtures("no_settings")
def test_the_first_start_makes_it_and_no_later_one_another(instance):
    first = launcher.prepared_settings().vapid_private_key
    assert vapid.public_key(first) and launcher.prepared_settings().vapid_private_key == first
    assert stat.S_IMODE((instance / SECRETS_FILE).stat().st_mode) == 0o600


@pytest.mark.usefixtures("no_settings")
def test_an_installation_of_before_gets_one_and_keeps_its_other_secrets(instance):
    launcher.make_secrets(instance)
    before = secrets_of(instance)
    assert vapid.NAME not in before
    launcher.prepared_settings()
    after = secrets_of(instance)
    assert after.keys() - before.keys() == {vapid.NAME} and before.items() <= after.items()


@pytest.mark.usefixtures("no_settings")
def test_one_that_is_named_in_the_environment_is_enough(instance, monkeypatch):
    monkeypatch.setenv(vapid.NAME, KEY)
    assert launcher.prepared_settings().vapid_private_key == KEY
    assert vapid.NAME not in secrets_of(instance)


def test_the_command_makes_it_once_and_says_how_to_change_it(app, instance, monkeypatch):
    (instance / SECRETS_FILE).write_text("SECRET_KEY=x\n")
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], instance=instance))
    said = app.test_cli_runner().invoke(args=["vapid-keys"])
    made = secrets_of(instance)
    assert said.exit_code == 0 and str(instance) in said.output and made["SECRET_KEY"] == "x"
    with_it = replace(app.extensions["settings"], vapid_private_key=made[vapid.NAME])
    monkeypatch.setitem(app.extensions, "settings", with_it)
    said = app.test_cli_runner().invoke(args=["vapid-keys"])
    assert vapid.public_key(made[vapid.NAME]) in said.output and "To change it" in said.output
    assert made[vapid.NAME] not in said.output and secrets_of(instance) == made


@pytest.mark.parametrize(("wrong", "told"), [
    ({"VAPID_PRIVATE_KEY": "short"}, "VAPID_PRIVATE_KEY"), ({"VAPID_PRIVATE_KEY": "?" * 43}, "VAPID_PRIVATE_KEY"),
    ({"VAPID_SUBJECT": "somebody"}, "VAPID_SUBJECT"), ({"VAPID_SUBJECT": "http://kota.invalid"}, "VAPID_SUBJECT"),
])  # fmt: skip
def test_a_wrong_one_is_said_at_the_start(instance, wrong, told):
    with pytest.raises(SettingsError, match=told):
        from_env({**GOOD, **wrong, "INSTANCE": str(instance)})


def test_a_push_service_can_write_to_the_city(instance):
    def contact(**more: str) -> str:
        return from_env({**GOOD, "INSTANCE": str(instance), **more}).push_contact

    assert contact(PUBLIC_URL="https://kota.invalid") == "https://kota.invalid"
    assert contact(VAPID_SUBJECT="mailto:kota@contoh.invalid") == "mailto:kota@contoh.invalid"
    assert contact().startswith("mailto:")


@pytest.mark.parametrize("spoil", [
    lambda text: text.replace("vapid ", "WebPush ", 1), lambda text: text[:-40] + "A" * 40,
    lambda text: text.replace(".", ".A", 1),
], ids=["scheme", "key", "claims"])  # fmt: skip
def test_the_tests_own_push_service_knows_a_wrong_signature(app, spoil):
    """The control: what the other tests rely on can say no."""
    service = PushService()
    settings = replace(app.extensions["settings"], vapid_private_key=KEY)
    right = vapid.authorization(settings, service.url)
    assert service.claims_of(right)["aud"] == service.url
    with pytest.raises((AssertionError, InvalidSignature, ValueError)):
        service.claims_of(spoil(right))
    with pytest.raises(AssertionError):
        service.claims_of(vapid.authorization(settings, "https://elsewhere.invalid"))
    service._http.server_close()
