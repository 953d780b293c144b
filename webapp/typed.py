"""What was typed and could not be sent: carried through the pages in between, and never stored here.

A session ends while somebody types, or a page is too old. The answer says so and carries every field along as a hidden
input; so does the form that asks for the password. After that one button sends all of it to where it was going, with a
new token and the form's own idempotency key: what was done already is not done twice.

Passwords and files are not carried.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from webapp.hypermedia import answers, own_path

PREFIX, TO, HAD_FILES = "typed.", "typed_to", "typed_files"
LARGEST = 300_000  # characters; Flask takes half a million bytes of fields


@dataclass(frozen=True)
class Typed:
    """The fields of a form, with every value of each, and the path of this site that they were sent to."""

    to: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool

    @property
    def luggage(self) -> list[tuple[str, str]]:
        """The hidden inputs of a form that carries this along."""
        about = [(TO, self.to)] + ([(HAD_FILES, "1")] if self.had_files else [])
        return about + [(PREFIX + name, value) for name, value in self.fields]


def interrupted() -> Typed | None:
    """What the present request wanted to send; None when it comes from another site or cannot be sent again."""
    if request.method != "POST" or not _from_this_site():
        return None
    had_files = any(file.filename for file in request.files.values())
    return _offered(request.full_path.rstrip("?"), request.form.items(multi=True), had_files)


def carried() -> Typed | None:
    """What the present form carries along for another one, or None."""
    found = [(name, value) for name, value in request.form.items(multi=True) if name.startswith(PREFIX)]
    fields = [(name.removeprefix(PREFIX), value) for name, value in found]
    return _offered(request.form.get(TO, ""), fields, HAD_FILES in request.form)


def _from_this_site() -> bool:
    """Whether the browser says that a page of ours sent this: no other site puts words into a citizen's mouth."""
    if told := request.headers.get("Sec-Fetch-Site"):
        return told == "same-origin"
    sender = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(sender).netloc == request.host


def _offered(to: str, fields: Iterable[tuple[str, str]], had_files: bool) -> Typed | None:
    kept = tuple((name, value) for name, value in fields if not _is_secret(name))
    fits = sum(len(name) + len(value) for name, value in kept) <= LARGEST
    return Typed(to, kept, had_files) if fits and own_path(to, "") and answers(to, "POST") else None


def _is_secret(name: str) -> bool:
    return name == "csrf_token" or "password" in name.casefold()
