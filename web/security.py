"""What every answer carries and every form must bring: headers, CSRF tokens, rate limits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

if TYPE_CHECKING:
    from settings import Settings

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, default_limits=[])

#: What one address may send in; generous for a family behind one router, tight for a script.
REPORTS_PER_ADDRESS = "20 per 10 minutes"
SIGN_INS_PER_ADDRESS = "30 per 10 minutes"

MAX_REQUEST = 90 * 1024 * 1024  # five photos of fifteen megabytes and the words
MAX_FORM_MEMORY = 2 * 1024 * 1024

#: The bpmn.io watermark is placed by a style attribute and must stay visible, hence style-src-attr.
POLICY = (
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


#: The same for a page that our own pages may show in a frame.
FRAMED_POLICY = "; ".join((*POLICY[:-1], "frame-ancestors 'self'"))


def register(app: Flask, settings: Settings) -> None:
    """Switch on CSRF, limits and headers."""
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="caseway",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_MEMORY,
        RATELIMIT_STORAGE_URI=_limit_storage(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_KEY_PREFIX="caseway",
        RATELIMIT_ENABLED=app.config.get("RATELIMIT_ENABLED", True),
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_headers)
    app.config["HSTS"] = secure


def _limit_storage(redis_url: str) -> str:
    return redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", "; ".join(POLICY))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response
