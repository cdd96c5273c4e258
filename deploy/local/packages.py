"""The distribution's packages: installed where we may, asked for where we may not."""

import os
import shutil
import subprocess

from deploy.local import rabbitmq
from deploy.local.progress import Failed, Progress

_PACKAGE = "rabbitmq-server"
_INSTRUCTION = (
    f"The broker is missing. Install the distribution's package once\n\n"
    f"    sudo apt-get install {_PACKAGE}\n\n"
    "and repeat, or name a running one in SAMBATAN_RABBITMQ_URL."
)


def need_broker(progress: Progress) -> None:
    """Install the broker's package if it is missing and we may."""
    if rabbitmq.is_installed():
        return
    privileged = _privileged()
    if shutil.which("apt-get") is None or privileged is None:
        raise Failed(_INSTRUCTION)
    with progress.step(f"installing {_PACKAGE} (about a minute)"):
        for arguments in (("update",), ("install", "--yes", "--no-install-recommends", _PACKAGE)):
            _apt_get(privileged, arguments)
    if not rabbitmq.is_installed():
        raise Failed(_INSTRUCTION)


def _privileged() -> tuple[str, ...] | None:
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(
        ("sudo", "-n", "true"), capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return ("sudo", "-n") if asked.returncode == 0 else None


def _apt_get(privileged: tuple[str, ...], arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        (*privileged, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = "\n".join(f"  | {line}" for line in done.stderr.splitlines()[-10:])
        raise Failed(f"apt-get {arguments[0]} failed:\n{words}\n\n{_INSTRUCTION}")
