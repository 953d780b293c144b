"""An official letter of the city: what stands in it, and the one way in which it becomes a signed PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from babel.dates import format_date

from webapp import clock, i18n
from webapp.i18n import gettext as _
from webapp.signing.port import Signer
from webapp.signing.sheet import LARGE, NORMAL, SMALL, SOFT, WARN, Sheet

LANGUAGE = "id"  # official papers are in Indonesian (UU 24/2009, art. 27)
NAMES = 52.0  # mm: the column of the facts' names
FOOT = 88.0  # mm: the signature and the way to check it stay together
QR = 32.0


@dataclass(frozen=True)
class Heading:
    """Who writes: the city, its office, and where that is."""

    city: str
    office: str
    address: str


@dataclass(frozen=True)
class Letter:
    """What stands in a letter, in its order. The words are the writer's, in Indonesian.

    `marks` are sentences in a frame under the number, such as that the facts are invented. `check` is the web address
    in the QR picture, `code` what one may type there instead. `at` is naive UTC.
    """

    heading: Heading
    title: str
    number: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    closing: tuple[str, ...]
    basis: tuple[str, ...]
    signer_name: str
    signer_title: str
    place: str
    at: datetime
    check: str
    code: str
    marks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.title} {self.number}"


def sealed(letter: Letter, signer: Signer) -> bytes:
    """The letter as a signed PDF. Where the signature is not certified, each page says so.

    Raises Refusal where it cannot be signed.
    """
    return signer.sign(
        drawn(letter, certified=signer.certified),
        signer_name=letter.signer_name,
        signer_title=letter.signer_title,
        reason=letter.name,
        place=letter.place,
    )


def drawn(letter: Letter, *, certified: bool) -> bytes:
    """The letter as a PDF in A4, not yet signed. The same letter gives the same bytes."""
    with i18n.in_language(LANGUAGE):
        warning = "" if certified else _("NOT CERTIFIED: made for a trial, not valid as an official document")
        sheet = Sheet(letter.name, letter.heading.office, letter.at, warning)
        _heading(sheet, letter.heading)
        _title(sheet, letter)
        _marks(sheet, [mark for mark in (warning, *letter.marks) if mark])
        _paragraphs(sheet, letter.opening)
        _facts(sheet, letter.facts)
        _paragraphs(sheet, letter.closing)
        _basis(sheet, letter.basis)
        sheet.room_for(FOOT)
        _signature(sheet, letter)
        _check(sheet, letter)
        return bytes(sheet.output())


def _heading(sheet: Sheet, heading: Heading) -> None:
    top = sheet.y
    sheet.mark(sheet.l_margin, top - 1, 23)
    with sheet.column(sheet.l_margin + 25, sheet.epw - 25):
        sheet.style(NORMAL + 2)
        sheet.say(heading.city.upper(), align="C")
        sheet.style(LARGE, bold=True)
        for line in sheet.balanced(heading.office.upper()):
            sheet.say(line, align="C")
        sheet.style(SMALL, SOFT)
        sheet.say(heading.address, align="C")
        bottom = max(sheet.y, top + 21)
    sheet.set_y(bottom + 2)
    sheet.rule(0.9)
    sheet.set_y(sheet.y + 0.9)
    sheet.rule(0.25)
    sheet.ln(9)


def _title(sheet: Sheet, letter: Letter) -> None:
    sheet.style(LARGE, bold=True)
    sheet.say(letter.title.upper(), align="C")
    sheet.style(NORMAL)
    sheet.say(_("Number: %(number)s", number=letter.number), align="C")
    sheet.ln(4)


def _marks(sheet: Sheet, marks: Sequence[str]) -> None:
    """Framed under the number, where nobody overlooks them."""
    for mark in marks:
        sheet.style(SMALL + 0.5, WARN, bold=True)
        sheet.framed(mark)
        sheet.ln(2)
    sheet.ln(2)


def _paragraphs(sheet: Sheet, paragraphs: Sequence[str]) -> None:
    sheet.style(NORMAL)
    for paragraph in paragraphs:
        sheet.say(paragraph, align="J")
        sheet.ln(2)


def _facts(sheet: Sheet, facts: Sequence[tuple[str, str]]) -> None:
    """Name and value side by side, each as long as it needs; a long value goes on over the page."""
    sheet.style(NORMAL)
    sheet.ln(1)
    for name, value in facts:
        names, values = sheet.lines(name, NAMES - 3), sheet.lines(value, sheet.epw - NAMES - 4)
        sheet.room_for(min(len(values), 3) * sheet.leading)
        for left, colon, right in zip_longest(names, ":", values, fillvalue=""):
            sheet.style(NORMAL, SOFT)
            sheet.cell(NAMES, sheet.leading, left)
            sheet.cell(4, sheet.leading, colon)
            sheet.style(NORMAL)
            sheet.cell(0, sheet.leading, right, new_x="LMARGIN", new_y="NEXT")
        sheet.ln(1.4)
    sheet.ln(2)


def _basis(sheet: Sheet, basis: Sequence[str]) -> None:
    if not basis:
        return
    sheet.ln(2)
    sheet.style(SMALL, SOFT, bold=True)
    sheet.room_for(3 * sheet.leading)
    sheet.say(_("Legal basis"))
    sheet.style(SMALL, SOFT)
    for count, law in enumerate(basis, 1):
        sheet.cell(5, sheet.leading, f"{count}.")
        with sheet.column(sheet.l_margin + 5, sheet.epw - 5):
            sheet.say(law)
    sheet.ln(6)


def _signature(sheet: Sheet, letter: Letter) -> None:
    day = format_date(clock.local(letter.at).date(), "d MMMM y", locale=LANGUAGE)
    with sheet.column(sheet.l_margin + 80, sheet.epw - 80):
        sheet.style(NORMAL)
        sheet.say(f"{letter.place}, {day}")
        sheet.say(letter.signer_title)
        sheet.ln(2.5)
        sheet.style(SMALL, SOFT)
        sheet.framed(_("Signed electronically") + f"\n{day}, {i18n.wib(letter.at)}")
        sheet.ln(2.5)
        sheet.style(NORMAL, bold=True)
        sheet.say(letter.signer_name)
    sheet.ln(7)


def _check(sheet: Sheet, letter: Letter) -> None:
    """How anybody finds out whether this letter is real and still holds."""
    top = sheet.y
    sheet.style(SMALL, SOFT)
    sheet.set_line_width(0.2)
    sheet.rect(sheet.l_margin, top, sheet.epw, QR)
    sheet.qr(letter.check, sheet.l_margin, top, QR)
    sheet.set_y(top + 5)
    with sheet.column(sheet.l_margin + QR + 1, sheet.epw - QR - 4):
        sheet.style(NORMAL, bold=True)
        sheet.say(_("Is this letter real, and does it still hold?"))
        sheet.style(SMALL, SOFT)
        sheet.say(_("Scan the code with a phone, or open this address:"))
        sheet.style(SMALL)
        sheet.say(letter.check, link=letter.check)
        sheet.ln(1)
        sheet.say(_("Code: %(code)s", code=letter.code))
