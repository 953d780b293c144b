"""NIK and phone numbers as people write them, and as we keep them."""

import re
from datetime import date

WOMAN = 40  # the day of birth of a woman is written plus 40 (Permendagri 28/2005)
LEAP_DAY = (29, 2, 0)  # there was one in 2000, and none in 1900


def plain_nik(text: str) -> str | None:
    """The 16 digits of a NIK, or None when its structure cannot be right.

    Checked: province, a real day and month of birth, a serial. Not the region of residence: the first six digits say
    where somebody was first registered, not where they live now.
    """
    nik = re.sub(r"[\s.\-]", "", text)
    if not re.fullmatch(r"[0-9]{16}", nik):
        return None
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day -= WOMAN if day > WOMAN else 0
    return nik if nik[:2] >= "11" and nik[12:] != "0000" and _is_date(day, month, year) else None


def _is_date(day: int, month: int, year: int) -> bool:
    try:
        date(1900 + year, month, day)
    except ValueError:
        return (day, month, year) == LEAP_DAY
    return True


def plain_phone(text: str) -> str | None:
    """An Indonesian mobile number as 08…, whatever its spacing or +62, or None."""
    digits = re.sub(r"[\s.\-()]", "", text)
    digits = re.sub(r"^(\+?62)(?=8)", "0", digits)
    return digits if re.fullmatch(r"08[0-9]{8,11}", digits) else None


def plain_email(text: str) -> str:
    return text.strip().casefold()
