"""Rules about forms (form-js JSON): they can be read, shown and answered without losing an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from engine.lint.bundle import Bundle
from engine.lint.expressions import problem
from engine.lint.findings import At, Finding, Param, finding
from engine.lint.texts import words
from engine.lint.xml import Unreadable, check_size

CHOOSING = frozenset({"radio", "select", "checklist", "taglist"})
ANSWERING = CHOOSING | {"textfield", "textarea", "number", "checkbox", "datetime", "filepicker"}
SHOWING = frozenset({"text", "html", "image", "separator", "spacer", "button", "group"})

_KEY = re.compile(r"[^\W\d]\w*")
_OPTIONS = ("values", "valuesKey", "valuesExpression")
_CONDITIONS = ("conditional", "validate", "appearance")

Component = Mapping[str, object]


@dataclass
class Form:
    """One form: the fields in the order they are shown, groups flattened."""

    file: str
    content: bytes
    components: list[Component] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What tasks call it: the name of its file."""
        return self.file.rpartition("/")[2].removesuffix(".form")

    @property
    def keys(self) -> set[str]:
        """The keys of its answers."""
        return {str(component.get("key")) for component in self.components if kind(component) in ANSWERING}

    def finding(self, rule: str, component: Component, /, **params: Param) -> Finding:
        """A finding about one of its fields."""
        name = str(component.get("key") or component.get("id") or component.get("label") or component.get("type") or "")
        return finding(self.file, rule, At(self._line(name), None, name), **params)

    def _line(self, name: str) -> int | None:
        at = self.content.find(f'"{name}"'.encode()) if name else -1
        return self.content.count(b"\n", 0, at) + 1 if at >= 0 else None


def load(file: str, content: bytes) -> Form:
    """Read a form.

    Raises: Unreadable.
    """
    check_size(content)
    try:
        root = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unreadable("form-unreadable", error.lineno, error.colno, detail=error.msg) from error
    if not isinstance(root, dict) or not isinstance(root.get("components"), list):
        raise Unreadable("form-unreadable", 1, 1, detail='no list of "components"')
    form = Form(file, content)
    waiting = list(reversed(root["components"]))
    while waiting:
        component = waiting.pop()
        if not isinstance(component, dict):
            raise Unreadable("form-unreadable", 1, 1, detail="a component is not an object")
        form.components.append(component)
        inner = component.get("components")
        waiting.extend(reversed(inner) if isinstance(inner, list) else ())
    return form


def examine(form: Form, bundle: Bundle) -> Iterator[Finding]:
    """Fields that cannot be shown, answered or told apart."""
    seen: set[str] = set()
    for component in form.components:
        if kind(component) not in ANSWERING | SHOWING:
            known = ", ".join(sorted(ANSWERING | SHOWING))
            yield form.finding("form-component-type", component, type=kind(component), known=known)
            continue
        if kind(component) in ANSWERING:
            yield from _key(form, component, seen)
        if kind(component) in CHOOSING:
            yield from _options(form, component)
        yield from _expressions(form, component, bundle)


def kind(component: Component) -> str:
    """The type of a field as a text, whatever the file says."""
    return str(component.get("type"))


def _key(form: Form, component: Component, seen: set[str]) -> Iterator[Finding]:
    key = component.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key) or key == "self":
        yield form.finding("form-key-missing", component)
    elif key in seen:
        yield form.finding("form-key-twice", component, key=key)
    else:
        seen.add(key)


def _options(form: Form, component: Component) -> Iterator[Finding]:
    if not any(component.get(name) for name in _OPTIONS):
        yield form.finding("form-without-options", component)
    values = component.get("values")
    seen: set[str] = set()
    for option in values if isinstance(values, list) else ():
        value = str(option.get("value") or "") if isinstance(option, dict) else ""
        if not value or value in seen:
            yield form.finding("form-option-twice", component, value=value)
        seen.add(value)


def _expressions(form: Form, component: Component, bundle: Bundle) -> Iterator[Finding]:
    """Every text that begins with "=" is FEEL, and so is the rule that hides a field."""
    texts = [value for value in component.values() if _is_expression(value)]
    for name in _CONDITIONS:
        inner = component.get(name)
        entries = inner.items() if isinstance(inner, dict) else ()
        texts += [value for key, value in entries if _is_expression(value) or (key == "hide" and _is_text(value))]
    for text in texts:
        found = problem(str(text), bundle)
        if found is not None:
            rule, params = found
            yield form.finding(rule, component, what=words.place("form"), **params)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_expression(value: object) -> bool:
    return isinstance(value, str) and value.startswith("=")
