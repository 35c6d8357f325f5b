"""Somebody with a browser that runs no scripts: opens pages, fills in the forms that are there, presses buttons."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html
from werkzeug.test import TestResponse

from tests.conftest import Client
from tests.town import photo

FOLLOWED = (301, 302, 303, 308)


@dataclass
class Seen:
    """A page as it came."""

    visitor: Visitor
    address: str
    answer: TestResponse

    def __post_init__(self) -> None:
        self.status = self.answer.status_code
        self.content = self.answer.get_data()
        self.answer.close()
        self.source = self.answer.text if self.answer.mimetype == "text/html" else ""
        self.tree: Any = html.fromstring(self.source) if self.source else None

    @property
    def text(self) -> str:
        """What can be read on it, on one line."""
        return " ".join(self.main.text_content().split()) if self.tree is not None else ""

    @property
    def main(self) -> Any:
        return self.tree.xpath("//main")[0]

    @property
    def heading(self) -> str:
        return " ".join(self.main.xpath(".//h1")[0].text_content().split())

    @property
    def errors(self) -> list[str]:
        """The summary of what is wrong."""
        return [item.text_content().strip() for item in self.main.xpath(".//*[@data-error-summary]//li")]

    def links(self, part: str) -> list[str]:
        """The addresses on the page that contain this."""
        return [str(one) for one in self.tree.xpath("//@href") if part in one]

    def form(self, action: str) -> Any:
        """The form that goes to an address that ends so."""
        found = [form for form in self.tree.forms if urlsplit(form.action or "").path.endswith(action)]
        assert len(found) == 1, f"{len(found)} forms go to {action} on {self.address}"
        return found[0]

    def value(self, action: str, name: str) -> Any:
        """What a field of a form holds."""
        held = self.form(action).fields[name]
        return held.removeprefix("\n") if isinstance(held, str) else held  # HTML drops the first line of a textarea

    def send(self, action: str, press: tuple[str, str] | None = None, to: str = "", **answers: Any) -> Seen:
        """Fill in a form and send it, by a certain button if one is named; a list is a field sent several times."""
        form = self.form(action)
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value.removeprefix("\n"))
        for name, value in answers.items():
            sent[name] = value if isinstance(value, list) else [value]
        if press:
            sent[press[0]] = [press[1]]
        if form.method == "GET":
            return self.visitor.get(f"{form.action}?{urlencode(sent, doseq=True)}")
        return self.visitor.post(to or form.action or self.address, sent)


class Visitor:
    """A browser with its cookies."""

    def __init__(self, client: Client, root: str = "") -> None:
        self.client, self.root = client, root

    def get(self, address: str) -> Seen:
        """Open a page; redirections are followed."""
        return self._follow(address, self.client.get(address))

    def open(self, path: str) -> Seen:
        """Open a page in the visitor's language."""
        return self.get(self.root + path)

    def post(self, address: str, sent: dict[str, Any]) -> Seen:
        """Send what a form would."""
        data = {name: [_as_file(one) for one in values] for name, values in sent.items()}
        answer = self.client.post(address, data=data, content_type="multipart/form-data")
        return self._follow(address, answer)

    def _follow(self, address: str, answer: TestResponse) -> Seen:
        while answer.status_code in FOLLOWED:
            address = answer.location
            answer = self.client.get(address)
        return Seen(self, address, answer)


def _as_file(value: Any) -> Any:
    """A photo is sent as a file."""
    return (io.BytesIO(value.content), value.filename) if hasattr(value, "content") else value


@dataclass
class Steps:
    """Reporting, step by step, with what one would answer."""

    visitor: Visitor

    def what(self, **answers: Any) -> Seen:
        """Tell what is happening; without a category in the answers, the second time the page asks for it."""
        told = {"text": "Đèn đường trước số 15 không sáng 3 đêm nay", **answers}
        return self.visitor.open("/report").send("/report", **told)

    def kind(self, code: str = "street-light", **answers: Any) -> Seen:
        """Tell what is happening, and which category it is."""
        asked = self.what(**answers)
        return asked.send("/report", category="other", other_category=code)

    def where(self, code: str = "street-light", *, area: str = "dien-hong", **answers: Any) -> Seen:
        """Up to the third step."""
        place = {name: answers.pop(name) for name in ("lat", "lon", "address") if name in answers}
        return self.kind(code, **answers).send("/report/where", area=area, **place)

    def all(self, code: str = "street-light", **answers: Any) -> Seen:
        """Up to the receipt."""
        contact = {"contact": "none", **{key: answers.pop(key) for key in list(answers) if key.startswith("contact")}}
        return self.where(code, **answers).send("/report/contact", **contact)


__all__ = ["Seen", "Steps", "Visitor", "photo"]
