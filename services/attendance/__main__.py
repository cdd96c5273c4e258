"""``python -m services.attendance``."""

from kit.process import main
from services.attendance.app import build
from services.attendance.settings import Settings

if __name__ == "__main__":
    main("attendance", Settings, build)
