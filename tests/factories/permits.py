"""Permit types, offices, officers and applications in every state."""

from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from blueprints.perizinan.cases import queries
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.catalogue.definition import FieldSpec
from blueprints.perizinan.catalogue.models import PermitType
from blueprints.perizinan.checking import actions as checking
from blueprints.perizinan.deciding import actions as deciding
from blueprints.perizinan.examining import actions as examining
from blueprints.perizinan.examining.actions import Opinion, Refusing, Seen
from blueprints.perizinan.filing import actions as filing
from tests import people
from tests.factories.clinics import a_unit
from webapp import calendar, clock
from webapp.accounts.models import Person
from webapp.db import db, transactional
from webapp.regions.models import Region, Unit
from webapp.uploads.models import Upload
from webapp.uploads.storage import storage

FREE = {"kind": "free", "basis": "UU 1/2022 Pasal 88"}
PAID = {
    "kind": "retribution", "basis": "Perda Contoh 1/2024 Pasal 7", "rule": "luas × tarif",
    "amount": {"product": [{"field": "area", "name": "Luas"}, {"value": 1500, "name": "Tarif"}]},
}  # fmt: skip
AREA = {"key": "area", "label": "Luas", "kind": "number", "part": "details", "unit": "m²", "least": 1, "most": 100_000}
FIT = Opinion("fit", "Sesuai")
WHY = Refusing("spatial", "Peta rencana kota", "Pilih tempat lain")
UNFIT = Opinion("unfit", "Tidak sesuai", WHY)


def a_definition(stages: tuple[str, ...] = ("check", "verify", "sign"), **changes: Any) -> dict[str, Any]:
    """The content of a type's file: one field in each part, two papers, one working day a stage."""
    return {
        "kind": "permit", "agency": "DLH", "office": "DPMPTSP", "channel": "here", "audience": "family",
        "basis": ["UU Contoh 1/2020"], "validity": {"words": "satu tahun", "years": 1}, "fee": FREE,
        "stages": [{"name": name, "days": 0 if name == "pay" else 1} for name in stages],
        "questions": [{"key": "own", "ask": "Untuk Anda?", "fits": True, "door": "Bukan di sini."}],
        "requirements": [{"key": "ktp", "name": "KTP"}, {"key": "surat", "name": "Surat permohonan"}],
        "fields": [
            {"key": "purpose", "label": "Keperluan", "kind": "text", "part": "applicant"},
            {"key": "kelurahan", "label": "Kelurahan", "kind": "kelurahan", "part": "location"},
            *([AREA] if changes.get("fee") == PAID else []),
        ],
        "checklist": ["Ada di tempat"] if "inspect" in stages else [],
        "source": "contoh", "confidence": "contoh",
    } | changes  # fmt: skip


