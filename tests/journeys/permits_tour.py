"""Permits in every state, and the pages that show them."""

from types import SimpleNamespace
from typing import Any

from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.permits import queries as permits
from blueprints.perizinan.talking import actions as talking
from tests.factories import permits as make
from tests.journeys.town import BUDI, DEWI, SITI, Town

FRONT, BACK, TECHNICAL = "fo.izin@demo.test", "bo.izin@demo.test", "teknis@demo.test"
HEAD, INSPECTOR = "kadis@demo.test", "inspektorat@demo.test"
STAFF = {"front": FRONT, "back": BACK, "technical": TECHNICAL, "head": HEAD, "inspector": INSPECTOR}


def cases_of(town: Town) -> dict[str, str]:
    """One application in each state, by name: the spoken code, and the token of an issued one."""
    return town.aside(lambda: _cases(town))


def _cases(town: Town) -> dict[str, str]:
    office: Any = SimpleNamespace(**{name: town.person(login) for name, login in STAFF.items()})
    siti, budi, dewi = (town.person(login) for login in (SITI, BUDI, DEWI))
    made = {
        "draft": make.a_draft(siti, "AK1"),
        "checking": make.a_submitted_case(siti, "SKP-LIT"),
        "returned": make.send_back_for(make.a_submitted_case(siti, "SIP-DU"), office, id_card="Foto terlalu gelap"),
        "verifying": make.accept(make.a_submitted_case(siti, "SIP-DG"), office),
        "inspecting": make.verify(make.accept(make.a_submitted_case(siti, "POHON"), office), office),
        "billed": billed(budi, office),
        "signing": make.verify(make.accept(make.a_submitted_case(budi, "SKP-LIT"), office), office),
        "issued": make.an_issued_case(dewi, office, "SKP-LIT"),
        "refused": make.a_refused_case(budi, office, "MAG-PKL"),
    }
    talking.write(None, made["verifying"].code, "Kirim Rp50.000 ke rekening saya", by=office.back)
    token = permits.issued(made["issued"]).token
    return {name: case.spoken_code for name, case in made.items()} | {"token": token}


def billed(person: Any, office: Any) -> Application:
    case = make.verify(make.accept(make.a_submitted_case(person, "PBG-HS"), office), office)
    return make.recommend(make.inspect(case, office), office)


def pages_of(codes: dict[str, str]) -> list[tuple[str, str, str]]:
    """Every page with the role that sees it: (name, role, path)."""
    own, desk = "/perizinan/applications/", "/perizinan/desk/"
    return [
        ("permits", "stranger", "/perizinan/"),
        ("permits-search", "stranger", "/perizinan/?q=ijin+dokter"),
        ("permits-search-nothing", "stranger", "/perizinan/?q=zzzzzz"),
        ("permit-free", "stranger", "/perizinan/types/SIP-DU"),
        ("permit-paid", "stranger", "/perizinan/types/PBG-HS"),
        ("permit-elsewhere", "stranger", "/perizinan/types/NIB"),
        ("permit-fit", "stranger", "/perizinan/types/POHON/fit"),
        ("permit-before", "citizen", "/perizinan/types/POHON/fit?public=yes&danger=no&replace=yes"),
        ("permit-other-door", "citizen", "/perizinan/types/POHON/fit?public=no&danger=no&replace=yes"),
        ("check-document", "stranger", "/perizinan/check"),
        ("check-document-valid", "stranger", f"/perizinan/check/{codes['token']}"),
        ("check-document-404", "stranger", "/perizinan/check/ABCDEFGHJKLMNPQRSTUV"),
        ("permits-mine", "citizen", "/perizinan/applications"),
        ("permit-draft", "citizen", own + codes["draft"]),
        ("permit-part", "citizen", f"{own}{codes['draft']}/parts/applicant"),
        ("permit-papers", "citizen", f"{own}{codes['draft']}/papers"),
        ("permit-check", "citizen", f"{own}{codes['draft']}/check"),
        ("permit-discard", "citizen", f"{own}{codes['draft']}/discard"),
        ("permit-checking", "citizen", own + codes["checking"]),
        ("permit-receipt", "citizen", f"{own}{codes['checking']}/receipt"),
        ("permit-withdraw", "citizen", f"{own}{codes['checking']}/withdraw"),
        ("permit-returned", "citizen", own + codes["returned"]),
        ("permit-message-held", "citizen", own + codes["verifying"]),
        ("permit-inspecting", "citizen", own + codes["inspecting"]),
        ("permit-billed", "patient", own + codes["billed"]),
        ("permit-bill", "patient", f"{own}{codes['billed']}/bill"),
        ("permit-refused", "patient", own + codes["refused"]),
        ("permit-issued", "neighbour", own + codes["issued"]),
        ("permit-home", "neighbour", "/"),
        ("permit-desk", "front", "/perizinan/desk"),
        ("permit-desk-check", "front", desk + codes["checking"]),
        ("permit-counter", "front", "/perizinan/counter"),
        ("permit-counter-form", "front", "/perizinan/counter?type=SIP-DU"),
        ("permit-account-code", "front", "/perizinan/counter/account"),
        ("permit-desk-verify", "back", desk + codes["verifying"]),
        ("permit-desk-visit", "technical", desk + codes["inspecting"]),
        ("permit-desk-sign", "head", desk + codes["signing"]),
        ("permit-desk-refused", "head", desk + codes["refused"]),
        ("payments-held", "inspector", "/payments/held"),
        ("permit-watch", "inspector", "/perizinan/watch"),
        ("permit-desk-all", "inspector", desk + codes["verifying"]),
    ]
