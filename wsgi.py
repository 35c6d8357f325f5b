"""The composition root: the only module that knows every room. `app` is what gunicorn serves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import api
import cases.models
import handlers
import notifications
import web
from cases import attachments, city, codes, open_data, target_check
from engine import connections, definitions, jobs
from engine.base import db
from engine.feel import set_time_zone
from settings import Settings

if TYPE_CHECKING:
    from types import ModuleType

migrate = Migrate(directory=str(Path(__file__).parent / "migrations"))

#: Imported for what they register: handlers their topics, models their tables, the check of targets itself.
ROOMS: tuple[ModuleType, ...] = (handlers, cases.models, target_check)


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings (by default those of the environment)."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None, template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 10, "max_overflow": 10},
        CASEWAY=settings,
        RATELIMIT_ENABLED=settings.rate_limits,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    set_time_zone(settings.time_zone)
    db.init_app(app)
    with app.app_context():
        connections.watch(db.engine)
    migrate.init_app(app, db)
    definitions.forget()  # what was read from another database
    city.forget()
    jobs.connect(settings.redis_url)
    codes.configure(settings.secret_key)
    attachments.configure(settings.storage_url)
    open_data.configure(settings.var / "open-data")
    notifications.configure(settings)
    api.register(app, settings)
    web.register(app, settings)
    if settings.proxies:  # whose word about address, scheme and host is taken, and no other's
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]  # Flask's own way
    return app
