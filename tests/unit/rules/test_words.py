"""Words by which a text is found: beginnings first, stems beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.words import MOST_WORDS, meets, searchable, words


def finds(q, *texts):
    return meets(frozenset(searchable(*texts)), q)


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Pendataan pegawai kelurahan", "penda peg"),
        ("Pendataan pegawai", "mendata"),
        ("Mendata pegawai", "pendataan"),
        ("Data pegawai", "pendataan"),
        ("Pelayanan tamu", "melayani"),
        ("Membayar honor", "pembayaran"),
        ("Susun laporan", "penyusunan pelaporan"),
        ("Undangan rapat", "mengundang"),
        ("Kebersihan kantor", "bersih"),
        ("Scheduled meetings", "meeting schedule"),
        ("RÉSUMÉ Siti", "resume"),
        ("Surat 800/123/2026", "800 2026"),
        ("apa saja", ""),
    ],
)
def test_found_by_beginnings_and_by_what_words_come_from(text, q):
    assert finds(q, text)


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Pendataan pegawai", "gaji"),
        ("Rapat bulanan", "rapat tahunan"),
        ("Susun laporan", "lapangan"),
        ("Surat 800", "80a"),
        ("Beban kerja", "bebas"),
    ],
)
def test_not_found_by_other_words(text, q):
    assert not finds(q, text)


def test_words_are_folded_each_once_and_in_order():
    told = words("Pendataan ÉLAN, 2026/X_y elan")

    assert told == ("pendataan", "elan", "2026", "x", "y")


FAMILIES = (
    ("pendataan", "mendata", "data"),
    ("pelayanan", "melayani", "layanan"),
    ("pelaporan", "laporan", "melaporkan", "dilaporkan"),
    ("bantuan", "membantu", "dibantu", "bantu"),
    ("pelatihan", "melatih", "latihan"),
    ("perbaikan", "memperbaiki", "baik"),
    ("pembayaran", "membayar", "bayar"),
    ("penyusunan", "menyusun", "susunan"),
    ("pemetaan", "memetakan", "peta"),
    ("penyimpanan", "menyimpan", "simpan"),
    ("penganggaran", "anggaran", "dianggarkan"),
    ("undangan", "mengundang", "diundang"),
    ("kebersihan", "membersihkan", "bersih"),
    ("kelurahan", "lurah"),
    ("kecamatan", "camat"),
    ("pengadaan", "mengadakan"),
    ("pemasangan", "memasang", "dipasang", "terpasang"),
)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_words_of_a_family_find_each_other(family):
    assert all(finds(one, other) for one in family for other in family)


@given(st.text(max_size=200))
def test_a_text_is_found_by_every_beginning_of_its_words(text):
    for word in words(text)[:20]:
        assert finds(word[: max(1, len(word) // 2)], text)


@given(st.lists(st.text("abcdefghij", min_size=1, max_size=8), max_size=600))
def test_what_is_kept_is_bounded(many):
    kept = searchable(" ".join(many))

    assert len([word for word in kept if not word.startswith("~")]) <= MOST_WORDS
    assert len(set(kept)) == len(kept)
