"""A bank for trying things out: `python -m webapp.payments.sandbox`, started by `make run` in demo mode.

A process of its own that shares one secret with the application, as a real bank would. It writes nothing down: what it
knows is forgotten when it ends. No money moves, and every page of it says so.
"""

import logging
import os
import re
import secrets
import sys
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, render_template, request
from flask import send_from_directory as send
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from webapp import clock, local_tls, logs
from webapp.hypermedia import TEMPLATES
from webapp.i18n import rupiah
from webapp.payments import signature
from webapp.payments.word import Word
from webapp.settings import SettingsError, from_env

FOLDER = TEMPLATES / "sandbox"
SANDBOX_PORT = "PAYMENT_SANDBOX_PORT"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds between two tries to tell the city
GLANCE = 2.0  # seconds that a browser waits, so that the city mostly knows already when people come back
TOO_MUCH, LATE = 1_000, 30.0  # rupiah, seconds
# What the city is told after each button, payment by payment: rupiah too much, seconds late.
WAYS: dict[str, tuple[tuple[int, float], ...]] = {
    "pay": ((0, 0),),
    "twice": ((0, 0), (0, 0)),
    "another": ((TOO_MUCH, 0),),
    "late": ((0, LATE),),
}
PAGE = re.compile(r"[0-9a-f]{16}")
AMOUNT = re.compile(r"[0-9]{1,15}")
bp = Blueprint("bank", __name__)


@dataclass
class Bank:
    """The secret it shares with the city, where the city hears it, and what it has said of each payment."""

    secret: str
    callback: str
    line: OpenerDirector
    said: dict[str, Word] = field(default_factory=dict)

    def pay(self, way: str, page: str, code: str, amount: int) -> None:
        """A button of a pay page. The same button of the same page is the same payment: it is only told once more."""
        for number, (too_much, late) in enumerate(WAYS[way], 1):
            reference = f"CONTOH-{page}-{way}-{number}"
            word = self.said.setdefault(reference, Word(reference, code, amount + too_much, clock.now()))
            call = threading.Thread(target=self.tell, args=(word.written(), late), daemon=True)
            call.start()
            call.join(0 if late else GLANCE)

    def tell(self, body: bytes, late: float) -> None:
        """Tell the city, again and again with growing pauses, until it has heard."""
        time.sleep(late)
        pause = FIRST_PAUSE
        while not self._is_heard(body):
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _is_heard(self, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", **signature.headers(self.secret, body)}
        try:
            with self.line.open(Request(self.callback, body, headers), timeout=10) as answer:  # noqa: S310 - ours
                return bool(answer.status == HTTPStatus.OK)
        except (OSError, HTTPException):
            return False


@dataclass(frozen=True)
class Order:
    """What the city asks somebody to pay, as its link to the pay page says."""

    code: str
    amount: int
    back: str
    sig: str

    @property
    def rupiah(self) -> str:
        return rupiah(self.amount)


def order() -> Order:
    """The order of this request; 403 unless the city itself has signed it, with its way back."""
    code, amount, back, sig = (request.values.get(name, "") for name in ("code", "amount", "back", "sig"))
    if not AMOUNT.fullmatch(amount) or not signature.is_of_link(bank().secret, code, int(amount), back, sig):
        abort(403)
    home = urlsplit(back)
    g.home = f"{home.scheme}://{home.netloc}"
    return Order(code, int(amount), back, sig)


def bank() -> Bank:
    found: Bank = current_app.extensions["bank"]
    return found


@bp.get("/")
def front() -> ResponseReturnValue:
    return render_template("nothing.html")


@bp.get("/bank.css")
def style() -> ResponseReturnValue:
    return send(FOLDER, "bank.css")


@bp.get("/pay")
def show() -> ResponseReturnValue:
    return render_template("pay.html", order=order(), page=secrets.token_hex(8))


@bp.post("/pay")
def pay() -> ResponseReturnValue:
    wanted, way, page = order(), request.form.get("way", ""), request.form.get("page", "")
    if way not in WAYS or not PAGE.fullmatch(page):
        abort(403)
    bank().pay(way, page, wanted.code, wanted.amount)
    return redirect(wanted.back, code=303)


@bp.app_errorhandler(403)
def refused(_error: Exception) -> ResponseReturnValue:
    return render_template("nothing.html"), 403


@bp.after_app_request
def protect(response: Response) -> Response:
    """As strict as the city's own pages; a browser also asks this policy whether the form may lead back to the city."""
    policy = f"default-src 'none'; style-src 'self'; form-action 'self' {g.get('home', '')}; base-uri 'none'"
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def create_bank(bank: Bank) -> Flask:
    app = Flask(__name__, template_folder=str(FOLDER), static_folder=None)
    app.extensions["bank"] = bank
    app.register_blueprint(bp)
    return app


def address() -> tuple[str, int]:
    """Where the bank is: at HOST, one port above the city's unless PAYMENT_SANDBOX_PORT says another."""
    return os.environ.get("HOST", "127.0.0.1"), _number(SANDBOX_PORT, _number("PORT", 8000) + 1)


def to_the_city(host: str, authority: Path | None) -> tuple[str, OpenerDirector]:
    """Where the city hears of payments, and the line there."""
    handlers = [HTTPSHandler(context=local_tls.trusting(authority))] if authority else []
    scheme = "https" if authority else "http"
    here = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    callback = f"{scheme}://{here}:{_number('PORT', 8000)}/payments/callback"
    return callback, build_opener(ProxyHandler({}), *handlers)  # straight: the city is on this machine


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise SettingsError(f"{name} must be a number, not {text!r}.")
    return int(text)


def main() -> None:
    settings = from_env()
    if not settings.payment_secret:
        sys.exit("The sandbox bank needs the PAYMENT_SECRET of the city it calls.")
    if settings.demo:
        clock.set_offset(clock.stored_offset(settings.instance))
    logs.configure(settings.log_level)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # else it tells of every request
    host, port = address()
    bank = create_bank(Bank(settings.payment_secret, *to_the_city(host, settings.local_ca)))
    make_server(host, port, bank, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
