"""Push: what is worth it is said on the phone while nobody looks; the inbox holds all of it."""

from webapp.access import Predicate, is_citizen

PERMISSIONS: dict[str, Predicate] = {"push.subscribe": is_citizen}
