"""How a decision ends: a new state with its events, or a refusal with a code from the catalogue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from contracts.envelope import EventData

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Decision(Generic[S]):
    """The state that follows and the facts that brought it about, oldest first."""

    state: S
    events: "tuple[EventData, ...]" = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in both languages of the product; ``{fact}`` places take the facts of the case."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One entry of the catalogue: the HTTP status, the title and the sentence that explains it."""

    status: int
    title: Text
    detail: Text | None = None


class FieldError(BaseModel):
    """A field that cannot be taken: where it is (JSON pointer) and what is allowed instead."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    detail: str


class Problem(BaseModel):
    """A refusal on its way to the caller: the code and the facts; the edge adds the words."""

    model_config = ConfigDict(frozen=True)

    code: str
    facts: dict[str, Any] = Field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status of the code."""
        return ERRORS[self.code].status


class Refusal(Exception):
    """An expected no: a stable code and the facts of the case.

    ``retryable`` marks a refusal that a lagging own copy may have caused (api.md): it is tried
    again over the first two retry tiers before it is final.
    """

    def __init__(
        self,
        code: str,
        /,
        *,
        errors: tuple[FieldError, ...] = (),
        retryable: bool = False,
        **facts: Any,
    ) -> None:
        super().__init__(code)
        if code not in ERRORS:
            raise LookupError(f"{code} is not in the catalogue of error codes")
        self.problem = Problem(code=code, facts=facts, errors=errors)
        self.retryable = retryable

    @classmethod
    def invalid(cls, pointer: str, detail: str) -> "Refusal":
        """``validation_failed`` for one field."""
        return cls("validation_failed", errors=(FieldError(pointer=pointer, detail=detail),))


def _code(
    status: int, id_title: str, en_title: str, id_detail: str = "", en_detail: str = ""
) -> ErrorCode:
    detail = Text(id_detail, en_detail) if id_detail else None
    return ErrorCode(status, Text(id_title, en_title), detail)


