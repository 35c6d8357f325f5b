"""What a value in a request may be. What is wrong is said as a code with its numbers ("too_long max=300"), never as words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

import orjson
from flask_smorest.fields import Upload
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from api.converters import LARGEST_ID
from engine import clock
from engine.errors import Invalid, Problem

Messages = dict[str, str | list[Any] | dict[Any, Any]]

_COMMON: Messages = {"required": "required", "null": "required", "type": "wrong_type"}
_TEXT: Messages = {**_COMMON, "invalid": "wrong_type", "invalid_utf8": "wrong_type"}
_NUMBER: Messages = {**_COMMON, "invalid": "not_a_number", "special": "not_a_number", "too_large": "not_a_number"}
_MOMENT: Messages = {
    **_COMMON,
    "invalid": "not_a_moment",
    "invalid_awareness": "not_a_moment",
    "format": "not_a_moment",
}
_DAY: Messages = {**_COMMON, "invalid": "not_a_day", "format": "not_a_day"}
_MANY: Messages = {**_COMMON, "invalid": "wrong_type"}

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class InvalidInput(Invalid):
    """Some values in this request have to be mended."""


class Taken(Schema):
    """What a door takes: nothing but the fields named, and everything that is wrong with them told together."""

    class Meta:
        """Nothing else."""

        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "wrong_type"}  # noqa: RUF012  # marshmallow reads it from the class
    refusal: type[Invalid] = InvalidInput

    def also_wrong(self, _values: dict[str, Any]) -> list[Problem]:
        """What else is wrong with the values that have the right form."""
        return []


class Photo(Upload):  # type: ignore[misc]  # flask-smorest has no types
    """A file of a multipart request."""

    default_error_messages = {"wrong_type": "wrong_type"}  # noqa: RUF012  # marshmallow reads it from the class

    def _deserialize(self, value: object, *_context: object, **_kwargs: object) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise self.make_error("wrong_type")
        return value


class Written(fields.Dict):
    """An object, which a form sends as the text of its JSON."""

    def _deserialize(self, value: Any, *context: Any, **kwargs: Any) -> dict[Any, Any]:
        if isinstance(value, str):
            try:
                value = orjson.loads(value)
            except orjson.JSONDecodeError as error:
                raise ValidationError(f"malformed_json line={error.lineno} column={error.colno}") from error
        read: dict[Any, Any] = super()._deserialize(value, *context, **kwargs)  # type: ignore[no-untyped-call]  # marshmallow has not typed it
        return read


# --------------------------------------------------------------------------------------------------- single values


def text(description: str = "", *, least: int = 0, most: int = 300, required: bool = False) -> fields.String:
    """A text of `least` to `most` characters; the database keeps everything but NUL."""
    rules: list[Callable[[str], Any]] = [validate.Length(max=most, error="too_long max={max}")]
    if least:
        rules.append(validate.Length(min=least, error="too_short min={min}"))
    return fields.String(validate=rules, error_messages=_TEXT, **_kept(description, required=required))


def number(description: str = "", *, required: bool = False) -> fields.Float:
    """A finite number."""
    return fields.Float(error_messages=_NUMBER, **_kept(description, required=required))


def whole(
    description: str = "", *, least: int, most: int, default: int | None = None, required: bool = False
) -> fields.Integer:
    """A whole number in a range."""
    rules = [
        validate.Range(min=least, error="too_small min={min}"),
        validate.Range(max=most, error="too_big max={max}"),
    ]
    kept = _kept(description, required=required) | ({} if required else {"load_default": default})
    return fields.Integer(validate=rules, error_messages=_NUMBER, **kept)


def flag(description: str = "", *, default: bool) -> fields.Boolean:
    """True or false."""
    kept = _kept(description) | {"load_default": default}
    return fields.Boolean(error_messages={**_COMMON, "invalid": "wrong_type"}, **kept)


def one_of(description: str, values: Collection[str], *, required: bool = False) -> fields.String:
    """One of a few words."""
    rule = validate.OneOf(list(values), error="not_an_option")
    return fields.String(validate=rule, error_messages=_TEXT, **_kept(description, required=required))


def day(description: str = "", *, data_key: str | None = None, required: bool = False) -> fields.Date:
    """A day of this century, `2026-11-23`."""
    rule = validate.Range(min=EARLIEST, max=LATEST, error="not_a_day")
    return fields.Date(validate=rule, error_messages=_DAY, data_key=data_key, **_kept(description, required=required))


def moment(description: str = "") -> fields.AwareDateTime:
    """A moment with its zone, `2026-11-23T08:00:00+07:00`."""
    return fields.AwareDateTime(error_messages=_MOMENT, **_kept(description))


def moment_to_come(description: str = "") -> fields.AwareDateTime:
    """A moment in the future with its zone, `2026-11-23T08:00:00+07:00`."""
    return fields.AwareDateTime(validate=_is_to_come, error_messages=_MOMENT, **_kept(description))


def photos(description: str = "") -> fields.List[FileStorage]:
    """Files of a multipart request."""
    return fields.List(
        Photo(error_messages=_TEXT), error_messages=_MANY, load_default=list, metadata=_said(description)
    )


def answers(description: str) -> fields.Dict:
    """Answers to a form, by the keys of its questions."""
    keys = fields.String(error_messages=_TEXT)
    return Written(keys=keys, error_messages=_MANY, load_default=dict, metadata=_said(description))


def names(description: str) -> fields.Dict:
    """Names by name."""
    text = fields.String(error_messages=_TEXT)
    return Written(keys=text, values=text, error_messages=_MANY, load_default=dict, metadata=_said(description))


def row_ids(description: str, *, most: int, missing: Callable[[], list[int]] | None = list) -> fields.List[int]:
    """Ids of rows; `missing` makes what is meant when they are left out."""
    rule = validate.Length(max=most, error="too_many max={max}")
    known = validate.Range(min=1, max=LARGEST_ID, error="unknown")
    one = fields.Integer(strict=True, validate=known, error_messages=_NUMBER)
    given: dict[str, Any] = {"load_default": missing, "allow_none": missing is None, "metadata": _said(description)}
    return fields.List(one, validate=rule, error_messages=_MANY, **given)


def texts(description: str, *, most: int) -> fields.List[str]:
    """A list of short texts; empty unless said."""
    rule = validate.Length(max=most, error="too_many max={max}")
    given: dict[str, Any] = {"load_default": list, "metadata": _said(description)}
    return fields.List(text(most=100), validate=rule, error_messages=_MANY, **given)


def _is_to_come(moment: datetime) -> None:
    if moment <= clock.now():
        raise ValidationError("in_the_past")


def _kept(description: str, *, required: bool = False) -> dict[str, Any]:
    """A value that is not required may be left out or null; either way the view finds None."""
    given = {"required": True} if required else {"load_default": None, "allow_none": True}
    return {**given, "metadata": _said(description)}


def _said(description: str) -> dict[str, str]:
    return {"description": description} if description else {}


# -------------------------------------------------------------------------------------------------------- problems


def problems_in(messages: object, where: str = "") -> list[Problem]:
    """Marshmallow's messages as problems: a field in a field is `answers.decision`, the second of a list `photos[1]`."""
    if isinstance(messages, dict):
        return [problem for key, inner in messages.items() for problem in problems_in(inner, _path(where, key))]
    listed = messages if isinstance(messages, list) else [messages]
    return [_problem(where, str(message)) for message in listed]


def _path(where: str, key: object) -> str:
    if key == "_schema":
        return where
    if isinstance(key, int):
        return f"{where}[{key}]"
    return f"{where}.{key}" if where else str(key)


def _problem(where: str, message: str) -> Problem:
    code, *given = message.split()
    pairs = (param.partition("=") for param in given)
    return Problem(where, code, {name: int(value) for name, _, value in pairs})
