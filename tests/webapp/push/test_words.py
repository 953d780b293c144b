"""What a locked phone shows: a few fixed sentences, and nothing of whom or what they are about (T104)."""

import json
import re

import pytest

from blueprints.dokter import notices as queue_notices
from blueprints.perizinan import notices as permit_notices
from webapp import i18n
from webapp.notify import Alert, News
from webapp.push.models import URGENCIES
from webapp.push.sending import TooLong, body_of

TELLING = (queue_notices, permit_notices)
PERMIT_NEEDED = {"return", "return_late", "appoint", "bill", "answer", "release_message"}
PERMIT_MOVED = {"accept", "verified", "vetted", "inspected", "propose", "pay", "reopen", "stop_clock"}
PERMIT_DECIDED = {"issue", "refuse", "revoke"}


def all_alerts() -> set[Alert]:
    found = set()
    for module in TELLING:
        for value in vars(module).values():
            for one in value.values() if isinstance(value, dict) else [value]:
                news = one.alert if isinstance(one, News) else one
                found |= {news} if isinstance(news, Alert) else set()
    return found


each_alert = pytest.mark.parametrize(
    "alert", sorted(all_alerts(), key=lambda alert: alert.words), ids=lambda alert: alert.words[:30]
)


def test_there_are_some():
    assert 8 <= len(all_alerts()) <= 12


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@each_alert
def test_no_sentence_has_a_place_for_a_name_or_a_number(app, alert, language):
    with i18n.in_language(language):
        said = i18n.gettext(alert.words)
    assert not re.search(r"%|\{|\d", said)
    named = r"dokter|doctor|poli|klinik|clinic|puskesmas|rsud|ruang|room|izin(?!kan)|permit|nomor|number|nik\b"
    assert not re.search(named, said, re.IGNORECASE), said
    assert len(said) <= 100
    assert language == "en" or said != alert.words, "it is translated"


def test_the_control_finds_what_is_forbidden():
    assert re.search(r"%|\{|\d", "Nomor %(label)s") and re.search(r"%|\{|\d", "A-014")


@each_alert
def test_each_says_how_urgent_it_is_and_how_long_it_is_worth_saying(alert):
    assert alert.urgency in URGENCIES and 600 <= alert.lasts.total_seconds() <= 3 * 86_400


def test_what_is_said_of_a_permit():
    said = {name.rpartition(".")[2]: news.alert for name, news in permit_notices.TO_APPLICANT.items()}
    by_alert = {alert: {step for step, one in said.items() if one is alert} for alert in set(said.values())}
    assert by_alert[permit_notices.NEEDED] == PERMIT_NEEDED
    assert by_alert[permit_notices.MOVED] == PERMIT_MOVED
    assert by_alert[permit_notices.DECIDED] == PERMIT_DECIDED
    assert by_alert[permit_notices.OVERDUE] == {"late"}


def test_staff_are_told_in_their_inbox_only():
    staff = (permit_notices.TO_OFFICER, permit_notices.TO_INSPECTORS)
    assert not [news for table in staff for news in table.values() if news.alert]
    assert permit_notices.OBJECTION_MADE.alert is permit_notices.OBJECTION_OVERDUE.alert is None


# --- the message itself


def test_a_message_is_as_long_as_it_may_be_and_not_longer():
    most = 3000 - len(body_of("t", "", "x", "/", "id"))
    assert len(body_of("t", "a" * most, "x", "/", "id")) == 3000
    with pytest.raises(TooLong):
        body_of("t", "a" * (most + 1), "x", "/", "id")
    with pytest.raises(TooLong):
        body_of("t", "é" * most, "x", "/", "id")


def test_bytes_are_counted_not_letters():
    assert len(body_of("Kota", "é", "x", "/", "id")) == len(body_of("Kota", "e", "x", "/", "id")) + 1


@pytest.mark.parametrize("path", ["https://evil.invalid/", "//evil.invalid", "/\\evil.invalid", "javascript:x", ""])
def test_a_path_leads_nowhere_else(path):
    assert json.loads(body_of("t", "w", "x", path, "id"))["path"] == "/"
