"""From the bytes of a decision model to its elements: hardened, and the same for DMN 1.1 to 1.5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from engine.errors import Invalid, Problem

Element: TypeAlias = etree._Element  # noqa: SLF001 - the only name the type has

#: Those of the editions of the standard.
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
#: Bytes of one file.
MAX_SIZE = 1_000_000
#: Elements inside one another.
MAX_DEPTH = 100


def read_definitions(xml: bytes) -> Element:
    """The `definitions` element of a decision model.

    Raises: Invalid when it is too large, no XML, has a DOCTYPE, or is not DMN.
    """
    if len(xml) > MAX_SIZE:
        raise _refused("too_large", f"a decision model may have at most {MAX_SIZE} bytes", most=MAX_SIZE)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as problem:
        line = problem.lineno or 1
        raise _refused("not_xml", f"line {line}: {problem.msg}", line=line) from problem
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs know no DocInfo.doctype
        raise _refused("doctype", "a DOCTYPE is refused")
    if etree.QName(root).namespace not in NAMESPACES or tag(root) != "definitions":
        raise _refused("not_dmn", "this is not a decision model of DMN 1.1 to 1.5")
    if _depth(root) > MAX_DEPTH:
        raise _refused("too_deep", f"elements may be nested at most {MAX_DEPTH} deep", most=MAX_DEPTH)
    return root


def tag(element: Element) -> str:
    """The name of an element without its namespace; nothing for comments."""
    name: object = element.tag
    return etree.QName(name).localname if isinstance(name, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The elements of DMN directly inside, of these names or all."""
    for child in element:
        name = tag(child)
        if name and (not names or name in names) and etree.QName(child).namespace in NAMESPACES:
            yield child


def child(element: Element | None, name: str) -> Element | None:
    """The first element of this name directly inside."""
    return next(children(element, name), None) if element is not None else None


def text_of(element: Element | None) -> str:
    """The text in the `text` element directly inside, without blanks around."""
    inner = child(element, "text")
    return "".join(str(part) for part in inner.itertext()).strip() if inner is not None else ""


def type_ref(element: Element | None) -> str:
    """The name of the type an element declares, without the prefix that stands for FEEL itself."""
    if element is None:
        return ""
    inner = child(element, "typeRef")
    name = (inner.text or "" if inner is not None else str(element.get("typeRef", ""))).strip()
    prefix, colon, local = name.partition(":")
    return local if colon and (prefix == "feel" or prefix in element.nsmap) else name


def references(element: Element, wrapper: str, inner: str) -> Iterator[str]:
    """The addresses behind requirement elements."""
    for requirement in children(element, wrapper):
        for target in children(requirement, inner):
            yield str(target.get("href", ""))


def _depth(root: Element) -> int:
    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _refused(code: str, message: str, **params: str | int) -> Invalid:
    return Invalid([Problem("", code, params, message)])
