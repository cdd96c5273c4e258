"""The process of the embedded database: its server, on one processor, with rare garbage collection.

Run by its path (:mod:`deploy.local.database` does), with the arguments of ``python -m secantus``.
Only one of its threads can work at a time, and each hands over very often. Between two processors a
handover costs more than the work: four clients at once took 2.2 ms of processor time a document,
and 0.65 ms on one processor.
"""

import gc
import os
import runpy
import sys
from importlib.metadata import version
from pathlib import Path

WRITTEN_FOR = "0.7.0b3"
"""The version of SecantusDB whose functions are replaced."""


def main() -> None:
    """Serve until ended."""
    sys.path[0] = str(Path(__file__).parents[3])  # the checkout, not this directory's modules
    if version("SecantusDB") == WRITTEN_FOR:
        from deploy.local.embedded import catalogue, coding, journal, ranges

        for part in (journal, catalogue, coding, ranges):
            part.install()
    gc.set_threshold(50_000, 20, 20)
    if hasattr(os, "sched_setaffinity"):
        processors = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {processors[os.getpid() % len(processors)]})
    runpy.run_module("secantus", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
