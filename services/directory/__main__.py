"""``python -m services.directory``: the directory; ``… bootstrap`` makes the first account."""

import sys

from kit.process import main
from services.directory import bootstrap
from services.directory.app import build
from services.directory.settings import Settings

if __name__ == "__main__":
    if sys.argv[1:2] == ["bootstrap"]:
        bootstrap.main()
    main("directory", Settings, build)
