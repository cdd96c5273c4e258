"""``python -m services.tasks``: the task service."""

from kit.process import main
from services.tasks.app import build
from services.tasks.settings import Settings

if __name__ == "__main__":
    main("tasks", Settings, build)
