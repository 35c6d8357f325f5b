"""A helper process with questions that do what no answer may do; started by test_lint_apart.py."""

from __future__ import annotations

import os
import signal
import time

from engine import spiff
from engine.lint import Vocabulary, child

Files = dict[str, bytes]


def read(files: Files, _vocabulary: Vocabulary) -> object:
    """Let the library read a file no rule has looked at."""
    return spiff.load(files, {}).key


def compute(_files: Files, _vocabulary: Vocabulary) -> object:
    while True:
        pass


def sleep(_files: Files, _vocabulary: Vocabulary) -> object:
    time.sleep(3600)
    return None


def grow(_files: Files, _vocabulary: Vocabulary) -> object:
    return len(b"x" * 300 * 1024 * 1024)


def fit(_files: Files, _vocabulary: Vocabulary) -> object:
    return len(b"x" * 100 * 1024 * 1024)


def fall(_files: Files, _vocabulary: Vocabulary) -> object:
    os.kill(os.getpid(), signal.SIGSEGV)
    return None


def fail(_files: Files, _vocabulary: Vocabulary) -> object:
    raise IndexError("list index out of range")


if __name__ == "__main__":
    child.QUESTIONS.update({one.__name__: one for one in (read, compute, sleep, grow, fit, fall, fail)})
    child.serve()
