"""The gateway's word that money came in: what it says, and how it is written."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

REFERENCE = re.compile(r"[0-9A-Za-z._:-]{1,64}")
CODE = re.compile(r"[0-9A-Za-z-]{1,32}")
MOST = 10**15  # rupiah; more than that is a slip of the pen


@dataclass(frozen=True)
class Word:
    """So much money came in for this code, at this moment. The reference is the gateway's own, one for each payment."""

    reference: str
    code: str
    amount: int  # whole rupiah
    paid_at: datetime  # naive UTC

    @classmethod
    def read(cls, body: bytes) -> "Word":
        """What the body of a callback says. Raises ValueError when it says anything else than these four things."""
        try:
            said = json.loads(body)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        if not isinstance(said, dict) or said.keys() != {"reference", "code", "amount", "paid_at"}:
            raise ValueError("four names, and no others")
        return cls(
            _matching(REFERENCE, said["reference"]),
            _matching(CODE, said["code"]),
            _rupiah(said["amount"]),
            _moment(said["paid_at"]),
        )

    def written(self) -> bytes:
        """The body of a callback."""
        paid_at = self.paid_at.replace(tzinfo=UTC).isoformat()
        said = {"reference": self.reference, "code": self.code, "amount": self.amount, "paid_at": paid_at}
        return json.dumps(said).encode("ascii")


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"not like {pattern.pattern}")
    return value


def _rupiah(value: Any) -> int:
    if type(value) is not int or not 0 < value <= MOST:
        raise ValueError("not whole rupiah")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a moment with its time zone")
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError("not a moment of this world") from error
