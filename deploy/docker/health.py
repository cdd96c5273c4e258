"""Whether a process of ours is ready: exit code 0 (``python -m deploy.docker.health 8081``)."""

import sys
import urllib.error
import urllib.request

if __name__ == "__main__":
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{int(sys.argv[1])}/health/ready", timeout=4
        ) as answer:
            sys.exit(0 if answer.status == 200 else 1)
    except (urllib.error.URLError, TimeoutError):
        sys.exit(1)
