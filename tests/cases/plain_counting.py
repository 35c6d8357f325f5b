"""The figures counted straight from the rows, in the plainest SQL there is: what the sums must agree with."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import text

from engine import clock
from engine.base import session

_CASE = """
SELECT count(*) FILTER (WHERE {opened}) AS received,
       count(*) FILTER (WHERE {closed}) AS closed,
       count(*) FILTER (WHERE c.closed_at IS NULL) AS open_now,
       count(*) FILTER (WHERE opened_on < :first) - count(*) FILTER (WHERE closed_on < :first) AS carried_over,
       count(*) FILTER (WHERE {closed} AND c.outcome = 'merged') AS duplicates,
       count(*) FILTER (WHERE {closed} AND c.outcome = 'refused') AS refused,
       count(*) FILTER (WHERE {closed} AND c.outcome = 'withdrawn') AS withdrawn,
       count(*) FILTER (WHERE {closed} AND c.outcome = 'cancelled') AS cancelled,
       count(*) FILTER (WHERE {opened} AND NOT EXISTS (
           SELECT FROM deadline d WHERE d.case_id = c.id AND d.kind = 'resolve')) AS no_target,
       count(*) FILTER (WHERE {closed} AND c.resolved_at IS NOT NULL
           AND coalesce(c.outcome, '') NOT IN ('merged', 'refused', 'withdrawn', 'cancelled') AND NOT EXISTS (
           SELECT FROM attachment a WHERE a.case_id = c.id AND a.kind = 'result')) AS closed_no_photo,
       count(*) FILTER (WHERE resolved_on BETWEEN :first AND :last) AS resolved,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY floor(extract(epoch FROM c.resolved_at - c.opened_at) / 60))
           FILTER (WHERE resolved_on BETWEEN :first AND :last) AS handling_clock_median
FROM (SELECT *, {day_opened} AS opened_on, {day_closed} AS closed_on, {day_resolved} AS resolved_on FROM "case") c
WHERE {scope}
"""
_PROMISES = """
SELECT count(DISTINCT d.case_id) FILTER (WHERE running AND d.due_at <= :now) AS overdue_now,
       count(*) FILTER (WHERE resolve AND due AND d.met_at <= d.due_at AND d.ended_at IS NULL) AS kept,
       count(*) FILTER (WHERE resolve AND due AND d.ended_at IS NULL
                        AND (d.met_at IS NOT NULL OR running AND d.due_at <= :now)) AS judged
FROM (SELECT *, kind = 'resolve' AS resolve, {day_due} BETWEEN :first AND :last AS due,
             met_at IS NULL AND ended_at IS NULL AND NOT EXISTS (
                 SELECT FROM deadline_pause p WHERE p.deadline_id = deadline.id AND p.ended_at IS NULL) AS running
      FROM deadline) d
JOIN "case" c ON c.id = d.case_id WHERE {scope}
"""
_ANSWERS = """
SELECT count(*) AS answers, count(*) FILTER (WHERE verdict = 'satisfied') AS satisfied
FROM feedback f JOIN "case" c ON c.id = f.case_id WHERE {scope} AND {day_given} BETWEEN :first AND :last
"""
_REOPENED = """
SELECT count(*) AS reopened FROM event e JOIN "case" c ON c.id = e.case_id
WHERE {scope} AND e.name = 'case_reopened' AND {day_at} BETWEEN :first AND :last
"""


def counted(from_on: date, to_on: date, scope: str = "true") -> dict[str, Any]:
    """Figures by name, of the cases (`c`) `scope` is true for."""
    days = {
        f"day_{name}": f"(({column} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"
        for name, column in (
            ("opened", "opened_at"), ("closed", "closed_at"), ("resolved", "resolved_at"), ("due", "due_at"),
            ("given", "f.given_at"), ("at", "e.at"),
        )
    }  # fmt: skip
    words = days | {
        "scope": scope,
        "opened": "opened_on BETWEEN :first AND :last",
        "closed": "closed_on BETWEEN :first AND :last",
    }
    found: dict[str, Any] = {}
    for statement in (_CASE, _PROMISES, _ANSWERS, _REOPENED):
        asked = {"first": from_on, "last": to_on, "now": clock.now()}
        found |= session().execute(text(statement.format(**words)), asked).mappings().one()
    return found
