"""The files that invented people hand in: cards that say CONTOH, drawn when they are needed."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from blueprints.perizinan.demo import words
from webapp import uploads
from webapp.access import Actor
from webapp.accounts.models import Person
from webapp.db import db
from webapp.uploads.checking import Checked, check
from webapp.uploads.models import Upload

SIZE, INK, GROUND = (900, 600), "#7a2048", "#f6f1e7"
PHOTO, PDF = "foto.jpg", "surat.pdf"


@cache
def cards() -> dict[str, Checked]:
    """A photo and a PDF, each checked once by the same confined process that checks everybody's files."""
    kinds = {PHOTO: ("JPEG", words.PHOTO), PDF: ("PDF", words.PAPER)}
    return {name: check(drawn(kind, *lines)) for name, (kind, lines) in kinds.items()}


def drawn(kind: str, title: str, line: str) -> bytes:
    """A card of this kind of file with a large title and a line under it."""
    card = Image.new("RGB", SIZE, GROUND)
    pen, (width, height) = ImageDraw.Draw(card), SIZE
    pen.rectangle((20, 20, width - 20, height - 20), outline=INK, width=6)
    for words_, size, middle in ((title, 130, height * 0.42), (line, 44, height * 0.66)):
        pen.text((width / 2, middle), words_, fill=INK, font=ImageFont.load_default(size), anchor="mm")
    written = BytesIO()
    card.save(written, kind)
    return written.getvalue()


def give_files(person: Person, *names: str) -> None:
    """This person has these files from now on: each stored for its owner, as everybody's."""
    for name in names:
        uploads.enter(uploads.store(cards()[name], name), by=person)


def files_of(person: Actor) -> list[Upload]:
    """What this person can hand in."""
    return list(db.session.scalars(select(Upload).where(Upload.owner_id == person.id).order_by(Upload.id)))