ERRORS: dict[str, ErrorCode] = {
    "malformed": _code(400, "Permintaan tidak dapat dibaca", "The request cannot be read"),
    "body_too_large": _code(
        413,
        "Isi permintaan terlalu besar",
        "The body is too large",
        "Isi permintaan paling besar {limit_bytes} bita.",
        "The body may have at most {limit_bytes} bytes.",
    ),
    "unsupported_media_type": _code(
        415,
        "Jenis isi tidak didukung",
        "The content type is not supported",
        "Kirim {allowed}.",
        "Send {allowed}.",
    ),
    "bad_credentials": _code(
        401, "Nama pengguna atau kata sandi salah", "User name or password is wrong"
    ),
    "token_expired": _code(401, "Token sudah kedaluwarsa", "The token has expired"),
    "token_invalid": _code(401, "Token tidak sah", "The token is not valid"),
    "forbidden": _code(403, "Tidak diizinkan", "This is not allowed for you"),
    "not_the_receiving_agency": _code(
        403, "Bukan perangkat daerah yang diminta", "Not the agency that was asked"
    ),
    "not_the_asking_agency": _code(
        403, "Bukan perangkat daerah yang meminta", "Not the agency that asks"
    ),
    "device_unknown": _code(403, "Mesin tidak terdaftar", "The device is not registered"),
    "not_found": _code(404, "Tidak ditemukan", "Not found"),
    "method_not_allowed": _code(405, "Metode tidak diizinkan", "The method is not allowed"),
    "wrong_state": _code(
        409,
        "Tidak dapat dilakukan pada keadaan ini",
        "Not possible in this state",
        "Keadaannya {state}; tindakan {action} hanya dapat dari {allowed}.",
        "It is {state}; {action} is possible only from {allowed}.",
    ),
    "already_checked_in": _code(
        409,
        "Presensi sudah tercatat",
        "Already checked in",
        "Presensi yang sama sudah tercatat pada {at} di {office}.",
        "The same check-in was recorded at {at} in {office}.",
    ),
    "period_closed": _code(
        409,
        "Periode sudah ditutup",
        "The period is closed",
        "Periode {period} {agency} sudah ditutup; perubahan hanya dapat dicatat oleh atasan.",
        "{period} of {agency} is closed; a change can only be entered by who decides about you.",
    ),
    "already_decided": _code(409, "Sudah diputuskan", "Already decided"),
    "version_conflict": _code(
        412,
        "Sudah diubah oleh orang lain",
        "Changed by somebody else meanwhile",
        "Versi sekarang {version}; muat ulang lalu coba lagi.",
        "The version is now {version}; load it again and repeat.",
    ),
    "version_required": _code(
        428,
        "If-Match diperlukan",
        "If-Match is required",
        "Kirim kepala If-Match dengan ETag yang terakhir dibaca.",
        "Send the header If-Match with the ETag that was read last.",
    ),
    "validation_failed": _code(422, "Isian tidak sah", "The input is not valid"),
    "idempotency_key_reused": _code(
        422,
        "Idempotency-Key sudah dipakai untuk isi lain",
        "The Idempotency-Key was used for another body",
    ),
    "unknown_employee": _code(
        422,
        "Pegawai tidak dikenal",
        "The employee is not known",
        "Tidak ada pegawai {employee} yang bertugas pada {on}.",
        "No employee {employee} is assigned on {on}.",
    ),
    "outside_every_office": _code(
        422,
        "Di luar semua kantor",
        "Outside every office",
        "Kantor terdekat {nearest_name} ({nearest}), {distance_m} m dari Anda. "
        "Mendekatlah {closer_m} m lagi, atau pakai kode kios kantor itu.",
        "The nearest office is {nearest_name} ({nearest}), {distance_m} m away. "
        "Come {closer_m} m closer, or use the code on its kiosk.",
    ),
    "position_too_coarse": _code(
        422,
        "Posisi terlalu kasar",
        "The position is too coarse",
        "Ketelitian {accuracy_m} m; paling kasar {limit_m} m. Nyalakan GPS dan coba lagi.",
        "Accuracy is {accuracy_m} m, at most {limit_m} m is taken. Switch GPS on and repeat.",
    ),
    "kiosk_code_wrong": _code(422, "Kode kios salah", "The kiosk code is wrong"),
    "nonce_wrong": _code(
        422,
        "Nonce salah, sudah dipakai, atau kedaluwarsa",
        "The nonce is wrong, used or expired",
    ),
    "captured_too_long_ago": _code(
        422,
        "Direkam terlalu lama",
        "Captured too long ago",
        "Direkam {captured_at}; tanpa nonce paling lama {limit_minutes} menit sebelum diterima.",
        "Captured at {captured_at}; without a nonce at most {limit_minutes} minutes ago.",
    ),
    "captured_in_the_future": _code(
        422,
        "Direkam di masa depan",
        "Captured in the future",
        "Direkam {captured_at}; jam perangkat paling cepat {limit_minutes} menit di depan.",
        "Captured at {captured_at}; a clock may be at most {limit_minutes} minutes ahead.",
    ),
    "no_pattern_in_force": _code(
        422,
        "Tidak ada pola kerja yang berlaku",
        "No working pattern is in force",
        "Tidak ada pola kerja untuk {agency} pada {on}.",
        "There is no working pattern for {agency} on {on}.",
    ),
    "reason_required": _code(422, "Alasan diperlukan", "A reason is required"),
    "formula_invalid": _code(422, "Rumus tidak sah", "The formula is not valid"),
    "weights_not_100": _code(422, "Jumlah bobot bukan 100", "The weights do not add up to 100"),
    "unit_mismatch": _code(422, "Satuan tidak cocok", "The units do not match"),
    "overlaps": _code(
        422,
        "Bertumpang tindih",
        "It overlaps",
        "Bertumpang tindih dengan {with_}.",
        "It overlaps with {with_}.",
    ),
    "quota_exceeded": _code(422, "Kuota terlampaui", "The quota is exceeded"),
    "rate_limited": _code(
        429,
        "Terlalu banyak permintaan",
        "Too many requests",
        "Coba lagi dalam {retry_after_s} detik.",
        "Try again in {retry_after_s} seconds.",
    ),
    "service_unavailable": _code(
        503,
        "Layanan sedang tidak tersedia",
        "The service is not available",
        "Ulangi dengan Idempotency-Key yang sama.",
        "Repeat with the same Idempotency-Key.",
    ),
    "internal_error": _code(500, "Kesalahan di dalam sistem", "An error inside the system"),
}
"""Every code a caller may meet (api.md, *Error codes*), in one place."""
