"""The paper of an official letter: its size, type and colours, head and foot, and a few ways to put words on it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.prefs import ViewerPreferences

from webapp.i18n import gettext as _
from webapp.settings import ROOT
from webapp.signing.glyphs import ENCODING, printable

MARK = ROOT / "static" / "icons" / "icon.svg"
LEFT, TOP, RIGHT, BOTTOM = 25.0, 16.0, 20.0, 24.0  # margins; all lengths are mm
INK, SOFT, WARN = (29, 26, 21), (82, 75, 63), (165, 30, 43)
TYPE = "helvetica"
STEP = 5.0  # mm
LEADING = 0.47  # mm of line per point of letter
PAGES = "\x01\x01"  # where the number of pages goes; no text can hold it, since `printable` drops it

SMALL, NORMAL, LARGE = 8.5, 10.5, 14.0


class Sheet(FPDF):
    """One letter on its paper. `warning` stands at the foot of each page; `at` is naive UTC."""

    def __init__(self, title: str, author: str, at: datetime, warning: str) -> None:
        super().__init__(format="A4")
        self.running, self.warning = title, warning
        self.core_fonts_encoding = ENCODING
        self.str_alias_nb_pages = PAGES
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, BOTTOM)
        self.c_margin = 0
        self.set_title(title)
        self.set_author(author)
        self.set_lang("id")
        self.set_creation_date(at.replace(tzinfo=UTC))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    def header(self) -> None:
        """From the second page on: which letter this is."""
        if self.page_no() > 1:
            self.set_x(LEFT)
            self.style(SMALL, SOFT)
            self.cell(0, 5, printable(self.running), new_x="LMARGIN", new_y="NEXT")
            self.rule(0.2, SOFT)
            self.ln(6)

    def footer(self) -> None:
        self.set_y(-BOTTOM + 7)
        self.rule(0.2, SOFT)
        self.set_y(self.y + 1.5)
        self.style(SMALL, SOFT)
        self.set_x(LEFT)
        page = _("Page %(page)s of %(pages)s", page=self.page_no(), pages=PAGES)
        self.cell(0, 4, page, align="R", new_x="LEFT")
        self.style(SMALL - 1, WARN, bold=True)
        self.multi_cell(self.epw - 35, 4, printable(self.warning), align="L")

    def style(self, size: float, colour: tuple[int, int, int] = INK, *, bold: bool = False) -> None:
        self.set_font(TYPE, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_draw_color(*colour)

    @property
    def leading(self) -> float:
        """Height of a line of the present type."""
        return float(self.font_size_pt) * LEADING

    def say(self, text: str, *, align: str = "L", link: str = "") -> None:
        """A paragraph across the column; the pen goes to the line below."""
        self.multi_cell(0, self.leading, printable(text), align=align, link=link, new_x="LMARGIN", new_y="NEXT")

    def framed(self, text: str) -> None:
        """A sentence in a frame of its own colour."""
        self.set_line_width(0.35)
        self.multi_cell(
            0, self.leading, printable(text), border=1, padding=(2, 3), align="C", new_x="LMARGIN", new_y="NEXT"
        )

    def lines(self, text: str, width: float) -> list[str]:
        """The text as it breaks into lines of this width, in the present type."""
        found = self.multi_cell(width, text=printable(text), align="L", dry_run=True, output=MethodReturnValue.LINES)
        lines = cast("list[str]", found)
        return [line.encode("latin-1").decode(ENCODING) for line in lines]  # they come in the font's own encoding

    def balanced(self, text: str) -> list[str]:
        """The text in as few lines as fit the column, none much shorter than the others."""
        width, lines = self.epw, self.lines(text, self.epw)
        while len(lines) > 1 and len(narrower := self.lines(text, width - STEP)) == len(lines):
            width, lines = width - STEP, narrower
        return lines

    def room_for(self, height: float) -> None:
        """Go to the next page unless so much is left of this one."""
        if self.will_page_break(height):
            self.add_page()

    def rule(self, thickness: float, colour: tuple[int, int, int] = INK) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(thickness)
        self.line(LEFT, self.y, self.w - RIGHT, self.y)

    @contextmanager
    def column(self, x: float, width: float) -> Iterator[None]:
        """What is said inside stays in this column. Afterwards the pen is below it, or at the left margin."""
        left, right, top = self.l_margin, self.r_margin, self.y
        self.set_margins(x, self.t_margin, self.w - x - width)
        self.set_xy(x, top)
        yield
        self.set_margins(left, self.t_margin, right)
        self.set_x(left)

    def mark(self, x: float, y: float, size: float) -> None:
        """The city's mark: our own drawing of a rambutan."""
        self.image(MARK, x, y, size, size)

    def qr(self, content: str, x: float, y: float, size: float) -> None:
        """The content as a QR picture of this size, its quiet border included."""
        rows = list(segno.make(content, error="m", micro=False).matrix_iter(border=4))
        module = size / len(rows)
        self.set_fill_color(*INK)
        for down, row in enumerate(rows):
            for across, length in _runs(row):
                self.rect(x + across * module, y + down * module, length * module, module, style="F")


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules: fewer rectangles, and no hairlines between them."""
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
