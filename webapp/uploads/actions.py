"""Handing a file in, and forgetting it again. Which file belongs where, and who may see it, is the service's to say."""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from webapp import clock, events
from webapp.access import Actor
from webapp.db import db, transactional
from webapp.errors import Refusal
from webapp.i18n import gettext as _
from webapp.intake import LARGEST_FILE
from webapp.uploads import naming
from webapp.uploads.checking import Checked, check
from webapp.uploads.models import Upload
from webapp.uploads.storage import storage

log = logging.getLogger(__name__)
TOKEN_BYTES = 16
A_DAY = timedelta(days=1)
BATCH = 500


class NotKept(Refusal):
    """The file is good, but the place for files did not take it."""

    status = 503


@dataclass(frozen=True)
class Kept:
    """A file that is checked and stored, and belongs to nobody yet."""

    token: str
    name: str
    checked: Checked

    @property
    def lasting(self) -> str:
        """The same when the same form is sent again: the file is stored anew each time, under another token."""
        return f"{self.name} {len(self.checked.kept)}"  # telephones give all their photos one name


def receive(file: FileStorage | None, *, by: Actor) -> Upload:
    """Check, store and enter a file in one go: `request.files.get(...)`, whether or not one was chosen.

    Raises Refusal in plain words; then nothing is stored and no row is written.
    """
    return enter(keep(file), by=by)


def keep(file: FileStorage | None) -> Kept:
    """Check the file and store what is kept of it: slow, so before any transaction.

    Raises Refusal in plain words. If no row is entered for it, a sweep deletes it after a day.
    """
    if file is None or not file.filename:
        raise Refusal(_("Choose a photo or a file first."))
    return store(check(file.stream.read(LARGEST_FILE + 1)), file.filename)


def store(checked: Checked, name: str) -> Kept:
    """Store what was checked, under a new key and this name. Raises NotKept; else as `keep`."""
    kept = Kept(secrets.token_urlsafe(TOKEN_BYTES), naming.harmless(name, checked.media_type), checked)
    try:
        storage().put(kept.token, checked.kept)
    except OSError as full:
        log.exception("a file could not be stored")
        raise NotKept(_("Your file could not be kept just now. Nothing was changed. Try again later.")) from full
    return kept


@transactional
def enter(kept: Kept, *, by: Actor) -> Upload:
    """The row of a stored file, owned by this person; joins the caller's transaction."""
    checked = kept.checked
    upload = Upload(
        token=kept.token, owner_id=by.id, name=kept.name, media_type=checked.media_type, size=len(checked.kept),
        width=checked.width, height=checked.height, pages=checked.pages,
        sha256=hashlib.sha256(checked.kept).hexdigest(), at=clock.now(),
    )  # fmt: skip
    db.session.add(upload)
    events.record("uploads.upload.receive", upload, by, size=upload.size, media_type=upload.media_type)
    return upload


def forget(upload: Upload, *, by: Actor) -> None:
    """Delete row and file. Not for use inside a transaction, which could not give the file back: there, `strike`."""
    token = upload.token
    strike(upload.id, by=by)
    _delete(token)


@transactional
def strike(upload_id: int, *, by: Actor) -> None:
    """Delete the row; joins the caller's transaction. The file itself goes with a sweep, within a day or so."""
    upload = db.session.get(Upload, upload_id)
    if upload is None:
        return
    events.record("uploads.upload.forget", upload, by)
    db.session.delete(upload)


def drop_strays() -> None:
    """Delete stored files that no row speaks of: handed in, and never entered or since struck. The newest are left."""
    keys = storage().older_than(clock.machine() - A_DAY)
    while batch := list(islice(keys, BATCH)):
        known = set(db.session.scalars(select(Upload.token).where(Upload.token.in_(batch))))
        for token in set(batch) - known:
            _delete(token)


def _delete(token: str) -> None:
    try:
        storage().delete(token)
    except OSError:
        log.exception("a file could not be deleted; the next sweep tries again")
