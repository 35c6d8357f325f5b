"""Figures about jobs for those who watch: per process, as of now or over the last minutes, and as Prometheus reads them.

Everything is counted from rows with small indexes; nothing is kept in memory, so every web process says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from engine import clock, jobs
from engine.base import session

#: How far back attempts are looked at.
LOOKED_BACK = timedelta(minutes=5)
QUANTILES = ("0.5", "0.95", "1")

Sample = tuple[Mapping[str, str], float]

_STANDING = text("""
    SELECT lane, CASE WHEN run_after <= :now THEN 'due' ELSE 'later' END AS state, count(*) AS number,
           extract(epoch FROM :now - min(run_after)) AS oldest
    FROM job WHERE state = 'waiting' GROUP BY 1, 2
    UNION ALL
    SELECT lane, 'running', count(*), NULL FROM job WHERE state = 'running' GROUP BY 1
    UNION ALL
    SELECT lane, state, count(*), NULL FROM job WHERE state IN ('held', 'failed') GROUP BY 1, 2
    ORDER BY 1, 2
""")
_TRIED = text("""
    SELECT lane, coalesce(outcome, 'running') AS outcome, count(*) AS number,
           count(*) FILTER (WHERE attempt.number > 1) AS retries
    FROM attempt WHERE began_at > :since GROUP BY 1, 2 ORDER BY 1, 2
""")
_TIMES = text("""
    SELECT lane,
           percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM began_at - due_at)) AS latency,
           percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - began_at)) AS duration
    FROM attempt WHERE began_at > :since GROUP BY 1 ORDER BY 1
""")
_INCIDENTS = text("""
    SELECT coalesce(job.lane, definition.key, '') AS lane, count(*) AS number
    FROM incident
    LEFT JOIN job ON job.id = incident.job_id
    LEFT JOIN instance ON instance.id = incident.instance_id
    LEFT JOIN definition ON definition.id = instance.definition_id
    WHERE incident.resolved_at IS NULL GROUP BY 1 ORDER BY 1
""")


@dataclass
class Figure:
    """One figure of now, for each of several things."""

    name: str
    says: str
    samples: list[Sample] = field(default_factory=list)

    def add(self, value: float, **labels: str) -> None:
        """Say it of one thing."""
        self.samples.append((labels, value))


def of_jobs() -> list[Figure]:
    """All figures, as of now."""
    return [*_standing(), *_attempts(), *_times(), _incidents(), _queues()]


def written(figures: Iterable[Figure]) -> str:
    """Source: Prometheus text exposition format 0.0.4."""
    return "".join(f"{line}\n" for figure in figures for line in _lines(figure))


def summary() -> dict[str, float]:
    """The same about all processes together, in a few numbers."""
    totals = dict.fromkeys(("due", "later", "running", "held", "failed", "oldest_s", "retries", "incidents"), 0.0)
    standing, oldest = _standing()
    for labels, value in standing.samples:
        totals[labels["state"]] += value
    totals["oldest_s"] = max((value for _, value in oldest.samples), default=0.0)
    totals["retries"] = sum(value for _, value in _attempts()[1].samples)
    totals["incidents"] = sum(value for _, value in _incidents().samples)
    return totals


def _standing() -> list[Figure]:
    depth = Figure("caseway_jobs", "Jobs by process and state; due ones wait for a worker.")
    oldest = Figure("caseway_job_oldest_due_seconds", "How long the job that waits longest for a worker has been due.")
    for row in _rows(_STANDING, now=clock.now()):
        depth.add(row.number, definition=row.lane, state=row.state)
        if row.state == "due":
            oldest.add(float(row.oldest), definition=row.lane)
    return [depth, oldest]


def _attempts() -> list[Figure]:
    tried = Figure("caseway_job_attempts", "Attempts begun in the last five minutes, by what became of them.")
    again = Figure("caseway_job_retries", "Those of them that were not the first of their job.")
    retries: dict[str, float] = {}
    for row in _rows(_TRIED, since=clock.now() - LOOKED_BACK):
        tried.add(row.number, definition=row.lane, outcome=row.outcome)
        retries[row.lane] = retries.get(row.lane, 0) + row.retries
    for lane, number in retries.items():
        again.add(number, definition=lane)
    return [tried, again]


def _times() -> list[Figure]:
    latency = Figure("caseway_job_latency_seconds", "From due to begun, of attempts of the last five minutes.")
    duration = Figure("caseway_job_duration_seconds", "From begun to ended, of attempts of the last five minutes.")
    for row in _rows(_TIMES, since=clock.now() - LOOKED_BACK):
        for figure, values in ((latency, row.latency), (duration, row.duration)):
            for quantile, value in zip(QUANTILES, values or (), strict=False):
                if value is not None:
                    figure.add(float(value), definition=row.lane, quantile=quantile)
    return [latency, duration]


def _incidents() -> Figure:
    found = Figure("caseway_incidents_open", "What is left for a person.")
    for row in _rows(_INCIDENTS):
        found.add(row.number, definition=row.lane)
    return found


def _queues() -> Figure:
    found = Figure("caseway_queue_tokens", "What waits in the queues of RQ; nothing while it does not answer.")
    for name, number in jobs.tokens().items():
        found.add(number, queue=name)
    return found


def _rows(query: Any, **values: Any) -> Any:
    return session().execute(query, values).all()


def _lines(figure: Figure) -> Iterator[str]:
    yield f"# HELP {figure.name} {figure.says}"
    yield f"# TYPE {figure.name} gauge"
    for labels, value in figure.samples:
        said = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        yield f"{figure.name}{{{said}}} {value:.10g}" if said else f"{figure.name} {value:.10g}"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
