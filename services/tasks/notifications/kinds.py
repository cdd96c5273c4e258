"""The kinds of notifications: their names, their words, and how one hears of them by default.

``{places}`` of a text take the facts of the notification, made readable in
:mod:`services.tasks.notifications.wording`.
"""

from dataclasses import dataclass

from contracts.notifications import Choice
from contracts.outcome import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of thing people are told of."""

    code: str
    name: Text
    text: Text
    email: bool = True

    @property
    def default(self) -> Choice:
        """How one hears of it who chose nothing."""
        return Choice(kind=self.code, inbox=True, email=self.email)


_HELP = "{number} “{title}”"

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "help_asked",
            Text("Permintaan bantuan kepada perangkat daerah saya", "My agency is asked for help"),
            Text(f"{{asking}} meminta bantuan: {_HELP}.", f"{{asking}} asks for help: {_HELP}."),
        ),
        Kind(
            "help_open_call",
            Text("Permintaan bantuan terbuka", "Open calls for help"),
            Text(
                f"{{asking}} meminta bantuan kepada siapa pun: {_HELP}.",
                f"{{asking}} asks anyone for help: {_HELP}.",
            ),
            email=False,
        ),
        Kind(
            "help_accepted",
            Text("Permintaan kami diterima", "Our request is accepted"),
            Text(f"{{helping}} menerima {_HELP}.", f"{{helping}} accepts {_HELP}."),
        ),
        Kind(
            "help_promised",
            Text("Perangkat daerah saya membantu", "My agency helps"),
            Text(
                f"{{helping}} akan membantu {{asking}}: {_HELP}.",
                f"{{helping}} will help {{asking}}: {_HELP}.",
            ),
        ),
        Kind(
            "help_assigned",
            Text("Saya ditugaskan membantu", "I am assigned to help"),
            Text(
                f"Anda ditugaskan membantu {{asking}}: {_HELP}.",
                f"You are assigned to help {{asking}}: {_HELP}.",
            ),
        ),
        Kind(
            "help_question",
            Text("Pertanyaan atas permintaan kami", "A question about our request"),
            Text(f"Ada pertanyaan tentang {_HELP}.", f"There is a question about {_HELP}."),
        ),
        Kind(
            "help_answered",
            Text("Pertanyaan kami dijawab", "Our question is answered"),
            Text(
                f"{{asking}} menjawab pertanyaan tentang {_HELP}.",
                f"{{asking}} answered the question about {_HELP}.",
            ),
        ),
        Kind(
            "help_declined",
            Text("Permintaan kami ditolak", "Our request is declined"),
            Text(f"{{responding}} menolak {_HELP}.", f"{{responding}} declines {_HELP}."),
        ),
        Kind(
            "help_delivered",
            Text("Bantuan diserahkan kepada kami", "Help is delivered to us"),
            Text(
                f"{{helping}} menyerahkan hasil {_HELP}; mohon konfirmasi.",
                f"{{helping}} delivered {_HELP}; please confirm.",
            ),
        ),
        Kind(
            "help_returned",
            Text("Hasil bantuan dikembalikan", "A delivery is returned"),
            Text(f"{{asking}} mengembalikan {_HELP}.", f"{{asking}} returned {_HELP}."),
        ),
        Kind(
            "help_confirmed",
            Text("Bantuan dikonfirmasi", "Help is confirmed"),
            Text(f"{{asking}} mengonfirmasi {_HELP}.", f"{{asking}} confirmed {_HELP}."),
            email=False,
        ),
        Kind(
            "help_withdrawn",
            Text("Permintaan bantuan ditarik", "A request is withdrawn"),
            Text(f"{{asking}} menarik {_HELP}.", f"{{asking}} withdrew {_HELP}."),
        ),
        Kind(
            "help_expired",
            Text("Permintaan bantuan kedaluwarsa", "A request expired"),
            Text(
                f"{_HELP} kedaluwarsa: tidak ada yang menerimanya pada waktunya.",
                f"{_HELP} expired: nobody accepted it in time.",
            ),
        ),
        Kind(
            "help_handed_on",
            Text("Permintaan kami diteruskan", "Our request is handed on"),
            Text(
                f"{_HELP} diteruskan kepada {{receiving}}.",
                f"{_HELP} was handed on to {{receiving}}.",
            ),
            email=False,
        ),
        Kind(
            "help_acceptance_waiting",
            Text("Penerimaan yang menunggu saya", "Acceptances that wait for me"),
            Text(
                f"Penerimaan {_HELP} dari {{asking}} menunggu persetujuan Anda.",
                f"The acceptance of {_HELP} of {{asking}} waits for your approval.",
            ),
        ),
        Kind(
            "help_warned",
            Text("Batas waktu bantuan hampir habis", "A time limit of help is near"),
            Text(
                f"Batas waktu {{clock}} untuk {_HELP} hampir habis.",
                f"The time to {{clock}} {_HELP} is nearly over.",
            ),
        ),
        Kind(
            "help_breached",
            Text("Batas waktu bantuan terlewati", "A time limit of help is passed"),
            Text(
                f"Batas waktu {{clock}} untuk {_HELP} dari {{asking}} terlewati.",
                f"The time to {{clock}} {_HELP} of {{asking}} is over.",
            ),
        ),
        Kind(
            "help_escalated",
            Text("Keterlambatan bantuan yang berlanjut", "Delays of help that last"),
            Text(
                f"Batas waktu {{clock}} untuk {_HELP} dari {{asking}} masih terlewati.",
                f"The time to {{clock}} {_HELP} of {{asking}} is still over.",
            ),
        ),
        Kind(
            "overdue_digest",
            Text("Ringkasan keterlambatan bantuan", "Digest of overdue help"),
            Text(
                "Pada {date}, {count} permintaan bantuan melewati batas waktu.",
                "On {date}, {count} requests for help are overdue.",
            ),
        ),
        Kind(
            "task_assigned",
            Text("Saya mendapat tugas", "I am given a task"),
            Text(
                "Tugas untuk Anda di {agency}: “{title}”.", "A task for you in {agency}: “{title}”."
            ),
        ),
        Kind(
            "task_completed",
            Text("Tugas yang saya buat selesai", "A task that I wrote down is done"),
            Text("Tugas “{title}” selesai.", "The task “{title}” is done."),
            email=False,
        ),
        Kind(
            "mention",
            Text("Saya disebut dalam komentar", "I am mentioned in a comment"),
            Text(
                "{by} menyebut Anda pada tugas “{title}”.",
                "{by} mentions you in the task “{title}”.",
            ),
        ),
        Kind(
            "help_mention",
            Text("Saya disebut pada permintaan bantuan", "I am mentioned on a help request"),
            Text(f"Anda disebut pada {_HELP}.", f"You are mentioned on {_HELP}."),
        ),
        Kind(
            "period_closed",
            Text("Bulan saya ditutup", "My month is closed"),
            Text(
                "Bulan {period} untuk {agency} ditutup; lihat nilai dan penjelasannya.",
                "The month {period} of {agency} is closed; see your score and its explanation.",
            ),
        ),
        Kind(
            "approval_waiting",
            Text("Keputusan yang menunggu saya", "Decisions that wait for me"),
            Text(
                "{what} {person} untuk {date} menunggu keputusan Anda.",
                "{what} of {person} for {date} waits for your decision.",
            ),
        ),
        Kind(
            "request_decided",
            Text("Permohonan saya diputuskan", "My request is decided"),
            Text("{what} Anda untuk {date} {state}.", "Your {what} for {date} is {state}."),
        ),
        Kind(
            "day_reminder",
            Text("Presensi saya hari ini belum lengkap", "My day is not complete yet"),
            Text(
                "Presensi Anda pada {date} belum lengkap; catatlah sebelum hari itu ditutup.",
                "Your day of {date} is not complete yet; record what is missing before it closes.",
            ),
            email=False,
        ),
        Kind(
            "day_incomplete",
            Text("Hari kerja saya tidak lengkap", "My day is incomplete"),
            Text(
                "Presensi Anda pada {date} tidak lengkap; ajukan koreksi bila perlu.",
                "Your day of {date} is incomplete; ask for a correction if need be.",
            ),
        ),
    )
}
