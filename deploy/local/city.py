"""Bringing the demo city in and playing its day: programs of their own, run with every address."""

import importlib.util
import subprocess
import sys

from deploy.local.processes import Processes
from deploy.local.progress import Failed, Progress
from deploy.local.settings import CHECKOUT, LocalSettings
from deploy.local.system import System

_SEED = "deploy.demo.city"
_PLAY = "deploy.demo"


def seed(system: System, running: Processes, settings: LocalSettings, progress: Progress) -> None:
    """Bring in the demo city through the import path a city would use."""
    refuse_known_password(settings)
    with progress.step("bringing in the demo city"):
        if _run(_SEED, running) != 0:
            raise Failed(f"the demo city did not come in; logs are in {running.home.logs}")
    system.note_seeded()


def play(running: Processes, progress: Progress) -> int:
    """Play the working day; its own check decides the exit code."""
    progress.say("playing the day")
    return _run(_PLAY, running)


def refuse_known_password(settings: LocalSettings) -> None:
    """Accounts with a password that everybody knows exist on our own servers only."""
    if settings.has_default_password and not settings.embeds_all:
        raise Failed(
            "the demo's password is public: choose one in SAMBATAN_DEMO_PASSWORD before "
            "the demo city comes into servers that are not the embedded ones."
        )


def say_where(running: Processes, progress: Progress) -> None:
    """The end of a start: where to go next."""
    progress.say("everything is ready")
    lines = {
        "Gateway": running.gateway_url,
        "API": f"{running.gateway_url}/docs",
        "Accounts": "admin, auditor, operator, kepala.<agency>, pegawai.<agency>, p0001 …",
        "Addresses": str(running.home.endpoints),
        "Logs": str(running.home.logs),
        "Stop": "make down   (make reset also forgets the data)",
    }
    print()
    for name, text in lines.items():
        print(f"  {name:10} {text}")


def _run(module: str, running: Processes) -> int:
    found = importlib.util.find_spec(module)
    if found is None or (found.submodule_search_locations and not _has_main(module)):
        raise Failed(f"{module} is not part of this checkout.")
    done = subprocess.run(
        (sys.executable, "-m", module), cwd=CHECKOUT, env=running.of_tool(), check=False
    )
    return done.returncode


def _has_main(package: str) -> bool:
    return importlib.util.find_spec(f"{package}.__main__") is not None
