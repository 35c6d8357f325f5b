"""From form-js JSON to questions. A kind of component not known here asks nothing: it is text, a line, a button."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson

from engine.errors import Invalid, NotFound, Problem
from engine.feel import Expression, FeelError, compile_expression

if TYPE_CHECKING:
    from engine.models import Definition

CACHE_SIZE = 256
TEXT_KINDS = frozenset({"textfield", "textarea"})
FILE_KINDS = frozenset({"file", "filepicker"})
ONE_OF = frozenset({"radio", "select"})
SOME_OF = frozenset({"checklist", "taglist"})
KINDS = TEXT_KINDS | FILE_KINDS | ONE_OF | SOME_OF | {"number", "checkbox", "datetime"}

Scalar = str | int | float | bool

_forms: OrderedDict[tuple[int, str, str], Form] = OrderedDict()


class FormNotFound(NotFound):
    """There is no such form in this process definition."""


@dataclass(frozen=True)
class Option:
    """One of the answers offered."""

    value: Scalar
    labels: Mapping[str, str]

    def label(self, locale: str) -> str:
        """The answer in the reader's language, else as drawn."""
        return _in(self.labels, locale) or str(self.value)


@dataclass(frozen=True)
class Component:
    """One question. `kind` is the form-js type; `values_key` names choices known only when the form is shown."""

    key: str
    kind: str
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    values_key: str | None = None
    required: bool = False
    min: Decimal | None = None
    max: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    decimal_digits: int | None = None
    subtype: str | None = None
    multiple: bool = False
    default: Any = None  # proposed before anything is answered
    hide: Expression | None = None

    def label(self, locale: str) -> str:
        """The question in the reader's language, else as drawn."""
        return _in(self.labels, locale) or self.key

    def description(self, locale: str) -> str:
        """What helps to answer, in the reader's language, else as drawn."""
        return _in(self.descriptions, locale)


@dataclass(frozen=True)
class Form:
    """A form: its questions in order and, for the doors, the form-js JSON as drawn."""

    key: str
    components: tuple[Component, ...] = ()
    drawn: Mapping[str, Any] = field(default_factory=dict)

    def component(self, key: str) -> Component | None:
        """The question with this key."""
        return next((component for component in self.components if component.key == key), None)

    @property
    def file_keys(self) -> tuple[str, ...]:
        """The questions answered with files."""
        return tuple(component.key for component in self.components if component.kind in FILE_KINDS)


def load(definition: Definition, form_key: str) -> Form:
    """The form with this id among the definition's files.

    Raises: FormNotFound; Invalid when a file is no form.
    """
    cached = (definition.id, definition.checksum, form_key)
    if cached not in _forms:
        forms = (read(file.content, file.name) for file in definition.files if file.name.endswith(".form"))
        found = next((form for form in forms if form.key == form_key), None)
        if found is None:
            raise FormNotFound(form_key)
        _forms[cached] = found
        while len(_forms) > CACHE_SIZE:
            _forms.popitem(last=False)
    return _forms[cached]


def read(content: bytes, name: str = "") -> Form:
    """Read one form-js file.

    Raises: Invalid when it is no form, or a condition in it is no expression.
    """
    try:
        drawn = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Invalid([Problem(name, "not_json", message=str(error))]) from error
    if not isinstance(drawn, dict) or not isinstance(drawn.get("components"), list):
        raise Invalid([Problem(name, "not_a_form", message="a form is an object with an id and components")])
    try:
        questions = list(_flatten(drawn["components"], None))
        names = frozenset(str(raw["key"]) for raw, _ in questions)
        components = tuple(_component(raw, hide, names) for raw, hide in questions)
    except (ArithmeticError, KeyError, TypeError, ValueError, AttributeError, FeelError) as error:
        raise Invalid([Problem(name, "not_a_form", message=f"{type(error).__name__}: {error}")]) from error
    return Form(str(drawn.get("id") or ""), components, drawn)


def _flatten(parts: list[Any], hide: str | None) -> Iterator[tuple[dict[str, Any], str | None]]:
    """The questions in order; those in a group are hidden with it."""
    for part in (part for part in parts if isinstance(part, dict)):
        own = str((part.get("conditional") or {}).get("hide") or "").strip().removeprefix("=").strip()
        both = f"({hide}) or ({own})" if hide and own else own or hide
        if isinstance(part.get("components"), list):
            yield from _flatten(part["components"], both)
        elif part.get("key") and part.get("type") in KINDS and not part.get("disabled") and not part.get("readonly"):
            yield part, both


def _component(raw: dict[str, Any], hide: str | None, names: frozenset[str]) -> Component:
    rules: dict[str, Any] = raw.get("validate") or {}
    return Component(
        key=str(raw["key"]),
        kind=str(raw["type"]),
        labels=_texts(raw, "label"),
        descriptions=_texts(raw, "description"),
        options=tuple(Option(one["value"], _texts(one, "label")) for one in raw.get("values") or []),
        values_key=raw.get("valuesKey"),
        required=bool(rules.get("required")),
        min=_decimal(rules.get("min")),
        max=_decimal(rules.get("max")),
        min_length=_whole(rules.get("minLength")),
        max_length=_whole(rules.get("maxLength")),
        decimal_digits=_whole(raw.get("decimalDigits")),
        subtype=raw.get("subtype"),
        multiple=bool(raw.get("multiple")),
        default=raw.get("defaultValue"),
        hide=compile_expression(hide, names=names) if hide else None,
    )


def _texts(raw: Mapping[str, Any], name: str) -> dict[str, str]:
    """`label` as drawn under "", and `label_en`, beside it or among the properties, under "en"."""
    properties: Mapping[str, Any] = {**raw, **(raw.get("properties") or {})}
    translated = {
        key.removeprefix(f"{name}_"): str(text) for key, text in properties.items() if key.startswith(f"{name}_")
    }
    return {"": str(raw.get(name) or ""), **translated}


def _in(texts: Mapping[str, str], locale: str) -> str:
    return texts.get(locale) or texts.get("", "")


def _decimal(written: Any) -> Decimal | None:
    return None if written in (None, "") else Decimal(str(written))


def _whole(written: Any) -> int | None:
    return None if written in (None, "") else int(written)
