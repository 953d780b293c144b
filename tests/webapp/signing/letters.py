"""A letter like those that the city sends."""

from dataclasses import replace
from datetime import time
from typing import Any

from tests.conftest import TUESDAY
from webapp import clock
from webapp.signing.document import Heading, Letter

HEAD = "Ratna Dewi Lubis"


def a_letter(**changed: Any) -> Letter:
    """The permit of an invented doctor, with what is changed about it."""
    letter = Letter(
        heading=Heading("Pemerintah Kota Binjai", "Dinas Perizinan", "Jl. Jenderal Sudirman (contoh)"),
        title="Surat Izin Praktik Dokter",
        number="SIP-DU/0001/2026",
        opening=("Berdasarkan permohonan yang telah diperiksa, izin diberikan kepada:",),
        facts=(("Nama", "Siti Aminah"), ("Berlaku", "24 November 2026 – 23 November 2031")),
        closing=("Pemegang izin wajib melaporkan setiap perubahan.",),
        basis=("Undang-Undang Nomor 17 Tahun 2023 tentang Kesehatan",),
        signer_name=HEAD,
        signer_title="Kepala Dinas Perizinan",
        place="Binjai",
        at=clock.at(TUESDAY, time(9, 12)),
        check="http://127.0.0.1:8000/perizinan/cek/7KQ2M9XW4HBT6RNPC3VD",
        code="7KQ2-M9XW-4HBT-6RNP-C3VD",
    )
    return replace(letter, **changed)
