"""Who of the staff has looked into a file: its applicant sees each of them."""

from blueprints.perizinan.access import is_own
from blueprints.perizinan.cases.models import Application
from webapp import access, viewing


def note_staff(case: Application) -> None:
    """The reader opens this file, or a paper of it, now. Whoever it belongs to, or entered it for them, is no staff."""
    reader = access.me()
    if not is_own(reader, case):
        viewing.note(case, reader.id)
