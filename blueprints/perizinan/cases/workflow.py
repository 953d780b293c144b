"""The life of an application and of an objection, and what each state is called."""

from typing import Any

from blueprints.perizinan.access import BACK, FRONT, HEAD, TECHNICAL
from blueprints.perizinan.cases.models import Application, Objection
from blueprints.perizinan.catalogue.definition import Definition
from webapp.i18n import lazy_gettext as _
from webapp.workflow import Step, Workflow

EXAMINED = ("verifying", "inspecting", "recommending")
UNDECIDED = ("checking", "returned", *EXAMINED, "billed", "signing")

APPLICATION = Workflow("perizinan.application", Application, "draft", [
    #    step           from                            to              who
    Step("discard",     ("draft",),                     "discarded",    "perizinan.fill_in"),
    Step("submit",      ("draft",),                     "checking",     "perizinan.fill_in"),
    Step("return",      ("checking",),                  "returned",     "perizinan.check"),
    Step("return_late", ("checking", *EXAMINED),        "returned",     "perizinan.supervise"),
    Step("resubmit",    ("returned",),                  "checking",     "perizinan.fill_in"),
    Step("accept",      ("checking",),                  "verifying",    "perizinan.check"),
    Step("verified",    ("verifying",),                 "inspecting",   "perizinan.verify"),
    Step("vetted",      ("verifying",),                 "recommending", "perizinan.verify"),
    Step("inspected",   ("inspecting",),                "recommending", "perizinan.examine"),
    Step("bill",        EXAMINED,                       "billed",       "perizinan.propose"),
    Step("pay",         ("billed",),                    "signing",      "perizinan.settle"),
    Step("propose",     EXAMINED,                       "signing",      "perizinan.propose"),
    Step("send_back",   ("signing",),                   "verifying",    "perizinan.decide"),
    Step("issue",       ("signing",),                   "issued",       "perizinan.decide"),
    Step("refuse",      ("signing",),                   "refused",      "perizinan.decide"),
    Step("withdraw",    UNDECIDED,                      "withdrawn",    "perizinan.be_told"),
    Step("reopen",      ("refused",),                   "verifying",    "perizinan.supervise"),
    Step("revoke",      ("issued",),                    "revoked",      "perizinan.revoke"),
])  # fmt: skip

OBJECTION = Workflow("perizinan.objection", Objection, "open", [
    Step("uphold",      ("open",),                      "upheld",       "perizinan.supervise"),
    Step("dismiss",     ("open",),                      "dismissed",    "perizinan.supervise"),
])  # fmt: skip

LATE, OBJECTION_LATE = "perizinan.application.late", "perizinan.objection.late"
STAGE_OF = {"checking": "check", "verifying": "verify", "inspecting": "inspect", "recommending": "recommend",
            "billed": "pay", "signing": "sign"}  # fmt: skip
ROLE_OF = {"check": FRONT, "verify": BACK, "inspect": TECHNICAL, "recommend": TECHNICAL, "sign": HEAD}
ROLE_AT = {state: ROLE_OF[stage] for state, stage in STAGE_OF.items() if stage in ROLE_OF}

WORDS: dict[str, tuple[Any, str]] = {
    "draft": (_("Being filled in"), "neutral"),
    "discarded": (_("Deleted"), "neutral"),
    "checking": (_("Papers are being checked"), "info"),
    "returned": (_("To be mended"), "attention"),
    "verifying": (_("Being verified"), "info"),
    "inspecting": (_("Waiting for the visit"), "info"),
    "recommending": (_("With the technical team"), "info"),
    "billed": (_("Waiting for your payment"), "attention"),
    "signing": (_("Waiting for the signature"), "info"),
    "issued": (_("Issued"), "good"),
    "refused": (_("Refused"), "late"),
    "withdrawn": (_("Withdrawn"), "neutral"),
    "revoked": (_("Revoked"), "late"),
}
ROLES: dict[str, Any] = {
    "self": _("For myself"),
    "business": _("For a business or institution"),
    "proxy": _("For somebody else, with a letter of attorney"),
}
REASONS: dict[str, Any] = {
    "not_met": _("A legal requirement is not met"),
    "untrue": _("Information is not true"),
    "not_here": _("The city is not the authority for this"),
    "spatial": _("It does not fit the spatial plan"),
    "safety": _("It endangers people, buildings or the environment"),
    "right": _("The right to the place or thing is not shown"),
}
PAUSES: dict[str, Any] = {
    "completing": _("You are completing the papers"),
    "paying": _("You have not paid yet"),
    "elsewhere": _("Another authority has to answer first"),
    "disaster": _("The office cannot work"),
}
BY_HAND = ("elsewhere", "disaster")  # those that a supervisor chooses


def next_step(definition: Definition, state: str) -> str:
    """The step that leads on from an examined state when nothing speaks against it, by the stages of this type."""
    if state == "verifying" and definition.has("inspect"):
        return "verified"
    if state == "verifying" and definition.has("recommend"):
        return "vetted"
    if state == "inspecting" and definition.has("recommend"):
        return "inspected"
    return "bill" if definition.has("pay") else "propose"
