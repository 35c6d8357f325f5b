"""Reading XML from strangers: no entities, no network, no DTD, no huge or deep trees. Knows no BPMN beyond its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from lxml import etree

__all__ = [
    "BPMN",
    "CAMUNDA",
    "CASEWAY",
    "MAX_BYTES",
    "Element",
    "Unreadable",
    "check_size",
    "line_of",
    "local",
    "make",
    "namespace",
    "read",
    "split",
]

Element = etree._Element  # noqa: SLF001  # lxml has no public name for the type of an element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
CASEWAY = "https://caseway.dev/schema/1.0/bpmn"

#: Bytes of one file.
MAX_BYTES = 1_000_000

_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY")
_PLACE = re.compile(r",? line \d+, column \d+.*", re.DOTALL)


class Unreadable(Exception):
    """A file that cannot be read; carries the rule it breaks and where."""

    def __init__(self, rule: str, line: int | None = None, column: int | None = None, **params: str | int) -> None:
        self.rule = rule
        self.line = line
        self.column = column
        self.params = params
        super().__init__(rule)


def read(content: bytes, *, keep_comments: bool = False) -> Element:
    """The root element of a file.

    Raises: Unreadable.
    """
    check_size(content)
    found = _DOCTYPE.search(content)
    if found:
        raise Unreadable("doctype", content.count(b"\n", 0, found.start()) + 1, _column(content, found.start()))
    try:
        root = etree.fromstring(content, _parser(keep_comments=keep_comments))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Unreadable("not-xml", line, column, detail=_PLACE.sub("", error.msg or "")) from error
    if root.getroottree().docinfo.internalDTD is not None:  # written in an encoding the search above cannot see
        raise Unreadable("doctype", 1, 1)
    return root


def check_size(content: bytes) -> None:
    """Refuse what is too large.

    Raises: Unreadable.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable("file-too-large", size=len(content), limit=MAX_BYTES)


def local(element: Element) -> str:
    """The name of an element without its namespace; nothing for a comment."""
    return split(_tag(element))[1]


def line_of(element: Element) -> int | None:
    """The line an element begins on, where it is known."""
    return cast("int | None", element.sourceline)  # the stubs say it is an ellipsis


def namespace(element: Element) -> str:
    """The namespace of an element, or nothing."""
    return split(_tag(element))[0]


def make(name: str, near: Element, attributes: Mapping[str, str] = {}) -> Element:
    """A new element (in Clark notation) that goes by the prefixes of another one and counts as standing on its line."""
    prefixes = cast("dict[str, str]", near.nsmap)  # the stubs do not know that the default has none
    element = etree.Element(name, dict(attributes), prefixes)
    element.sourceline = line_of(near)  # type: ignore[assignment]  # the stubs say it is an ellipsis
    return element


def split(name: str) -> tuple[str, str]:
    """Namespace and local part of a name in Clark notation."""
    space, _, rest = name.rpartition("}")
    return space[1:], rest


def _tag(element: Element) -> str:
    tag: object = element.tag  # the stubs do not know that a comment has a function here
    return tag if isinstance(tag, str) else ""


def _parser(*, keep_comments: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
    )


def _column(content: bytes, at: int) -> int:
    return at - content.rfind(b"\n", 0, at)