@transactional
def a_type(code: str = "UJI", stages: tuple[str, ...] = ("check", "verify", "sign"), **changes: Any) -> PermitType:
    """A permit type in force since long ago."""
    content = a_definition(stages, **changes)
    content["name"] = f"Izin {code}"
    row = PermitType(
        code=code, valid_from=date(2024, 1, 1), name=content["name"], channel=content["channel"],
        fee_kind=content["fee"]["kind"], content=content,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


@transactional
def a_kelurahan() -> Unit:
    """Kebun Lada, and its office."""
    for code, name, level, parent in (
        ("12.75", "Kota", "city", None), ("12.75.01", "Utara", "kecamatan", "12.75"),
        ("12.75.01.1005", "Kebun Lada", "kelurahan", "12.75.01"),
    ):  # fmt: skip
        db.session.add(Region(code=code, name=name, level=level, parent_code=parent))
        db.session.flush()
    unit = a_unit("KEL-011005", "kelurahan", "Kelurahan Kebun Lada")
    unit.region_code = "12.75.01.1005"
    return unit


class Office:
    """The one-stop office with its people, and the technical team of the environment agency."""

    def __init__(self) -> None:
        a_kelurahan()
        for code, name in (("DPMPTSP", "DPMPTSP"), ("DLH", "Dinas Lingkungan Hidup"), ("INSP", "Inspektorat")):
            a_unit(code, name=name)
        self.front = people.officer("Fitri Contoh", "DPMPTSP", "front_office")
        self.back = people.officer("Beni Contoh", "DPMPTSP", "back_office")
        self.technical = people.officer("Tono Contoh", "DLH", "technical")
        self.head = people.officer("Kartika Contoh", "DPMPTSP", "head")
        self.inspector = people.officer("Indra Contoh", "INSP", "inspector")


CARD = (600, 380)


@cache
def a_card() -> bytes:
    """A picture that looks a little like a card, for people to judge the pages by."""
    card = Image.new("RGB", CARD, "#dfe8f2")
    pen = ImageDraw.Draw(card)
    pen.rectangle((24, 24, CARD[0] - 24, CARD[1] - 24), outline="#1f4e79", width=4)
    pen.text((CARD[0] / 2, CARD[1] / 2), "CONTOH", fill="#1f4e79", font=ImageFont.load_default(90), anchor="mm")
    out = BytesIO()
    card.save(out, "JPEG")
    return out.getvalue()


@transactional
def an_upload(owner: Person, name: str = "ktp.jpg") -> Upload:
    """A file that was checked and stored before."""
    row = Upload(
        token=f"berkas{db.session.query(Upload).count():016d}", owner_id=owner.id, name=name, media_type="image/jpeg",
        size=len(a_card()), width=CARD[0], height=CARD[1], sha256="0" * 64, at=clock.now(),
    )  # fmt: skip
    storage().put(row.token, a_card())
    db.session.add(row)
    db.session.flush()
    return row


def a_draft(person: Person, code: str = "UJI", role: str = "self", **answers: str) -> Application:
    """Begun, with every answer and paper there."""
    case = filing.start(None, code, role, by=person)
    definition = case.type.definition
    filled = {spec.key: an_answer(spec) for spec in definition.fields} | answers
    for part in ("applicant", "location", "details"):
        filing.save_part(case.code, part, filled, by=person)
    for needed in definition.requirements:
        filing.give_paper(case.code, needed.key, an_upload(person), by=person)
    return queries.case_of(case.code)


def an_answer(spec: FieldSpec) -> str:
    """Something that fits the field."""
    plain = {
        "kelurahan": "12.75.01.1005",
        "date": "2026-12-21",
        "yes_no": "yes",
        "text": "Contoh",
        "long_text": "Contoh",
    }
    if spec.kind == "choice":
        return spec.choices[0][0]
    return plain.get(spec.kind, str(max(spec.least or 1, 100 if spec.key == "area" else 1)))


def a_submitted_case(person: Person, code: str = "UJI", **answers: str) -> Application:
    """Sent, and on a desk of the front office."""
    return filing.submit(a_draft(person, code, **answers).code, declared=True, by=person)


def seen(case: Application) -> int:
    return queries.last_event_id(case)


def accept(case: Application, office: Office) -> Application:
    return checking.check_file(case.code, {}, seen(case), by=office.front)


def send_back_for(case: Application, office: Office, **defects: str) -> Application:
    return checking.check_file(case.code, defects or {"ktp": "Foto terlalu gelap"}, seen(case), by=office.front)


def verify(case: Application, office: Office, opinion: Opinion = FIT) -> Application:
    return examining.find(case.code, opinion, seen(case), by=office.back)


def inspect(case: Application, office: Office, opinion: Opinion = FIT) -> Application:
    """Appointment and visit, both by the technical team, on one day."""
    examining.make_appointment(case.code, soon(), seen(case), by=office.technical)
    saw = Seen(dict.fromkeys(case.type.definition.checklist, True), 3.6, 98.49, (an_upload(office.technical),))
    return examining.record_visit(case.code, saw, opinion, seen(case), by=office.technical)


def soon() -> datetime:
    """Later today, where people work today."""
    return clock.at(clock.today(), time(23, 59)) if calendar.is_working_day(clock.today()) else next_morning()


def next_morning() -> datetime:
    """On the first working day after today."""
    return clock.at(next(calendar.working_days_from(clock.today() + timedelta(days=1))), time(10))


def recommend(case: Application, office: Office, opinion: Opinion = FIT) -> Application:
    return examining.find(case.code, opinion, seen(case), by=office.technical)


def sign(case: Application, office: Office) -> Application:
    return deciding.sign(case.code, seen(case), by=office.head)


def an_issued_case(person: Person, office: Office, code: str = "UJI") -> Application:
    """A free, plain permit from the first answer to the signature."""
    return sign(verify(accept(a_submitted_case(person, code), office), office), office)


def a_refused_case(person: Person, office: Office, code: str = "UJI") -> Application:
    case = verify(accept(a_submitted_case(person, code), office), office, UNFIT)
    return deciding.refuse(case.code, seen(case), by=office.head, why=WHY)


INSPECTED = ("check", "verify", "inspect", "recommend", "sign")


def a_case_to_verify(person: Person, office: Office, code: str = "UJI") -> Application:
    """Complete, and on the desk of the back office."""
    return accept(a_submitted_case(person, code), office)


def a_case_to_visit(person: Person, office: Office, code: str = "POHON") -> Application:
    """Verified, and on the desk of the technical team."""
    return verify(a_case_to_verify(person, office, code), office)


def a_case_to_sign(person: Person, office: Office, code: str = "UJI", opinion: Opinion = FIT) -> Application:
    """Verified, and on the desk of the head: to be granted, or by the opinion to be refused."""
    return verify(a_case_to_verify(person, office, code), office, opinion)


class OtherOffice:
    """The health agency: an office of its own, which has nothing to do with the others' cases."""

    def __init__(self) -> None:
        a_unit("DINKES", name="Dinas Kesehatan")
        self.front = people.officer("Sinta Contoh", "DINKES", "front_office")
        self.back = people.officer("Rizal Contoh", "DINKES", "back_office")
        self.technical = people.officer("Dedi Contoh", "DINKES", "technical")
        self.head = people.officer("Halim Contoh", "DINKES", "head")
