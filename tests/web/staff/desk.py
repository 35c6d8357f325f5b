"""Somebody who has signed in: opens pages, fills in forms as a browser without scripts would."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from werkzeug.test import TestResponse

from cases.models import Case
from engine.models import UserTask
from tests import town as cast
from tests.conftest import Client

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def task_of(case: Case, element: str) -> tuple[UserTask, str]:
    """The open task of a case and its address."""
    task = cast.task(case, element)
    return task, f"/work/tasks/{task.id}"


def photos(*colours: str) -> list[tuple[io.BytesIO, str]]:
    """Photos as a browser sends them."""
    return [(io.BytesIO(cast.photo(colour).content), f"{colour}.jpg") for colour in colours]


class Page:
    """What came back: its text as read, and its source."""

    def __init__(self, response: TestResponse) -> None:
        self.status = response.status_code
        self.source = response.data.decode("utf-8", "replace")
        self.location = response.headers.get("Location", "")
        self.response = response
        response.close()

    @property
    def text(self) -> str:
        """The words of the page, spaces drawn together."""
        return " ".join(html.unescape(_TAGS.sub(" ", self.source)).split())

    @property
    def heading(self) -> str:
        """The one heading of the whole page."""
        found = re.findall(r"<h1[^>]*>(.*?)</h1>", self.source, re.DOTALL)
        assert len(found) == 1, found
        return " ".join(html.unescape(_TAGS.sub(" ", found[0])).split())

    def links(self, beginning: str = "") -> list[str]:
        """The addresses of its links that begin like this."""
        found = [html.unescape(href) for href in re.findall(r'href="([^"]+)"', self.source)]
        return [href for href in found if href.startswith(beginning)]


class Desk:
    """A person's browser."""

    def __init__(self, client: Client, username: str) -> None:
        self.client = client
        self.username = username
        with client.session_transaction() as session:
            session["username"] = username

    def get(self, path: str) -> Page:
        """Open a page; none of them may fail."""
        return _whole(Page(self.client.get(path)))

    def post(self, path: str, **fields: Any) -> Page:
        """Send a form with the token every page hands out."""
        token = _TOKEN.search(self.get("/me").source)
        assert token is not None
        sent = {"csrf_token": token[1], **fields}
        return _whole(Page(self.client.post(path, data=sent, content_type="multipart/form-data")))

    def post_without_token(self, path: str, **fields: Any) -> Page:
        """Send a form as another site would make this browser do."""
        return _whole(Page(self.client.post(path, data=fields)))

    def follow(self, page: Page) -> Page:
        """Go where a page sends on to."""
        assert page.status in (302, 303), (page.status, page.text[:500])
        return self.get(page.location)


def _whole(page: Page) -> Page:
    assert page.status < 500, page.text[:1000]
    return page
