"""Requests to end, from a terminal that closes or a machine that shuts down, taken like the interrupt of a keyboard."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAMES = ("SIGTERM", "SIGHUP")
INTERRUPTED = 130
_CODE_BASE = 128
"""A shell's exit code of a process that a signal ended is this and the signal's number."""


class EndRequest(KeyboardInterrupt):
    """A signal that asks a process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def as_interrupts() -> Iterator[None]:
    """Let requests to end break off the block as an interrupt does, so that it clears up; a second one ends it at once.

    One that is ignored, as under nohup, stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    wanted = [number for number, handler in before.items() if handler is signal.SIG_DFL]
    for number in wanted:
        signal.signal(number, _request_end)
    try:
        yield
    finally:
        for number in wanted:
            signal.signal(number, before[number])


def _request_end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise EndRequest(number)


def exit_code(interrupt: KeyboardInterrupt) -> int:
    """Return the exit code for an interrupt."""
    return _CODE_BASE + interrupt.number if isinstance(interrupt, EndRequest) else INTERRUPTED


def occupy_standard_streams() -> None:
    """Open what of standard input, output and error is closed, or the next file would be taken for it.

    Reading from the one gives nothing, writing to the others fails, but for messages.
    """
    flags = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)  # the wrong ones, but for messages
    for handle, flag in enumerate(flags):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, flag)
    for handle, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(handle, "r" if handle == 0 else "w", closefd=False))  # noqa: SIM115
