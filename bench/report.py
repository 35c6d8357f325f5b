"""One line of JSON for each figure."""

from __future__ import annotations

import json


def line(bench: str, ours: float, base: float, *, unit: str, base_is: str, n: int) -> None:
    """Print a figure beside its base, both from one interleaved run."""
    figure = {
        "bench": bench,
        "ours": _rounded(ours),
        "base": _rounded(base),
        "unit": unit,
        "ratio": _rounded(ours / base) if base else None,
        "base_is": base_is,
        "n": n,
    }
    print(json.dumps(figure), flush=True)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
