"""How much one address may send in. Counted in Redis; while Redis is away, nothing is counted and everything goes on."""

from __future__ import annotations

import time

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

#: Generous for a family behind one router, tight for a script.
REPORTS_PER_ADDRESS = "20 per 10 minutes"
#: Answers, feedback, support: lighter than a report.
WORDS_PER_ADDRESS = "60 per 10 minutes"

limiter = Limiter(get_remote_address, default_limits=[], key_prefix="caseway-api", swallow_errors=True)


def seconds_to_wait() -> int:
    """How long until the address may come again."""
    limit = limiter.current_limit
    return max(1, limit.reset_at - int(time.time())) if limit is not None else 60


def register(app: Flask, redis_url: str) -> None:
    """Count in the queue's Redis; `RATELIMIT_ENABLED = False` switches it off."""
    app.config.setdefault("RATELIMIT_STORAGE_URI", redis_url.replace("unix://", "redis+unix://", 1))
    limiter.init_app(app)
