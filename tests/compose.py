"""Does docker-compose.yml work: up, the demo city, the flow of a day on it, and away again.

``python -m tests.compose`` uses a project name, a port and volumes of its own; a system that runs
already is left alone. Further arguments go to pytest.
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence

from deploy.local import ports
from deploy.local.progress import Progress, fail
from deploy.local.settings import CHECKOUT

PROJECT = "sambatan-check"
_PATIENCE_S = 900


def main(arguments: Sequence[str]) -> int:
    """Start, check, and remove; the exit code says whether it works."""
    progress, port = Progress(), ports.choose(["gateway"], {})["gateway"]
    environment = os.environ | {
        "COMPOSE_PROJECT_NAME": PROJECT,
        "SAMBATAN_PORT": str(port),
        "SAMBATAN_DEMO_PASSWORD": secrets.token_urlsafe(12),
        "SAMBATAN_TEST_GATEWAY": f"http://127.0.0.1:{port}",
    }
    test = (sys.executable, "-m", "pytest", "tests/system/test_flow.py", *arguments)
    compose = ("docker", "compose")
    try:
        with progress.step("everything is built, started and healthy"):
            _run((*compose, "up", "--detach", "--build", "--wait"), environment)
        with progress.step("two more replicas of a service"):
            scaled = ("--scale", "attendance=3")
            _run((*compose, "up", "--detach", "--wait", *scaled), environment)
        with progress.step("the demo city"):
            _run((*compose, "run", "--rm", "-T", "city"), environment)
        with progress.step("the flow of a day"):
            _run(test, environment)
    except (OSError, subprocess.SubprocessError) as error:
        subprocess.run((*compose, "ps", "--all"), cwd=CHECKOUT, env=environment, check=False)
        return fail(f"compose does not work: {error}")
    finally:
        away = (*compose, "down", "--volumes", "--remove-orphans")
        subprocess.run(away, cwd=CHECKOUT, env=environment, check=False)
    return 0


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    subprocess.run(
        command,
        cwd=CHECKOUT,
        env=environment,
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE_S,
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
