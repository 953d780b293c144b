"""Which messages of the staff are held because they speak of money or of a way around the city (T65)."""

import random
import time

import pytest

from blueprints.perizinan.cases.money import speaks_of
from blueprints.perizinan.talking import actions
from tests.factories import permits as make
from webapp import notify

WALLETS = """
gopay ke 0812-3456-7890
Go Pay ya
g o p a y
O V O saya
pakai ovo aja
shopee pay
link aja
Bayar pakai QRIS saya
i-saku
"""
PHONES = """
hubungi 081234567890
0812 3456 7890
0812.3456.7890
0812_3456_7890
0812/3456/7890
(0812) 3456 7890
0 8 1 2 3 4 5 6 7 8 9 0
+62 812 3456 7890
62812-3456-7890
+62 (0) 812 3456 7890
08.12-34.56-78.90
O812 3456 7890
0812\u200b3456\u200d7890
0812\u00ad3456\u20607890
0812–3456–7890
wa.me/6281234567890
nol delapan satu dua tiga empat lima enam
DANA 0812 3456 7890
"""
ACCOUNTS = """
no rek BRI 1234-01-...
No. rekening saya menyusul
norek nanti saya kirim
nomor rekening ada di bawah
BRI 1234-01-012345-50-6
BCA 8730123456
8730123456 BCA a.n. Contoh
Mandiri 106-00-1234567-8
rekening Mandiri: 1060012
Bank Sumut 123.45.678
BSI 712345
DANA: 1234567
sisanya ke dana 1234567
1234567890123
1234 5678 9012 3456
1234.5678.9012
transfer ke BNI saya
TF dulu ya, 50
tf aja seratus
ditransfer 150
t r a n s f e r 150 ya
"""
SUMS = """
Rp 100.000
Rp100.000,-
rp. 50
R p 75
Rp seratus
IDR 100000
100.000
150,000
50 000
1.500.000
100000
5O.OOO
50rb
50 rb
50 ribu
50ribuan
50 rebu
50k
5 jt
1,5 juta
500 perak
300 rupiah
seratus ribu
lima puluh ribu
dua juta
setengah juta
ratusan ribu
seribu rupiah
bayar 5000
biaya tambahan 2500
setor 7500 ke loket
uang rokok
uang terima kasih
kirim uang dulu
cepek
goceng
"""
PLAIN = """
Mohon datang tanggal 24 November 2026 jam 10.00
Kami datang 24 November 2026 10.00
Tanggal 24-11-2026 pukul 08.00-12.00 dan 13.00-16.00
24/11/2026
2026-11-24
jam 8.30 WIB
pagi pukul 09:00 s/d 11:30
Ruang 12 lantai 3
3 dari 5 berkas sudah lengkap
satu, dua, tiga syarat kurang
tiga hari kerja, dua lembar foto
Permohonan IZN/2026/000123 sedang diperiksa
Izin UJI/0001/2026
Kode 7K3Q-9M2P
Jl. Jambi No. 12
Jl. Jend. Sudirman No. 6, Binjai 20714
Lokasi di Jl. T. Amir Hamzah Km 18
Jl. Seribu Bukit nomor 4
Kelurahan Kebun Lada, Kecamatan Binjai Utara
RT 01 RW 02
koordinat 3.6002, 98.4892
luas 120 m2
luas 1.250 m²
Luas 2.500,5 m2
jarak 5 meter dari batas, lebar 2,5 m
tegangan 1.300 VA
denah skala 1:100
Bangunan 2 lantai tinggi 8,5 m
Foto 3x4 dua lembar
tahun 2024/2025
tahun dua ribu dua puluh enam
Berlaku 2 tahun sampai 31 Desember 2028
Selesai dalam 12 hari kerja
UU 1/2022 Pasal 88
PP 71/2019 Pasal 60 ayat (2)
Perda No. 5 Tahun 2024
Pasal 88, 89, 90, 91, dan 92
Tarif ada di Perda Nomor 5 Tahun 2024 Pasal 12
Biaya sesuai tagihan di halaman permohonan
Bayar lewat kode pada halaman tagihan
Sumber dana pembangunan tahun 2026
usaha mandiri
mega proyek
ide jenius
Permata Hijau blok C nomor 7
Bank tidak perlu surat
Fotokopi rekening listrik
Nomor rekening listrik belum terlihat
Transfer data dari sistem lama belum selesai
NIK 16 angka tidak terbaca
KBLI 47111
Sertifikat M. 1234 atas nama Contoh
Surat tertanggal 1 Juni 2026 nomor 470/123
"""
HOSTILE = ("1", "1 ", "1a", "a ", "1.", "1,000", "20/", "12-", "08.00-", "0812 ", "8o", "a.", "\u200b", "²", "...")
HOSTILE_WORDS = ("transfer ", "tf a", "bri ", "satu ", "rp", "24 nov", "izn/", "a b c dd ", "123456 aaaaaaaaaaaaaaa")


