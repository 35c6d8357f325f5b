"""The shape of a rule's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is wrong (or, as an info, was put right) and what to do, in English and Vietnamese; `{gaps}` are filled by the finding."""

    en: str
    remedy_en: str
    vi: str
    remedy_vi: str
    severity: Severity = "error"
