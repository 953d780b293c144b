"""Who may look at the wall."""

from webapp.access import Predicate, has_role

PERMISSIONS: dict[str, Predicate] = {"command_center.watch": has_role("operator")}
