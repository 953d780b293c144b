"""What stands in a permit: the law's words about this case, and where anybody can check it."""

from typing import cast

from flask import current_app

from blueprints.perizinan.cases import items
from blueprints.perizinan.cases.models import Application
from blueprints.perizinan.catalogue.definition import OFFICE_OF_ADDRESS
from blueprints.perizinan.permits.models import Permit
from webapp import clock, i18n
from webapp.codes import spoken
from webapp.hypermedia import public
from webapp.i18n import gettext as _
from webapp.i18n import in_language
from webapp.loading import City
from webapp.signing.document import LANGUAGE, Heading, Letter

GROUP = 5  # letters of the code that stand together on paper


def letter_of(permit: Permit) -> Letter:
    """The letter of this permit, in Indonesian whatever the head of the office reads."""
    case, city = permit.application, _city()
    definition = case.type.definition
    office = case.office.name if case.office else city.name
    with in_language(LANGUAGE):
        return Letter(
            heading=Heading(city.name, office, city.counter),
            title=case.type.name,
            number=permit.number,
            opening=(_("The %(office)s of %(city)s gives this document to:", office=office, city=city.name),),
            facts=_facts(permit, case),
            closing=(_validity(permit), _("The fee by law: %(fee)s.", fee=i18n.rupiah(case.fee or 0))),
            basis=definition.basis,
            signer_name=permit.signer.name,
            signer_title=title_of(case),
            place=city.short,
            at=clock.now(),
            check=public(f"/perizinan/check/{permit.token}"),
            code=spoken(permit.token, GROUP),
            marks=(_("SAMPLE: parts of this permit type are not confirmed yet"),) if definition.sample else (),
        )


def _facts(permit: Permit, case: Application) -> tuple[tuple[str, str], ...]:
    given = items.answers(case)
    rows = [(_("Name"), permit.holder), (_("Application"), case.number or "")]
    rows += [(spec.label, given.shown(spec)) for spec in given.fields if given.shown(spec) and spec.kind != "nik"]
    return tuple(rows)


def _validity(permit: Permit) -> str:
    if permit.valid_until is None:
        return _("It holds: %(words)s.", words=permit.application.type.definition.validity.words)
    return _("It holds until %(day)s.", day=i18n.day(permit.valid_until))


def title_of(case: Application) -> str:
    """What the signer is: a lurah in a kelurahan, the head of the office otherwise."""
    kelurahan = case.type.definition.office == OFFICE_OF_ADDRESS
    return _("Lurah") if kelurahan else _("Head of %(office)s", office=case.office.name if case.office else "")


def _city() -> City:
    return cast(City, current_app.jinja_env.globals["city"])
