"""Other engines in environments of their own, asked for cases block by block so that all take turns on one server.

Nothing of the house imports them: Viewflow is AGPL-3.0, DBOS MIT; they are installed only to be measured beside us.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings import ROOT

HERE = Path(__file__).parent
ENVIRONMENTS = ROOT / "var" / "bench"
#: Environments and what is locked for them: the engines, and the FEEL library, which wants older packages than they do.
ENGINES, FEEL = "peers", "feel"
LOCKS = {ENGINES: HERE / "requirements.lock", FEEL: HERE / "feel.lock"}


class Peer:
    """One other engine, waiting to be asked."""

    def __init__(self, script: str, *arguments: str, environment: str = ENGINES) -> None:
        command = [str(ENVIRONMENTS / environment / "bin" / "python"), str(HERE / script), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)  # noqa: S603  # our own script

    def run(self, cases: int) -> float:
        """Seconds of processor time the engine's own process took for some cases.

        Raises: RuntimeError when it ended instead.
        """
        if self.process.stdin is None:  # a pipe was asked for
            raise RuntimeError
        print(cases, file=self.process.stdin, flush=True)
        return float(self.answer())

    def answer(self) -> str:
        """The next line it says.

        Raises: RuntimeError when it ended instead.
        """
        answer = self.process.stdout.readline() if self.process.stdout else ""
        if not answer:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        return answer


@contextmanager
def engines(*asked: Peer) -> Iterator[None]:
    """Let them go at the end."""
    try:
        yield
    finally:
        for peer in asked:
            peer.process.terminate()
            peer.process.wait()


def install(name: str = ENGINES) -> None:
    """Put the peers where only they are, at the locked versions; nothing is built from source."""
    lock, environment = LOCKS[name], ENVIRONMENTS / name
    wanted, stamp = lock.read_text(encoding="utf-8"), environment / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    uv = Path(sys.executable).with_name("uv")
    python = str(environment / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, environment], check=True)  # noqa: S603
    options = ["--quiet", "--require-hashes", "--no-build", "--python", python]
    subprocess.run([uv, "pip", "install", *options, "-r", lock], check=True)  # noqa: S603  # our own tool and lock
    stamp.write_text(wanted, encoding="utf-8")
