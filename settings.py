"""What an operator decides, read from the environment once. docs/operations.md explains every variable.

A default is either right for a city or missing: with servers of its own, a city must also say the four things that
Caseway cannot guess, and Caseway does not start before.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servers import places

ROOT = Path(__file__).resolve().parent
LOCALES = ("vi", "en")
SHORTEST_SECRET, SHORTEST_TOKEN = 32, 16
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
LAST_PORT = 65535
OPERATOR_MUST_SAY = {
    "REDIS_URL": "the address of the Redis or Valkey server",
    "SECRET_KEY": "a random text of at least 32 characters, the same on every machine",
    "PUBLIC_URL": "the address under which citizens reach this city, it stands in every message to them",
    "STORAGE_URL": "the directory for photos and files, the same for all processes",
}


class SettingsError(Exception):
    """Some settings have to be mended; one sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one process."""

    database_url: str
    redis_url: str
    secret_key: str
    storage_url: str
    smtp_url: str | None = None
    mail_from: str | None = None
    public_url: str
    locale: str = "vi"
    time_zone: ZoneInfo = VIET_NAM
    city_file: Path = ROOT / "cities/pleiku/city.toml"
    workers: int = 2
    web_processes: int = 2
    web_threads: int = 4
    host: str = "127.0.0.1"
    port: int = 8000
    var: Path = ROOT / "var"
    demo: bool = False
    rate_limits: bool = True
    proxies: int = 0
    metrics_token: str | None = None
    embedded: bool = False

    @property
    def libpq_url(self) -> str:
        """The database's address for programs that do not know SQLAlchemy."""
        return self.database_url.replace("postgresql+psycopg://", "postgresql://", 1)

    @staticmethod
    def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; without DATABASE_URL they name the embedded servers of this clone.

        Raises: SettingsError with everything that is wrong, at once.
        """
        reader = _Reader(environ)
        settings = reader.read()
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


class _Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def read(self) -> Settings:
        embedded = not self.text("DATABASE_URL")
        var = Path(self.text("VAR") or ROOT / "var").absolute()
        host, port = self.text("HOST") or "127.0.0.1", self.number("PORT", 8000, most=LAST_PORT)
        self.check_servers(embedded=embedded)
        place = self.place(var) if embedded else None
        return Settings(
            database_url=place.database_url() if place else self.database_url(),
            redis_url=place.redis_url if place else self.text("REDIS_URL") or "",
            secret_key=self.secret_key(var, embedded=embedded),
            storage_url=self.text("STORAGE_URL") or str(var / "storage"),
            smtp_url=self.smtp_url(),
            mail_from=self.text("MAIL_FROM"),
            public_url=self.public_url(f"http://{host}:{port}"),
            locale=self.choice("LOCALE", LOCALES),
            time_zone=self.time_zone(),
            city_file=self.city_file(),
            workers=self.number("WORKERS", 2),
            web_processes=self.number("WEB_PROCESSES", 2),
            web_threads=self.number("WEB_THREADS", 4),
            host=host,
            port=port,
            var=var,
            demo=self.truth("DEMO", default=embedded),
            rate_limits=self.truth("RATE_LIMITS", default=True),
            proxies=self.number("PROXIES", 0, least=0, most=5),
            metrics_token=self.metrics_token(),
            embedded=embedded,
        )

    def text(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def place(self, var: Path) -> places.Place | None:
        try:
            return places.of(var)
        except places.ServerError as error:
            self.problems.append(str(error))
            return None

    def check_servers(self, *, embedded: bool) -> None:
        """Servers are all the operator's or all ours."""
        if not embedded:
            self.require_what_cannot_be_guessed()
        elif self.text("REDIS_URL"):
            self.problems.append("REDIS_URL is set but DATABASE_URL is not: set both, or neither.")

    def require_what_cannot_be_guessed(self) -> None:
        for name, meaning in OPERATOR_MUST_SAY.items():
            if not self.text(name):
                self.problems.append(f"DATABASE_URL is set, so {name} must be set too: {meaning}.")

    def database_url(self) -> str:
        scheme, mark, rest = (self.text("DATABASE_URL") or "").partition("://")
        if not mark or scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
            self.problems.append("DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host/name")
        return f"postgresql+psycopg://{rest}"

    def secret_key(self, var: Path, *, embedded: bool) -> str:
        given = self.text("SECRET_KEY") or ""
        if given and len(given) < SHORTEST_SECRET:
            self.problems.append(f"SECRET_KEY is too short: {OPERATOR_MUST_SAY['SECRET_KEY']}.")
        return given or (_kept_secret(var / "secret_key") if embedded else "")

    def metrics_token(self) -> str | None:
        given = self.text("METRICS_TOKEN")
        if given and len(given) < SHORTEST_TOKEN:
            self.problems.append(f"METRICS_TOKEN is too short: at least {SHORTEST_TOKEN} random characters.")
        return given

    def smtp_url(self) -> str | None:
        url = self.text("SMTP_URL")
        if url and urlsplit(url).scheme not in {"smtp", "smtps"}:
            self.problems.append("SMTP_URL must look like smtp://user:password@host:587 or smtps://…:465")
        if url and not self.text("MAIL_FROM"):
            self.problems.append("SMTP_URL is set, so MAIL_FROM must be set too: the address e-mails come from.")
        return url

    def public_url(self, default: str) -> str:
        url = self.text("PUBLIC_URL") or default
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            self.problems.append("PUBLIC_URL must be an address like https://hotro.example.vn")
        return url.rstrip("/")

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name) or allowed[0]
        if value not in allowed:
            self.problems.append(f"{name} is '{value}', but must be one of: {', '.join(allowed)}.")
        return value

    def time_zone(self) -> ZoneInfo:
        name = self.text("TIME_ZONE") or VIET_NAM.key
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problems.append(f"TIME_ZONE is '{name}', which is no time zone; use a name like Asia/Ho_Chi_Minh.")
            return VIET_NAM

    def city_file(self) -> Path:
        given = self.text("CITY_FILE")
        if given and not (ROOT / given).is_file():
            self.problems.append(f"CITY_FILE names {given}, and there is no such file.")
        return ROOT / (given or "cities/pleiku/city.toml")

    def number(self, name: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        value = self.text(name) or str(default)
        if not value.isdecimal() or not least <= int(value) <= most:
            self.problems.append(f"{name} is '{value}', but must be a number from {least} to {most}.")
            return default
        return int(value)

    def truth(self, name: str, *, default: bool) -> bool:
        value = (self.text(name) or ("yes" if default else "no")).lower()
        if value not in {"1", "yes", "true", "on", "0", "no", "false", "off"}:
            self.problems.append(f"{name} is '{value}', but must be yes or no.")
        return value in {"1", "yes", "true", "on"}


def _kept_secret(path: Path) -> str:
    """The secret of this clone, made at the first reading and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
            made.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")
