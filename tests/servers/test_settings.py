"""What an operator may leave out, must say, and is told when it is wrong."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from settings import ROOT, Settings, SettingsError

CITY = {
    "DATABASE_URL": "postgresql://caseway:geheim@db.example.vn/caseway",
    "REDIS_URL": "redis://queue.example.vn/0",
    "SECRET_KEY": "k" * 48,
    "PUBLIC_URL": "https://hotro.example.vn/",
    "STORAGE_URL": "/srv/caseway/files",
}


def problems_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(environ)
    return refused.value.problems


def test_without_any_setting_the_embedded_servers_of_the_clone_are_used(tmp_path: Path) -> None:
    settings = Settings.from_environment({"VAR": str(tmp_path)})
    assert settings.embedded
    assert settings.demo
    assert settings.database_url.startswith("postgresql+psycopg://caseway@/caseway?host=")
    assert settings.redis_url.startswith("unix://")
    assert settings.storage_url == str(tmp_path / "storage")
    assert settings.public_url == "http://127.0.0.1:8000"


def test_the_secret_of_a_clone_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({"VAR": str(tmp_path)}) for _ in range(2))
    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_a_city_names_its_own_servers_and_gets_no_demo() -> None:
    settings = Settings.from_environment(CITY)
    assert not settings.embedded
    assert not settings.demo
    assert settings.database_url == "postgresql+psycopg://caseway:geheim@db.example.vn/caseway"
    assert settings.libpq_url == CITY["DATABASE_URL"]
    assert settings.public_url == "https://hotro.example.vn"


@pytest.mark.parametrize("name", ["REDIS_URL", "SECRET_KEY", "PUBLIC_URL", "STORAGE_URL"])
def test_a_city_must_say_what_cannot_be_guessed(name: str) -> None:
    assert [name in problem for problem in problems_of({key: CITY[key] for key in CITY if key != name})] == [True]


def test_the_secret_of_a_clone_never_serves_a_city(tmp_path: Path) -> None:
    problems_of({"DATABASE_URL": CITY["DATABASE_URL"], "VAR": str(tmp_path)})
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///caseway.db"),
        ("SECRET_KEY", "short"),
        ("PUBLIC_URL", "hotro.example.vn"),
        ("SMTP_URL", "mail.example.vn"),
        ("LOCALE", "fr"),
        ("TIME_ZONE", "Asia/Pleiku"),
        ("CITY_FILE", "cities/nowhere.toml"),
        ("PORT", "80000"),
        ("WORKERS", "0"),
        ("WEB_THREADS", "many"),
        ("DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    problems = problems_of({**CITY, "MAIL_FROM": "hotro@example.vn", name: value})
    assert len(problems) == 1
    assert name in problems[0]


def test_an_address_for_mail_needs_a_sender() -> None:
    assert "MAIL_FROM" in problems_of({**CITY, "SMTP_URL": "smtp://mail.example.vn"})[0]


def test_a_queue_of_the_city_needs_a_database_of_the_city(tmp_path: Path) -> None:
    assert "both" in problems_of({"REDIS_URL": CITY["REDIS_URL"], "VAR": str(tmp_path)})[0]


def test_all_problems_are_told_together() -> None:
    assert len(problems_of({**CITY, "PORT": "x", "LOCALE": "xx", "SECRET_KEY": ""})) == 3


class Noting(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self, *environ: dict[str, str]) -> None:
        super().__init__(*environ)
        self.asked: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]  # all that is asked of it
        self.asked.add(name)
        return super().get(name, default)


#: What the system says, and what `run` tells itself.
NOBODY_SETS = {"PATH", "LD_LIBRARY_PATH", "CASEWAY_STARTED"}
#: Read by Python itself.
OF_PYTHON = {"SSL_CERT_FILE"}


def documented() -> set[str]:
    """The variables in the table of settings."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = page.partition("## Settings\n")[2].partition("\n## ")[0]
    return {
        name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", row)
    }


def test_every_setting_is_explained_and_nothing_else_is(tmp_path: Path) -> None:
    embedded, city = Noting({"VAR": str(tmp_path)}), Noting(CITY)
    for environ in (embedded, city):
        Settings.from_environment(environ)

    asked = embedded.asked | city.asked
    assert {"METRICS_TOKEN", "PORT", "CITY_FILE"} <= asked
    assert asked - documented() == set()
    assert documented() - asked - read_elsewhere() - OF_PYTHON == set()


def test_what_is_read_beside_the_settings_is_explained_too() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    explained = "".join(page.read_text(encoding="utf-8") for page in pages)

    assert {name for name in read_elsewhere() if f"`{name}`" not in explained} == set()


def read_elsewhere() -> set[str]:
    """What the house reads from the environment by itself."""
    rooms = ("engine", "cases", "handlers", "notifications", "words", "api", "web", "terminal", "servers")
    found = {
        name
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(r"""os\.environ(?:\.get\(|\[)["']([A-Z_]+)""", path.read_text(encoding="utf-8"))
    }
    return found - NOBODY_SETS