def lines(text: str) -> list[str]:
    """One message a line."""
    return text.strip("\n").split("\n")


@pytest.mark.parametrize("body", [*lines(WALLETS), *lines(PHONES), *lines(ACCOUNTS), *lines(SUMS)])
def test_a_way_around_the_city_is_held(body):
    assert speaks_of(body)
    assert speaks_of(body.upper()), "shouted"
    assert speaks_of(f"Selamat pagi. Berkas Anda sudah kami lihat.\n\n{body}\n\nTerima kasih."), "among other words"


@pytest.mark.parametrize("kind, messages", [("phone", PHONES), ("account", ACCOUNTS), ("money", SUMS)])
def test_the_inspektorat_is_told_what_it_is(kind, messages):
    found = [speaks_of(body) for body in lines(messages)]
    assert found.count(kind) > 0.8 * len(found)


@pytest.mark.parametrize("body", lines(PLAIN))
def test_an_ordinary_word_of_an_office_is_not_held(body):
    assert speaks_of(body) == ""
    assert speaks_of(f"Selamat pagi. {body}. Terima kasih.") == ""


@pytest.mark.parametrize("nought", ["\uff10", "\u0660", "\u06f0", "\u0966"], ids=["wide", "arabic", "urdu", "hindi"])
def test_digits_of_other_scripts_hide_nothing(nought):
    assert (
        speaks_of("081234567890".translate({ord("0") + digit: ord(nought) + digit for digit in range(10)})) == "phone"
    )
    assert speaks_of("\ufe0f\u20e3".join("081234567890")) == "phone", "as pictures of keys"


def test_a_line_break_hides_nothing():
    assert speaks_of("transfer dulu\nke rekening kami")
    assert speaks_of("0812\n3456\n7890")


@pytest.mark.parametrize("seed", range(50))
def test_any_account_and_any_phone_is_held_however_it_is_grouped(seed):
    chance = random.Random(seed)  # noqa: S311 - it must repeat
    digits = "".join(chance.choices("0123456789", k=chance.randint(10, 16)))
    phone = "08" + "".join(chance.choices("0123456789", k=chance.randint(8, 11)))
    for number in (digits, phone):
        gap, sizes = chance.choice(" -._/"), [chance.randint(2, 5) for _group in number]
        groups, rest = [], number
        while rest:
            groups.append(rest[: sizes[0]])
            rest = rest[sizes.pop(0) :]
        assert speaks_of(f"ke nomor {gap.join(groups)} ya"), gap.join(groups)


@pytest.mark.parametrize("seed", range(50))
def test_no_day_hour_or_number_of_ours_is_held(seed):
    chance = random.Random(seed)  # noqa: S311 - it must repeat
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(2024, 2029)
    hour, number = chance.randint(7, 15), chance.randint(1, 999_999)
    body = (
        f"Permohonan IZN/{year}/{number:06d}: kami datang {day:02d}-{month:02d}-{year} jam {hour:02d}.30-{hour + 1}.00 "
        f"di RT {chance.randint(1, 20):02d}. Lihat UU {chance.randint(1, 40)}/{year} Pasal {chance.randint(1, 120)}."
    )
    assert speaks_of(body) == "", body


@pytest.mark.parametrize("piece", [*HOSTILE, *HOSTILE_WORDS])
def test_a_hostile_text_is_read_in_one_go(piece):
    """T44. What the form lets in has 2,000 letters; a text 25 times as long must not take a thousand times as long."""
    text = (piece * 50_000)[:50_000]
    began = time.process_time()
    speaks_of(text)
    assert time.process_time() - began < 0.6


def test_a_held_message_reaches_the_inspektorat_and_not_the_applicant(office, siti):
    make.a_type()
    case = make.a_submitted_case(siti)
    plain = actions.write(None, case.code, "Berkas sedang kami periksa.", by=office.front)
    held = actions.write(None, case.code, "Supaya cepat, 50rb ke dana 0812 3456 7890", by=office.front)
    assert (plain.state, held.state, held.held_for) == ("sent", "held", "phone")
    assert any("held" in notice.message for notice in notify.inbox(office.inspector.id))
    assert [notice.message for notice in notify.inbox(siti.id)].count(
        "Application %(number)s: there is a message for you."
    ) == 1
