"""What is measured is explained."""

from __future__ import annotations

import re

from bench.__main__ import BENCHES
from settings import ROOT

PAGE = ROOT / "docs/performance.md"


def test_every_bench_is_explained_and_no_other_is() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| `", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(rows) == sorted(BENCHES)


def test_every_line_it_prints_is_explained() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bench").glob("*.py"))
    printed = set(re.findall(r"""\bline\(\s*"([a-z_0-9]+)",""", sources))

    assert {"case_journey", "timers_fired", "deploy_299_nodes"} <= printed
    assert {name for name in printed if f"`{name}`" not in page} == set()
