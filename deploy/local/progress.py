"""What the person at the terminal sees: steps with elapsed time, plain lines, no cursor tricks."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Failed(Exception):
    """The command cannot go on; the text says why and what to do, for the person who typed it."""


class Progress:
    """Prints each step with the seconds since the start and its own duration."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._started = time.monotonic()
        self._quiet = quiet

    @property
    def elapsed(self) -> float:
        """Seconds since the command began."""
        return time.monotonic() - self._started

    def say(self, text: str) -> None:
        """One line, with the elapsed time before it."""
        if self._quiet:
            return
        try:
            print(f"[{self.elapsed:6.1f} s] {text}", flush=True)
        except BrokenPipeError:  # nobody reads any more; what was begun is still finished
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announce a step and say how long it took."""
        self.say(f"{text} …")
        began = time.monotonic()
        yield
        self.say(f"{text}: done in {time.monotonic() - began:.1f} s")


def fail(text: str) -> int:
    """Tell on standard error why the command stopped; the exit code of a failure."""
    print(f"\nsambatan: {text}", file=sys.stderr, flush=True)
    return 1
