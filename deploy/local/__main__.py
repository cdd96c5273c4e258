"""``python -m deploy.local up|down|reset|status|seed|demo`` and ``… infrastructure``."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from deploy.local import city, infrastructure
from deploy.local.progress import Failed, Progress, fail
from deploy.local.settings import LocalSettings
from deploy.local.system import System


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; the exit code is 0 only when it did what it says."""
    chosen = _parser().parse_args(arguments)
    progress = Progress()
    try:
        if chosen.verb == "infrastructure":
            return infrastructure.keep(chosen.home, chosen.for_pid)
        verb = start if getattr(chosen, "without_city", False) else _VERBS[chosen.verb]
        return verb(LocalSettings(), progress)
    except ValidationError as invalid:
        wrong = "; ".join(f"SAMBATAN_{e['loc'][0]}: {e['msg']}".upper() for e in invalid.errors())
        return fail(f"a setting is not usable: {wrong}")
    except Failed as failed:
        hint = "" if chosen.verb in _STOPPING else "\n`make down` stops what was started."
        return fail(f"{failed}{hint}")
    except KeyboardInterrupt:
        return fail("interrupted; `make down` stops what was started.")


def up(settings: LocalSettings, progress: Progress) -> int:
    """Start everything; the demo city comes in where the database is our own and empty."""
    system = System(settings, progress)
    running = system.up()
    if settings.embeds_all and not system.is_seeded():
        city.seed(system, running, settings, progress)
    city.say_where(running, progress)
    return 0


def start(settings: LocalSettings, progress: Progress) -> int:
    """Start everything with the databases as they are."""
    running = System(settings, progress).up()
    city.say_where(running, progress)
    return 0


def down(settings: LocalSettings, progress: Progress) -> int:
    """Stop everything; the data stay."""
    System(settings, progress).down()
    progress.say("everything is stopped")
    return 0


def reset(settings: LocalSettings, progress: Progress) -> int:
    """Stop everything and forget the data."""
    System(settings, progress).reset()
    progress.say(f"{settings.state} is forgotten")
    return 0


def status(settings: LocalSettings, progress: Progress) -> int:
    """Tell what runs; 0 only when everything is ready."""
    found = System(settings, progress).status()
    if not found:
        return fail("nothing runs; `make up` starts it.")
    for each in found:
        word = "ready" if each.ready else "not ready"
        print(f"{each.name:15} {each.state:10} {each.pid:>8}  {word:10} {each.health or ''}")
    return 0 if all(each.ready for each in found) else 1


def seed(settings: LocalSettings, progress: Progress) -> int:
    """Start everything and bring in the demo city, asked for by name."""
    system = System(settings, progress)
    city.refuse_known_password(settings)
    running = system.up()
    city.seed(system, running, settings, progress)
    return 0


def demo(settings: LocalSettings, progress: Progress) -> int:
    """Start everything, bring in the demo city if it is not there, and play its day."""
    system = System(settings, progress)
    city.refuse_known_password(settings)
    running = system.up()
    if not system.is_seeded():
        city.seed(system, running, settings, progress)
    return city.play(running, progress)


_VERBS: dict[str, Callable[[LocalSettings, Progress], int]] = {
    "up": up,
    "down": down,
    "reset": reset,
    "status": status,
    "seed": seed,
    "demo": demo,
}

_STOPPING = {"down", "reset", "status"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    known = {name: verbs.add_parser(name, help=verb.__doc__) for name, verb in _VERBS.items()}
    known["up"].add_argument(
        "--without-city", action="store_true", help="Leave an empty database empty."
    )
    servers = verbs.add_parser("infrastructure", help="Keep a broker and a database for tests.")
    servers.add_argument("--home", type=Path, required=True)
    servers.add_argument("--for-pid", type=int, required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())
