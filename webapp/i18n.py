"""Language and formats: Indonesian first, English complete; dates, hours and rupiah as people here write them."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import flask_babel
from babel.dates import format_date
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, session
from flask_babel.speaklater import LazyString

from webapp import clock

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = ("id", "en")
THEMES = ("auto", "light", "dark")
TEXT_SIZES = ("100", "125", "150")
PREFERENCES = {"language": LANGUAGES, "theme": THEMES, "text_size": TEXT_SIZES}

NO_BREAK = "\u00a0"
DOT = f"{NO_BREAK}· "  # between two facts; no line begins with it

in_language = flask_babel.force_locale


def gettext(message: str, **facts: Any) -> str:
    """The message in the reader's language, with its facts filled in."""
    return _worded(message) % facts if facts else _worded(message)


def ngettext(one: str, many: str, num: int, **facts: Any) -> str:
    """The message for this number of things; the number itself is `%(num)s`."""
    return _counted(one, many, num) % {"num": num, **facts}


def _worded(message: str) -> str:
    return str(_catalogue(language()).ugettext(message))


def _counted(one: str, many: str, num: int) -> str:
    return str(_catalogue(language()).ungettext(one, many, num))


@cache
def _catalogue(spoken: str) -> NullTranslations:
    """Read once. Flask-Babel looks for it anew at each of the dozens of messages of a page."""
    return Translations.load(TRANSLATIONS, [spoken])


def lazy_gettext(message: str, **facts: Any) -> Any:
    """Worded when it is shown, not when the module is read."""
    return LazyString(gettext, message, **facts)


_ = gettext


def preference(name: str) -> str:
    """The reader's choice of language, theme or text size; the first of the list where none was made."""
    choices = PREFERENCES[name]
    chosen = session.get(name) if has_request_context() else None
    return chosen if chosen in choices else choices[0]


def language() -> str:
    """The language being spoken now: "id" or "en". The launcher, outside every application, speaks as the code does."""
    locale = flask_babel.get_locale()
    return locale.language if locale else "en"


def noop(message: str) -> str:
    """Marks a message id that is worded later, in the reader's language."""
    return message


def day(value: date) -> str:
    """Senin, 24 November 2026."""
    return _written(_day_of(value), "EEEE, d MMMM y", language())


def day_short(value: date) -> str:
    """Sen, 24 Nov."""
    return _written(_day_of(value), "EEE, d MMM", language())


def weekday_short(value: date) -> str:
    return _written(_day_of(value), "EEE", language())


def _day_of(value: date) -> date:
    """A moment belongs to the day of the city, which begins hours before or after that of UTC."""
    return clock.local(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=500)
def _written(value: date, pattern: str, spoken: str) -> str:
    """The few days that are talked about now, written once."""
    return str(format_date(value, pattern, locale=spoken))


def hour(moment: datetime) -> str:
    """07.12, by the city's wall clock."""
    return f"{clock.local(moment):%H.%M}"


def day_long(value: date) -> str:
    """Senin, 24 November: within the year, where there is room."""
    return _written(_day_of(value), "EEEE, d\u00a0MMMM", language())


def stamp(moment: datetime) -> str:
    """Senin, 24 November, 07.12: day and hour by the city's wall clock."""
    return f"{day_long(clock.local(moment).date())}, {hour(moment)}"


def last_day(end: datetime) -> str:
    """The day that is over at this moment: a working day ends at 24.00, shown as that day."""
    return day_long(clock.local(end - timedelta(seconds=1)).date())


def wib(moment: datetime) -> str:
    """07.12 WIB: the hour with the name of the city's time zone."""
    return f"{hour(moment)} {clock.local(moment).tzname()}"


def rupiah(amount: int) -> str:
    """Rp1.250.000."""
    return f"Rp{amount:,}".replace(",", ".")


def number(value: int) -> str:
    """1.250 in Indonesian, 1,250 in English."""
    return f"{value:,}".replace(",", "." if language() == "id" else ",")


def iso(moment: datetime) -> str:
    """For scripts and `datetime=` attributes: 2026-11-24T00:12:00Z."""
    return moment.isoformat(timespec="milliseconds") + "Z"


def minutes(value: float) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", round(value))


def unbroken(text: str) -> str:
    """Words that stay together on one line."""
    return text.replace(" ", NO_BREAK)


def ago(moment: datetime) -> str:
    """How long ago in the roughest honest words."""
    passed = max(clock.now() - moment, timedelta())
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return ngettext("%(num)s hour ago", "%(num)s hours ago", passed // timedelta(hours=1))
    return ngettext("%(num)s day ago", "%(num)s days ago", passed.days)


FILTERS = {
    "day": day, "day_short": day_short, "clock": hour, "wib": wib, "stamp": stamp, "last_day": last_day,
    "rupiah": rupiah, "number": number, "iso": iso, "minutes": minutes, "ago": ago, "unbroken": unbroken,
}  # fmt: skip


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    flask_babel.Babel(app, locale_selector=lambda: preference("language"), configure_jinja=False)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_worded, _counted, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(FILTERS)

    @app.context_processor
    def speak() -> dict[str, Any]:
        return {"language": language(), "theme": preference("theme"), "text_size": preference("text_size")}
