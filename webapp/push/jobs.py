"""The net under the worker's own sending: what is due is looked for each minute, too."""

from flask import current_app

from webapp.jobs import Sweep
from webapp.push.worker import send_what_is_due


def bring_what_is_due() -> None:
    if current_app.extensions["settings"].vapid_private_key:
        send_what_is_due(current_app._get_current_object())  # type: ignore[attr-defined]


SWEEPS = (Sweep(bring_what_is_due, every=1),)
