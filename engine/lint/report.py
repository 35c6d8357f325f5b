"""Findings for a terminal, for programs (JSON) and for code reviews (SARIF)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import orjson

from engine.lint.findings import Finding
from engine.lint.texts import RULES

_KEYS = ("file", "rule", "element_id", "severity", "message", "remedy")
_SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "info": "thông tin"}
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(findings: Sequence[Finding], locale: str = "en") -> str:
    """Two lines for a finding, and how many there were."""
    lines = []
    for one in findings:
        place = ":".join(str(part) for part in (one.file, one.line, one.column) if part)
        lines.append(f"{place}: {_severity(one, locale)}: {one.message(locale)} [{one.rule}]")
        lines.append(f"    → {one.remedy(locale)}")
    return "\n".join([*lines, _summary(findings, locale)]) + "\n"


def json(findings: Sequence[Finding], locale: str = "en") -> str:
    """An array of findings."""
    rows = [{key: row[key] for key in _KEYS} for row in (one.to_dict(locale) for one in findings)]
    return _dumped(rows)


def sarif(findings: Sequence[Finding], locale: str = "en") -> str:
    """Static Analysis Results Interchange Format.

    Source: OASIS SARIF 2.1.0.
    """
    rules = sorted({one.rule for one in findings})
    driver = {"name": "caseway-lint", "rules": [_rule(rule) for rule in rules]}
    results = [_result(one, rules.index(one.rule), locale) for one in findings]
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]})


FORMATS: dict[str, Callable[[Sequence[Finding], str], str]] = {"text": text, "json": json, "sarif": sarif}


def _severity(one: Finding, locale: str) -> str:
    return _SEVERITIES[one.severity] if locale.startswith("vi") else one.severity


def _summary(findings: Sequence[Finding], locale: str) -> str:
    count: Counter[str] = Counter(one.severity for one in findings)
    kinds = ("error", "warning", *(["info"] if count["info"] else []))
    if locale.startswith("vi"):
        return ", ".join(f"{count[kind]} {_SEVERITIES[kind]}" for kind in kinds) + "."
    return ", ".join(_counted(count[kind], kind) for kind in kinds) + "."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _rule(rule: str) -> dict[str, Any]:
    words = RULES.get(rule)
    level = {"level": _LEVELS[words.severity] if words else "error"}
    return {"id": rule, "name": rule.title().replace("-", ""), "defaultConfiguration": level}


def _result(one: Finding, index: int, locale: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(one.file.replace("\\", "/"))}}
    if one.line:
        physical["region"] = {"startLine": one.line, **({"startColumn": one.column} if one.column else {})}
    location: dict[str, Any] = {"physicalLocation": physical}
    if one.element_id:
        location["logicalLocations"] = [{"name": one.element_id, "kind": "element"}]
    message = {"text": f"{one.message(locale)} {one.remedy(locale)}"}
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": message,
        "locations": [location],
    }


def _dumped(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
