"""Who looks after money that did not fit."""

from webapp.access import Predicate, has_role

PERMISSIONS: dict[str, Predicate] = {"payments.resolve": has_role("inspector")}
