"""How services settle their own codes: the port itself knows none of them."""

from collections.abc import Callable

from webapp.payments.models import REASONS, Payment

Settler = Callable[[Payment], str]
_settlers: dict[str, Settler] = {}


def settle_with(prefix: str, settler: Settler) -> None:
    """Codes that begin with this prefix and a dash are settled by this function; call it at import.

    The settler is called inside the transaction of the callback, with a payment that has its id. It returns "" when the
    money fits and everything that follows from it is written, or the reason why the payment is held: a key of REASONS.
    """
    if _settlers.setdefault(prefix, settler) is not settler:
        raise ValueError(f"codes with {prefix} are settled twice")


def settled(payment: Payment) -> str:
    """Let the service of this code settle the payment. Returns "" or the reason why it must be held."""
    settler = _settlers.get(payment.code.partition("-")[0])
    reason = settler(payment) if settler else "unknown"
    if reason and reason not in REASONS:
        raise ValueError(f"{reason} is no reason to hold a payment")
    return reason
