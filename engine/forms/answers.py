"""One answer: from what a page or a program sends to the value a process may have, by kind of question."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from engine.forms.reading import FILE_KINDS, ONE_OF, SOME_OF, TEXT_KINDS, Component, Scalar

#: What a text may hold when the form does not say.
LONGEST_TEXT = 5000
#: What a list may hold.
LONGEST_LIST = 200
#: Powers of ten a number may reach: beyond, a JSON reader would not give back what was written.
LARGEST_EXPONENT = 14

Choices = Mapping[str, Collection[object]]

_TRUTHS = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}
_MOMENTS: Mapping[str | None, type[date | time]] = {"date": date, "time": time}


class AnswerError(Exception):
    """An answer does not fit its question."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def typed(part: Component, given: object, choices: Choices | None) -> object:
    """The value of an answer, None when nothing was answered. `choices` None: nobody knows yet what may be chosen.

    Raises: AnswerError.
    """
    if given is None or given == "":
        return None
    value = _reader(part)(part, given, choices)
    return None if value in ("", []) else value


def _reader(part: Component) -> Callable[[Component, object, Choices | None], object]:
    for kinds, reader in _READERS:
        if part.kind in kinds:
            return reader
    raise KeyError(part.kind)


def _text(part: Component, given: object, _choices: Choices | None) -> str:
    if not isinstance(given, str):
        raise AnswerError("wrong_type")
    text = _clean(given)
    longest = LONGEST_TEXT if part.max_length is None else part.max_length
    if len(text) > longest:
        raise AnswerError("too_long", max=longest)
    if text and part.min_length is not None and len(text) < part.min_length:
        raise AnswerError("too_short", min=part.min_length)
    return text


def _clean(text: str) -> str:
    """Composed letters, plain line ends, nothing that no keyboard writes and no database keeps."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def _number(part: Component, given: object, _choices: Choices | None) -> int | float:
    number = _decimal(given)
    if part.decimal_digits is not None and number != round(number, part.decimal_digits):
        raise AnswerError("not_a_number")
    if part.min is not None and number < part.min:
        raise AnswerError("too_small", min=_plain(part.min))
    if part.max is not None and number > part.max:
        raise AnswerError("too_big", max=_plain(part.max))
    return int(number) if number == number.to_integral_value() else float(number)


def _decimal(given: object) -> Decimal:
    """A number, or a text that is one; with a decimal comma as well, as Vietnamese is written."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise AnswerError("wrong_type")
    try:
        number = Decimal(given.strip().replace(",", ".")) if isinstance(given, str) else Decimal(repr(given))
    except (InvalidOperation, ValueError):
        raise AnswerError("not_a_number") from None
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise AnswerError("not_a_number")
    return number


def _plain(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else str(number)


def _truth(_part: Component, given: object, _choices: Choices | None) -> bool:
    truth = given if isinstance(given, bool) else _TRUTHS.get(given.lower()) if isinstance(given, str) else None
    if truth is None:
        raise AnswerError("wrong_type")
    return truth


def _one(part: Component, given: object, choices: Choices | None) -> Scalar:
    """One of the options or choices; pages send texts, so what is written alike is the same."""
    if not isinstance(given, str | int | float):
        raise AnswerError("wrong_type")
    offered: list[object] = [option.value for option in part.options]
    if part.values_key is not None and choices is None:
        return given
    offered += (choices or {}).get(part.values_key or "", ())
    for value in offered:
        if str(value) == str(given) and isinstance(value, str | int | float):
            return value
    raise AnswerError("not_an_option")


def _some(part: Component, given: object, choices: Choices | None) -> list[Scalar]:
    listed = given if isinstance(given, list | tuple) else [given]
    if len(listed) > LONGEST_LIST:
        raise AnswerError("too_long", max=LONGEST_LIST)
    return list(dict.fromkeys(_one(part, one, choices) for one in listed if one is not None and one != ""))


def _moment(part: Component, given: object, _choices: Choices | None) -> str:
    """ISO 8601, as the question asks: a day, a time of day, or both."""
    if not isinstance(given, str):
        raise AnswerError("wrong_type")
    try:
        return _MOMENTS.get(part.subtype, datetime).fromisoformat(given.strip()).isoformat()
    except ValueError:
        raise AnswerError("not_a_moment") from None


def _files(part: Component, given: object, _choices: Choices | None) -> list[object]:
    """Names or ids of files; whether they exist is for whoever keeps them."""
    listed = list(given) if isinstance(given, list | tuple) else [given]
    if any(isinstance(one, bool) or not isinstance(one, str | int) for one in listed):
        raise AnswerError("wrong_type")
    most = LONGEST_LIST if part.multiple else 1
    if len(listed) > most:
        raise AnswerError("too_many", max=most)
    return listed


_READERS = (
    (TEXT_KINDS, _text),
    (ONE_OF, _one),
    (SOME_OF, _some),
    (FILE_KINDS, _files),
    (frozenset({"number"}), _number),
    (frozenset({"checkbox"}), _truth),
    (frozenset({"datetime"}), _moment),
)
