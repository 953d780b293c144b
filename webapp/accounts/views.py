"""Registering, signing in, signing out, and one's own account."""

from typing import Any

from flask import Blueprint, flash, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager

from webapp import access, i18n
from webapp.access import PUBLIC, require
from webapp.accounts import actions, forms, identity, queries, sealing
from webapp.accounts.models import Person
from webapp.hypermedia import again, go, own_path, page
from webapp.i18n import gettext as _
from webapp.limits import limiter

bp = Blueprint("accounts", __name__)
login_manager = LoginManager()
login_manager.session_protection = None  # telephones change their address all day; the session stands in our own table
TOKEN = "_user_id"  # noqa: S105 - where flask-login keeps what `user_loader` is asked for
PER_ADDRESS, PER_LOGIN = "60/minute", "10/5 minutes"


@login_manager.user_loader  # type: ignore[untyped-decorator]
def person_of(token: str) -> Person | None:
    return queries.person_signed_in(actions.digest(token))


def typed_login() -> str:
    """What tries are counted by: the login in any spelling, unreadable to whoever sees the counters."""
    login = request.form.get("login", "")
    plain = identity.plain_nik(login) or identity.plain_phone(login) or identity.plain_email(login)
    return sealing.index(plain, sealing.LOGIN).hex()


@bp.get("/sign-in")
@require(PUBLIC)
def sign_in() -> ResponseReturnValue:
    if access.me():
        return go(own_path(request.args.get("next")))
    return page("accounts/sign_in.html", form=forms.SignInForm(), registered="registered" in request.args)


@bp.post("/sign-in")
@require(PUBLIC)
@limiter.limit(PER_ADDRESS)
@limiter.limit(PER_LOGIN, key_func=typed_login)
def enter() -> ResponseReturnValue:
    form = forms.SignInForm()
    token = actions.sign_in(*form.typed()) if form.validate_on_submit() else None
    if token is None:
        if not form.errors:
            form.login.errors = [forms.sign_in_failed()]
        return again("accounts/sign_in.html", "sign_in", form=form, registered=False)
    begin_anew()
    session[TOKEN] = token
    return go(own_path(request.args.get("next")))


def begin_anew() -> None:
    """A new session at each change of person: nothing of the old one is carried over but language and looks."""
    kept: dict[str, Any] = {name: session[name] for name in i18n.PREFERENCES if name in session}
    if token := session.get(TOKEN):
        actions.sign_out(token)
    session.clear()
    session.update(kept)
    session.permanent = True  # the browser may keep it; how long it is worth something is decided by our table


@bp.post("/sign-out")
@require(PUBLIC)
def sign_out() -> ResponseReturnValue:
    begin_anew()
    flash(_("You are signed out."))
    response = go(url_for("platform.home"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/register")
@require(PUBLIC)
def register() -> ResponseReturnValue:
    return page("accounts/register.html", form=forms.RegisterForm())


@bp.post("/register")
@require(PUBLIC)
@limiter.limit(PER_ADDRESS)
def enrol() -> ResponseReturnValue:
    form = forms.RegisterForm()
    if not form.validate_on_submit():
        return again("accounts/register.html", "register", form=form)
    actions.register(*form.typed())
    return go(url_for(".sign_in", registered=1, next=request.args.get("next")))


@bp.get("/account")
@require("accounts.see_own")
def account() -> ResponseReturnValue:
    return page("accounts/account.html", person=access.me(), memberships=access.me().memberships)
