"""Choosing a category: the likely ones with the words that speak for them and what the city promises, then all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _

import words
from cases import suggestions, targets
from cases.models import Category
from cases.suggestions import Suggestion
from cases.targets import Promise
from engine.errors import DefinitionNotFound
from web.pages.public.showing import locale

OTHER = "other"


@dataclass(frozen=True)
class Kinds:
    """The question "is it one of these?": `likely` are the choices offered first, `chosen` one of them or "other"."""

    likely: list[dict[str, str]]
    every: list[dict[str, str]]
    chosen: str
    other: str
    call_first: list[str]
    is_denunciation: bool
    is_sensitive: bool

    @classmethod
    def of(cls, text: str, code: str) -> Kinds:
        """The question for what somebody wrote; `code` is what they have chosen before."""
        every = suggestions.categories()
        found = suggestions.suggest(text, every)
        preselected = code or (found[0].category.code if found and found[0].is_likely else "")
        is_offered = preselected in {one.category.code for one in found}
        meant = next((category for category in every if category.code == preselected), None)
        return cls(
            likely=[_likely(one) for one in found],
            every=[_option(category) for category in every],
            chosen=preselected if is_offered else (OTHER if preselected else ""),
            other="" if is_offered else preselected,
            call_first=call_first(text, meant),
            is_denunciation=suggestions.is_denunciation(text),
            is_sensitive=meant is not None and meant.is_sensitive,
        )


def call_first(text: str, category: Category | None) -> list[str]:
    """The emergency numbers for what is told."""
    numbers = {*suggestions.emergencies(text), *(category.danger or () if category else ())}
    return sorted(numbers)


def promise(category: Category) -> Promise | None:
    """What the city promises for a category; nothing while no process is deployed."""
    try:
        return targets.promise_for(category.code)
    except DefinitionNotFound:
        return None


def promise_text(category: Category) -> str:
    """`Usually done in 2 working days`."""
    made = promise(category)
    if made is None or made.resolve is None:
        return ""
    return _("Usually done in %(time)s", time=words.promise(made.resolve.amount, made.resolve.measure))


def number_in(name: str) -> float | None:
    """A number sent with the form or in the address; None for anything else."""
    try:
        number = float(request.values.get(name, ""))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _likely(found: Suggestion) -> dict[str, str]:
    reasons = _("because of: %(words)s", words=", ".join(word.lower() for word in found.words))
    hints = [hint for hint in (promise_text(found.category), reasons) if hint]
    return {"value": found.category.code, "label": words.local_name(found.category), "hint": " · ".join(hints)}


def _option(category: Category) -> dict[str, str]:
    group = category.field_en if locale() == "en" else category.field_vi
    return {"value": category.code, "label": words.local_name(category), "group": group}
