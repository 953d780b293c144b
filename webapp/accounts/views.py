"""Registering, signing in, signing out, giving the password again, and one's own account."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from webapp import access, typed
from webapp.access import PUBLIC, require
from webapp.accounts import actions, forms, identity, sealing, sessions
from webapp.accounts.confirming import ConfirmFirst
from webapp.errors import SignInNeeded
from webapp.hypermedia import again, go, here, instead, own_path, page
from webapp.i18n import gettext as _
from webapp.limits import limiter

bp = Blueprint("accounts", __name__)
PER_ADDRESS, PER_LOGIN = "60/minute", "10/5 minutes"


def typed_login() -> str:
    """What tries are counted by: the login in any spelling, unreadable to whoever sees the counters."""
    login = request.form.get("login", "")
    plain = identity.plain_nik(login) or identity.plain_phone(login) or identity.plain_email(login)
    return sealing.index(plain, sealing.LOGIN).hex()


def the_person() -> str:
    """What tries to give the password again are counted by."""
    person = access.me()
    return f"person {person.id}" if person else "nobody"


@bp.get("/sign-in")
@require(PUBLIC)
def sign_in() -> ResponseReturnValue:
    if access.me():
        return go(own_path(request.args.get("next")))
    registered = "registered" in request.args
    return page("accounts/sign_in.html", **sign_in_context(forms.SignInForm(), registered=registered))


def sign_in_context(form: forms.SignInForm, **more: Any) -> dict[str, Any]:
    wanted = request.args.get("next")
    return {"form": form, "next": wanted, "typed": typed.carried(), "ended": False, "registered": False, **more}


@bp.app_errorhandler(SignInNeeded)
def sign_in_first(_error: SignInNeeded) -> ResponseReturnValue:
    """Whoever wanted to look is led back after signing in; whoever was sending something keeps what they typed."""
    interrupted = typed.interrupted()
    if interrupted is None:
        return go(url_for("accounts.sign_in", next=here()))
    form, ended = forms.SignInForm(formdata=None), sessions.token() is not None
    context = sign_in_context(form, next=here(), typed=interrupted, ended=ended)
    return instead("accounts/sign_in.html", "sign_in", 401, **context)


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
        return again("accounts/sign_in.html", "sign_in", **sign_in_context(form))
    sessions.begin(token)
    return onward()


def onward() -> ResponseReturnValue:
    """To the page that was wanted; or, where a form was interrupted, to the one button that sends it.

    It is never sent by itself: somebody else may have signed in.
    """
    if carried := typed.carried():
        return page("accounts/continue.html", typed=carried, person=access.me())
    return go(own_path(request.args.get("next")))


@bp.get("/confirm")
@require("accounts.see_own")
def confirm() -> ResponseReturnValue:
    return page("accounts/confirm.html", **confirm_context(forms.ConfirmForm()))


def confirm_context(form: forms.ConfirmForm, **more: Any) -> dict[str, Any]:
    return {"form": form, "next": request.args.get("next"), "typed": typed.carried(), **more}


@bp.app_errorhandler(ConfirmFirst)
def confirm_first(_error: ConfirmFirst) -> ResponseReturnValue:
    """The same as with signing in: to look again, or to send again what was typed."""
    if request.method == "GET":
        return go(url_for("accounts.confirm", next=here()))
    context = confirm_context(forms.ConfirmForm(formdata=None), next=here(), typed=typed.interrupted())
    return instead("accounts/confirm.html", "confirm", 401, **context)


@bp.post("/confirm")
@require("accounts.see_own")
@limiter.limit(PER_LOGIN, key_func=the_person)
def give_password() -> ResponseReturnValue:
    form, token = forms.ConfirmForm(), sessions.token() or ""
    if not form.validate_on_submit() or not actions.confirm(token, form.password.data or "", by=access.me()):
        if not form.errors:
            form.password.errors = [forms.confirming_failed()]
        return again("accounts/confirm.html", "confirm", **confirm_context(form))
    return onward()


@bp.post("/sign-out")
@require(PUBLIC)
def sign_out() -> ResponseReturnValue:
    sessions.begin_anew()
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
