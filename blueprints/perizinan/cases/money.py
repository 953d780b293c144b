"""Do the words of the staff speak of money, or of a way around the city? Then it is held and looked at (T65).

A number that could be an account, a phone or a sum holds the message. Ordinary words alone never do: "dana" and
"mandiri" count only beside a number. Every pattern looks only so far around its first letter, so that even a hostile
text is read in one go (T44).
"""

import re
import unicodedata

from webapp.errors import Refusal
from webapp.i18n import gettext as _

GAP = r"[\s.\-/_*|()]{0,2}"  # what people put between the digits of one number
DIGITS = rf"\d(?:{GAP}\d)"  # takes a count of further digits
NEAR, AFTER = r"\D{0,30}", r"\D{0,15}"
CIPHERS = "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
COUNTS = rf"{CIPHERS}|se(?:puluh|belas|ratus|ribu|tengah|juta)|(?:puluh|belas|ratus)(?:an)?"
THOUSANDS = r"(?:ribu|rebu|juta)(?:an)?|rbu?|jt"
WALLETS = r"go[\s-]?pay|ovo|shopee[\s-]?pay|link[\s-]?aja|qris|i[\s-]?saku|sakuku|paypal"
BANKS = (
    r"bank|rek(?:ening)?|bri|bni|bca|btn|bsi|cimb|danamon|maybank|ocbc|panin|seabank"
    r"|dana|jago|jenius|mandiri|mega|permata"  # words of everyday, too
)
ACCOUNT = r"\bnorek\b|\b(?:no|nomor)\.?\s?rek(?:ening)?\b(?!\s(?:listrik|pln|air|pdam|telepon))"
SENDING = r"(?:di|men)?transfer(?:kan)?|tf|trf"
PAYING = r"(?:di|mem)?bayar(?:kan|an)?|biaya|ongkos|tarif|(?:di|men)?setor(?:kan|an)?"
BRIBES = (
    r"uang\s(?:rokok|kopi|pelicin|lelah|capek|jasa|jalan|bensin|tunai|terima\s?kasih|administrasi)"
    r"|(?:kirim|mengirim|minta|titip|siapkan|sediakan)\suang"
)
SLANG = "goceng|ceban|noban|goban|gocap|cepek|gopek"
PATTERNS = tuple(
    (kind, re.compile(pattern, re.DOTALL))
    for kind, pattern in (
        ("wallet", rf"\b(?:{WALLETS})\b"),
        ("phone", rf"(?<!\d)(?:62{GAP}0?|0){GAP}8(?:{GAP}\d){{8,11}}(?!\d)|\bwa\.me/"),
        ("phone", rf"\b(?:{CIPHERS})(?:[\s,.\-]{{1,2}}(?:{CIPHERS})){{5}}\b"),
        ("account", rf"{DIGITS}{{9}}|{ACCOUNT}"),
        ("account", rf"\b(?:{BANKS})\b{NEAR}{DIGITS}{{5}}|{DIGITS}{{5}}{AFTER}\b(?:{BANKS})\b"),
        ("account", rf"\b(?:{SENDING})\b(?:{NEAR}\d\d|.{{0,30}}\b(?:{COUNTS}|{BANKS})\b)"),
        ("money", rf"\b(?:r\s?p|idr)[\s.:]{{0,3}}(?:\d|(?:{COUNTS})\b)"),
        ("money", rf"\d\s?(?:{THOUSANDS}|k|rupiah|perak)\b|\b(?:{COUNTS})\s(?:{THOUSANDS}|rupiah|perak)\b"),
        ("money", r"(?<![\d.,])\d{1,3}(?:[.,]\d{3})+(?![\d.,]?\d)|\b[1-9]\d{0,2}\s?000\b|\b[1-9]\d{3,5}000\b"),
        ("money", rf"\b(?:{PAYING})\b{NEAR}\d{{4}}|\b(?:{BRIBES}|{SLANG})\b"),
    )
)

ALONE, ENDS = r"(?<![\d.\-/])(?<!\d\s)", r"(?!\d|[.\-/]\d|\s\d)"  # not a part of a longer number
HOUR = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
MONTH = "jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|nov|des"
UNITS = (
    r"m2|m3|m|meter|ha|hektare?|km|cm|kg|ton|liter|watt|va|orang|hari|bulan|tahun|jam|menit|lembar|berkas|lantai|unit|%"
)
HARMLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bizn/20\d\d/\d{6}(?!\d)|\b[a-z][a-z-]{1,15}/\d{4}/20\d\d(?!\d)",
        rf"(?<![\d.\-/]){HOUR}(?:\s?(?:-|s/?d|sampai|hingga)\s?{HOUR})?{ENDS}",
        rf"{ALONE}(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d{ENDS}",
        rf"{ALONE}(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){ENDS}",
        rf"{ALONE}\d\d?\s(?:{MONTH})[a-z]{{0,6}}\s20\d\d{ENDS}",
        rf"{ALONE}(?:\d{{1,3}}/)?(?:19|20)\d\d(?:[-/]20\d\d)?{ENDS}|\btahun\sdua\sribu\b",
        rf"{ALONE}(?<!rp)(?<!rp\s)(?<!rp\.)(?<!rp\.\s)\d{{1,3}}(?:\.\d{{3}})?(?:,\d{{1,2}})?\s?(?:{UNITS})(?!\w)",
    )
)
SPELT_OUT = re.compile(r"\b(?:[a-z][\s.\-]){2,}[a-z]\b")
WORD, NUMBER = re.compile(r"[a-z\d.,]+|\bo(?=\s8)"), frozenset("0123456789o.,")


class SpeaksOfMoney(Refusal):
    """What the applicant would read holds a sum, an account, a wallet or a phone number."""

    status = 422


def refuse_money(*texts: str) -> None:
    """For all words of the staff that an applicant reads, besides messages, which are held. Raises SpeaksOfMoney."""
    if any(speaks_of(text) for text in texts):
        raise SpeaksOfMoney(
            _("What the applicant reads may hold no sum of money, no account and no phone number. Write it without.")
        )


def speaks_of(body: str) -> str:
    """The first of wallet, phone, account, money that the message holds, or nothing."""
    text = plain(body)
    for harmless in HARMLESS:
        text = harmless.sub(" ; ", text)
    return next((kind for kind, pattern in PATTERNS if pattern.search(text)), "")


def plain(body: str) -> str:
    """The text without what hides its meaning: odd digits and letters, invisible ones, w o r d s spelt out."""
    text = "".join(map(_plain_letter, unicodedata.normalize("NFKD", body).casefold()))
    text = SPELT_OUT.sub(lambda spelt: re.sub(r"[\s.\-]", "", spelt[0]), text)
    return WORD.sub(_with_noughts, text)


def _with_noughts(found: re.Match[str]) -> str:
    """O812 and 5O.OOO, as they are meant."""
    word = found[0]
    return word.replace("o", "0") if word == "o" or not set(word) - NUMBER else word


def _plain_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    category = unicodedata.category(letter)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return "-" if category == "Pd" else letter
