"""Does a message of the staff speak of money, or of a way around the city? Then it is held and looked at (T65)."""

import re
import unicodedata

WALLETS = r"gopay|go-pay|ovo|dana|shopeepay|shopee\s*pay|linkaja|link\s*aja|qris|isaku|sakuku|jenius|paypal"
BANKS = r"bri|bni|bca|btn|bsi|cimb|danamon|mandiri|permata|bank\s*sumut|mega|maybank|ocbc|seabank|jago"
UNITS = r"ribu|rb|juta|jt|k"
SUM = rf"\brp\.?\s*\d|\brupiah\b|\b\d+(?:[.,]\d+)?\s*(?:{UNITS})\b|\b\d{{1,3}}(?:\.\d{{3}})+\b"
IN_WORDS = r"\b(?:se)?(?:ratus|juta|ribu)\b"
BY_BANK = rf"\b(?:no\.?\s*rek|norek|rekening|transfer|tf)\b|\b(?:{BANKS})\b\D{{0,20}}\d[\d\s.\-]{{7,}}"
PATTERNS = (
    ("wallet", rf"\b(?:{WALLETS})\b"),
    ("phone", r"(?:\+?62|\b0)[\s.\-]*8(?:[\s.\-]*\d){8,11}\b"),
    ("money", f"{SUM}|{IN_WORDS}"),
    ("account", BY_BANK),
    ("account", r"(?<![\d.])(?:\d[\s\-]?){10,18}(?!\d)"),
)
DATES = re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
OWN_NUMBERS = re.compile(r"\bizn/\d{4}/\d{6}\b|\b(?:19|20)\d{2}\b")


def speaks_of(body: str) -> str:
    """The first of account, wallet, phone, money that the message holds, or nothing.

    Full-width digits and invisible letters are undone first. Days, years and our own numbers are no sums.
    """
    text = unicodedata.normalize("NFKC", body).casefold()
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = OWN_NUMBERS.sub(" ", DATES.sub(" ", text))
    return next((kind for kind, pattern in PATTERNS if re.search(pattern, text)), "")
