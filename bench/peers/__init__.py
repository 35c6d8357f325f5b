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
ENVIRONMENT = ROOT / "var" / "bench" / "peers"
LOCK = HERE / "requirements.lock"


class Peer:
    """One other engine, waiting to be asked."""

    def __init__(self, script: str, *arguments: str) -> None:
        command = [str(ENVIRONMENT / "bin" / "python"), str(HERE / script), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)  # noqa: S603  # our own script

    def run(self, cases: int) -> float:
        """Seconds of processor time the engine's own process took for some cases.

        Raises: RuntimeError when it ended instead.
        """
        if self.process.stdin is None or self.process.stdout is None:  # pipes were asked for
            raise RuntimeError
        print(cases, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.process.args!r} ended with {self.process.wait()}")
        return float(answer)


@contextmanager
def engines(*asked: Peer) -> Iterator[None]:
    """Let them go at the end."""
    try:
        yield
    finally:
        for peer in asked:
            peer.process.terminate()
            peer.process.wait()


def install() -> None:
    """Put the peers where only they are, at the locked versions; nothing is built from source."""
    wanted = LOCK.read_text(encoding="utf-8")
    stamp = ENVIRONMENT / "installed"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    uv = Path(sys.executable).with_name("uv")
    python = str(ENVIRONMENT / "bin" / "python")
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, ENVIRONMENT], check=True)  # noqa: S603
    options = ["--quiet", "--require-hashes", "--no-build", "--python", python]
    subprocess.run([uv, "pip", "install", *options, "-r", LOCK], check=True)  # noqa: S603  # our own tool and lock
    stamp.write_text(wanted, encoding="utf-8")
