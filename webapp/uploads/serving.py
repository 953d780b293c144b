"""Gives a stored file back so that it can do no harm in a browser (T31). Who may see it, the calling view has asked."""

import logging
from io import BytesIO

from flask import Response, send_file

from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.uploads.models import Upload
from webapp.uploads.storage import storage

log = logging.getLogger(__name__)
ALONE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class NotThere(Refusal):
    """The place for files does not give it out."""

    status = 503


def send(upload: Upload, *, inline: bool = False) -> Response:
    """The file to be saved; with `inline` an image may be shown on a page of ours, a PDF never.

    Raises Refusal when it cannot be read.
    """
    try:
        data = storage().get(upload.token)
    except OSError as gone:
        log.exception("the file of upload %s cannot be read", upload.id)
        raise NotThere(_("This file cannot be opened just now. Try again later.")) from gone
    shown = inline and upload.media_type.startswith("image/")
    response = send_file(
        BytesIO(data), upload.media_type, as_attachment=not shown, download_name=upload.name, etag=False
    )
    response.headers.update(ALONE)
    return response
