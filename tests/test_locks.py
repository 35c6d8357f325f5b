"""The lock files: complete, checked by hash, and without addresses, so that every mirror can serve them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: What is only measured beside us.
PEERS = ["bench/peers/requirements.lock", "bench/peers/feel.lock"]


@pytest.mark.parametrize("name", ["requirements.lock", "uv.lock.txt", "package-lock.json", *PEERS])
def test_a_lock_names_no_address(name: str) -> None:
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "uv.lock.txt", *PEERS])
def test_every_python_package_is_pinned_with_hashes(name: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text(encoding="utf-8"))
    loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert entries
    assert not loose


def test_every_browser_package_is_pinned_with_a_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: entry for name, entry in packages.items() if name}
    assert fetched
    assert all(entry["version"] and entry["integrity"].startswith("sha512-") for entry in fetched.values())
