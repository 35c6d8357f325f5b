"""What is checked together: the diagrams, forms and decisions of one process, and the names the house knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.lint.diagram import Diagram
    from engine.lint.forms import Form


@dataclass(frozen=True)
class Vocabulary:
    """The names a diagram may use; groups and public steps are only checked where they are given.

    `functions` may tell the functions themselves, by name; then their arguments are checked too.
    """

    handlers: Collection[str]
    functions: Collection[str] | Mapping[str, Callable[..., Any]]
    groups: Collection[str] | None = None
    public_steps: Collection[str] | None = None


@dataclass
class Bundle:
    """The readable files of a bundle. Where one could not be read, names it may define are not missed.

    `decisions` tells the file of each; `hasty` are the scopes in which an instance never waits.
    """

    vocabulary: Vocabulary
    diagrams: list[Diagram] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    decisions: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    hasty: set[str] = field(default_factory=set)

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The registered functions, or stand-ins where only names are known: enough to compile, never called."""
        known = self.vocabulary.functions
        return known if isinstance(known, Mapping) else dict.fromkeys(known, _stand_in)

    def misses(self, ending: str) -> bool:
        """Whether some file of a kind could not be read."""
        return any(name.endswith(ending) for name in self.unreadable)


def hint(wanted: str, known: Iterable[str]) -> str:
    """The known names closest to a wanted one, ready to be put behind a sentence."""
    close = get_close_matches(wanted[:100], sorted(known), n=3, cutoff=0.6)
    return f": {', '.join(close)}" if close else ""


def _stand_in(*_arguments: object, **_named: object) -> None:
    return None
