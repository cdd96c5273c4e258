"""A program to be run: the same description for the supervisor and for the tests' own start."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Writes who it is (pid, start time) and becomes the program, which keeps both.
_LAUNCH = 'read -r stat < "/proc/$$/stat"; printf "%s\\n" "$stat" > "$0"; exec "$@"'
_BARE = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Program:
    """One process of the system."""

    name: str
    command: tuple[str, ...]
    directory: Path
    record: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None  # another user than the caller's
    patience_s: int = 10  # from the wish to stop to the end by force

    @property
    def launch(self) -> tuple[str, ...]:
        """The command line that records the process before it becomes the program."""
        return ("/bin/sh", "-c", _LAUNCH, str(self.record), *self.command)

    def spawn(self, log: Path) -> subprocess.Popen[bytes]:
        """Start it as a child of this process."""
        owner = pwd.getpwnam(self.user) if self.user else None
        with log.open("ab") as output:
            return subprocess.Popen(
                self.launch,
                cwd=self.directory,
                env=_BARE | dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            )


def bare_environment() -> dict[str, str]:
    """The environment that nothing of the caller's shell reaches."""
    return dict(_BARE)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 16_384))
            text = file.read().decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  | {line}" for line in text.splitlines()[-lines:]) or "  (empty log)"
