"""How a process that handles messages looks after its memory."""

import gc


def collect_garbage_rarely() -> None:
    """Look for cycles every 50,000 objects, and never among what a process starts with.

    A message makes thousands of objects and hardly a cycle; looking every 700 costs a tenth of it.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
