"""People: who they are, how they sign in, and where they work."""

from webapp.access import Predicate, is_signed_in

PERMISSIONS: dict[str, Predicate] = {"accounts.see_own": is_signed_in}
