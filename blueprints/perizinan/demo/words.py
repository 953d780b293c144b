"""What the demo's invented people write, in their language: answers to forms, notes, messages. None of it is real."""

TEXTS: dict[str, tuple[str, ...]] = {
    "address": (
        "Jalan Contoh Melati No. 4",
        "Jalan Contoh Kenanga No. 17",
        "Jalan Contoh Mawar No. 21, Lingkungan III",
    ),
    "place": ("Jalan Contoh Anggrek No. 8", "Jalan Contoh Cempaka No. 30", "Jalan Contoh Dahlia No. 2, Lingkungan V"),
    "purpose": ("Keperluan keluarga", "Persyaratan administrasi"),
    "purpose_note": ("Untuk melengkapi berkas",),
    "institution": ("Universitas Contoh", "Yayasan Contoh Bersama", "Lembaga Contoh Mandiri"),
    "office_name": ("Dinas Contoh",),
    "title": ("Pelayanan publik di kota contoh", "Pengelolaan sampah rumah tangga", "Minat baca siswa sekolah dasar"),
    "facility": ("Klinik Contoh Sehat", "Praktik Mandiri Contoh", "Apotek Contoh Waras"),
    "str_number": ("CONTOH-STR-0001", "CONTOH-STR-0002"),
    "practice_hours": ("Senin sampai Jumat, 16.00 sampai 20.00", "Setiap hari, 08.00 sampai 14.00"),
    "trade": ("Warung Contoh", "Kios Contoh", "Bengkel Contoh"),
    "activity": ("Menjual makanan", "Menjahit pakaian", "Kegiatan sosial"),
    "deceased": ("Almarhum Contoh", "Almarhumah Contoh"),
    "heir_names": ("Anak Contoh Satu, Anak Contoh Dua",),
    "cemetery": ("TPU Contoh",),
    "event": ("Pesta pernikahan", "Pentas seni sekolah", "Pasar malam"),
    "ad_text": ("Promosi toko contoh", "Penerimaan siswa baru sekolah contoh"),
    "tree_kind": ("Mahoni", "Angsana", "Trembesi"),
    "reason_note": ("Dahannya rapuh dan menimpa atap.", "Akarnya mengangkat trotoar."),
    "land_number": ("CONTOH-SHM-0123",),
    "school": ("Sekolah Contoh", "PAUD Contoh Ceria"),
    "courses": ("Menjahit dan komputer",),
    "wanted": ("Pekerjaan kantor", "Operator pabrik", "Pelayan toko"),
    "skills": ("Komputer", "Mengemudi"),
    "business_name": ("Usaha Contoh Jaya", "CV Contoh Sejahtera", "Yayasan Contoh Mulia"),
    "principal_name": ("Ibu Contoh Sulastri",),
}
TEXT = ("Contoh",)
PRINCIPAL_NIK = "1275015003505999"

DEFECTS = (
    "Fotonya terlalu gelap. Tolong foto lagi di tempat terang.",
    "Sebagian tulisan terpotong. Tolong foto seluruh halaman.",
    "Suratnya belum ditandatangani.",
)
LATE_DEFECT = "Surat ini ternyata sudah tidak berlaku. Tolong kirim yang baru."
FITS = ("Sesuai dengan syarat.", "Berkas benar dan sesuai aturan.", "Tidak ada keberatan.")
FITS_NOT = "Satu syarat tidak terpenuhi."
EVIDENCE = "Surat keterangan yang dikirim sudah tidak berlaku."
CURE = "Perbarui surat itu, lalu ajukan lagi. Gratis."
QUESTIONS = ("Apakah alamat di formulir sudah benar?", "Mohon jelaskan sedikit letak tempatnya.")
REPLIES = ("Ya, sudah benar.", "Tempatnya di sebelah masjid. Terima kasih.")
MONEY = "Supaya cepat selesai, siapkan Rp 250.000 untuk petugas."  # such a message is held
PAUSE = "Menunggu jawaban instansi lain."
REDRAW = "Petugas sedang cuti."
OBJECTION = "Suratnya masih berlaku. Tolong diperiksa lagi."
UPHELD = "Keberatan benar. Berkas diperiksa kembali."
DISMISSED = "Pada hari pengajuan surat itu sudah tidak berlaku."
REVOKED = "Keterangan dalam permohonan ternyata tidak benar."
PAPER, PHOTO = ("CONTOH", "bukan dokumen asli"), ("CONTOH", "foto lapangan karangan")
