"""The browser's session: the token that it holds, whose it is, and how one person's ends before another's begins."""

from typing import Any

from flask import g, session
from flask_login import LoginManager

from webapp import i18n
from webapp.accounts import actions, queries
from webapp.accounts.models import Person

login_manager = LoginManager()
login_manager.session_protection = None  # telephones change their address all day; the session stands in our own table
TOKEN = "_user_id"  # noqa: S105 - where flask-login keeps what `user_loader` is asked for


@login_manager.user_loader  # type: ignore[untyped-decorator]
def person_of(token: str) -> Person | None:
    return queries.person_signed_in(token)


def token() -> str | None:
    """The token of this browser; that its session still stands is not said."""
    found: str | None = session.get(TOKEN)
    return found


def begin_anew() -> None:
    """A new session at each change of person: nothing of the old one is carried over but language and looks."""
    kept: dict[str, Any] = {name: session[name] for name in i18n.PREFERENCES if name in session}
    if held := token():
        actions.sign_out(held)
    session.clear()
    for remembered in ("csrf_token", "_login_user"):  # of the old session, for the rest of this request
        g.pop(remembered, None)
    session.update(kept)
    session.permanent = True  # the browser may keep it; how long it is worth something is decided by our table


def begin(new_token: str) -> None:
    """From here on this browser is the person's whose session has just been opened."""
    begin_anew()
    session[TOKEN] = new_token
