"""Rules about forms (form-js JSON): they can be read, drawn and answered without losing an answer.

What is allowed here is what `engine.forms` asks and the task page draws.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import orjson

from engine.errors import Invalid
from engine.feel import compile_expression
from engine.forms import reading
from engine.lint.expressions import problem
from engine.lint.findings import At, Finding, Param, finding
from engine.lint.texts import words
from engine.lint.xml import Unreadable, check_size

CHOOSING = frozenset({"radio", "select", "checklist"})
#: The engine would ask a tag list too, but no page draws one.
ANSWERING = reading.KINDS - {"taglist"}
SHOWING = frozenset({"text", "separator", "spacer", "button"})
#: Fields and texts of one form.
MAX_COMPONENTS = 500

_KEY = re.compile(r"[^\W\d]\w*")

Component = Mapping[str, object]


@dataclass
class Form:
    """One form: its fields in the order they are shown, those in groups included."""

    file: str
    content: bytes
    key: str
    components: list[Component] = field(default_factory=list)

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
    key = root.get("id")
    if not isinstance(key, str) or not key:
        raise Unreadable("form-without-id", 1, 1, file=file)
    return Form(file, content, key, _flat(root["components"]))


def examine(form: Form) -> Iterator[Finding]:
    """Fields that cannot be shown, answered or told apart."""
    found = [one for component in form.components for one in _component(form, component)]
    yield from found
    yield from _doubled(form)
    if not found:
        yield from _unread(form)


def kind(component: Component) -> str:
    """The type of a field as a text, whatever the file says."""
    return str(component.get("type"))


def _flat(components: list[object]) -> list[Component]:
    flat: list[Component] = []
    waiting = list(reversed(components))
    while waiting:
        component = waiting.pop()
        if not isinstance(component, dict):
            raise Unreadable("form-unreadable", 1, 1, detail="a component is not an object")
        flat.append(component)
        if len(flat) > MAX_COMPONENTS:
            raise Unreadable("form-unreadable", 1, 1, detail=f"more than {MAX_COMPONENTS} fields")
        inner = component.get("components")
        waiting.extend(reversed(inner) if isinstance(inner, list) else ())
    return flat


def _component(form: Form, component: Component) -> Iterator[Finding]:
    if kind(component) not in ANSWERING | SHOWING:
        known = ", ".join(sorted(ANSWERING | SHOWING))
        yield form.finding("form-component-type", component, type=kind(component), known=known)
        return
    key = component.get("key")
    if kind(component) in ANSWERING and (not isinstance(key, str) or not _KEY.fullmatch(key) or key == "self"):
        yield form.finding("form-key-missing", component)
    if kind(component) in CHOOSING:
        yield from _options(form, component)
    yield from _computed(form, component)
    yield from _hidden(form, component)


def _doubled(form: Form) -> Iterator[Finding]:
    seen: set[str] = set()
    for component in form.components:
        key = component.get("key")
        if kind(component) in ANSWERING and isinstance(key, str):
            if key in seen:
                yield form.finding("form-key-twice", component, key=key)
            seen.add(key)


def _options(form: Form, component: Component) -> Iterator[Finding]:
    values = component.get("values")
    if not values and not component.get("valuesKey"):
        yield form.finding("form-without-options", component)
    seen: set[str] = set()
    for option in values if isinstance(values, list) else ():
        value = str(option.get("value") or "") if isinstance(option, dict) else ""
        if not value or value in seen:
            yield form.finding("form-option-twice", component, value=value)
        seen.add(value)


def _computed(form: Form, component: Component) -> Iterator[Finding]:
    """Only the rule that hides a field is ever evaluated; any other "= …" would stand there as a text."""
    rules = component.get("validate")
    entries = [*component.items(), *(rules.items() if isinstance(rules, dict) else ())]
    for name, value in entries:
        if isinstance(value, str) and value.startswith("="):
            yield form.finding("form-computed-value", component, name=name, text=value)


def _hidden(form: Form, component: Component) -> Iterator[Finding]:
    condition = component.get("conditional")
    text = condition.get("hide") if isinstance(condition, dict) else None
    if not isinstance(text, str) or not text.strip():
        return
    found = problem(text, {})
    if found is not None:
        rule, params = found
        yield form.finding(rule, component, what=words.place("form"), **params)
        return
    for name in sorted(compile_expression(text).names - form.keys):
        yield form.finding("form-condition-field", component, name=name)


def _unread(form: Form) -> Iterator[Finding]:
    """The last word has the room that asks: limits that are no numbers and the like."""
    try:
        reading.read(form.content, form.file)
    except Invalid as error:
        detail = "; ".join(one.message or one.code for one in error.problems)
        yield finding(form.file, "form-unreadable", At(1, 1), detail=detail)
