"""What an address of the wall asks for: which boards or which grid of tiles, for how long, how large, for whom, in which language.

A layout that was saved says the same under a name; what the address says besides goes before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from flask_babel import get_locale

from cases import displays, indicators
from cases.displays import Geometry
from cases.models import WallLayout
from cases.performance import definitions
from cases.performance.definitions import Kind
from engine.errors import Invalid, Problem
from web.pages.staff.asked import Reading
from web.pages.wall_boards import BOARDS

EVERY_S, SHORTEST_S, LONGEST_S = 30, 5, 3600
LANGUAGES = ("vi", "en")
#: What an address of the wall may say.
NAMES = ("cols", "rows", "diag", "dist", "board", "every", "guest", "lang", "layout", "panel")
#: Everything a layout keeps: one panel of a wall is said by the address alone.
KEPT = tuple(name for name in NAMES if name != "panel")
MOST_CELLS = 60
ALL = (*BOARDS, *indicators.BOARDS)
_PLACE = re.compile(r"([a-l])(1[0-2]|[1-9])(?:-([a-l])(1[0-2]|[1-9]))?")


@dataclass(frozen=True)
class Cell:
    """Tiles that take turns in a part of the grid, from one panel to another, both counted from 1."""

    col: int
    row: int
    last_col: int
    last_row: int
    tiles: tuple[str, ...]

    def overlaps(self, other: Cell) -> bool:
        """Whether they have a panel in common."""
        return (
            self.col <= other.last_col
            and other.col <= self.last_col
            and self.row <= other.last_row
            and other.row <= self.last_row
        )


@dataclass(frozen=True)
class Wanted:
    """What a wall shows. `panel` is the one of the grid that this window is, counted from 1; None for the whole wall. A preview
    shows nothing that comes to the front by itself.
    """

    boards: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()
    every: int = EVERY_S
    geometry: Geometry = field(default_factory=Geometry)
    panel: tuple[int, int] | None = None
    lang: str = "vi"
    is_guest: bool = False
    is_preview: bool = False

    @property
    def unit_share(self) -> float:
        """The smallest letters, as a share of the width of the window."""
        return self.geometry.unit_share * (self.geometry.cols if self.panel else 1)


def read(args: Mapping[str, str], layout: WallLayout | None = None) -> Wanted:
    """As an address says it, and a layout where the address is silent. Raises: Invalid with everything that cannot be."""
    said = {**(dict(parse_qsl(layout.shown)) if layout else {}), **{k: v for k, v in args.items() if k in NAMES and v}}
    reading = Reading()
    none: tuple[Cell, ...] = ()
    cells = reading.take(lambda: _cells(said.get("layout", "")), none)
    least = {
        "cols": max((one.last_col for one in cells), default=1),
        "rows": max((one.last_row for one in cells), default=1),
    }
    sizes = [said.get(name) or str(least.get(name, "")) for name in ("cols", "rows", "diag", "dist")]
    geometry = reading.take(lambda: displays.geometry(*sizes), Geometry())
    found = Wanted(
        boards=reading.take(lambda: _boards(said.get("board", "")), ()),
        cells=cells,
        every=reading.take(lambda: _every(said.get("every", "")), EVERY_S),
        geometry=geometry,
        panel=reading.take(lambda: _panel(said.get("panel", ""), geometry), None),
        lang=said["lang"] if said.get("lang") in LANGUAGES else str(get_locale()),
        is_guest=said.get("guest") == "1",
        is_preview=args.get("preview") == "1",
    )
    reading.take(lambda: _inside(found), None)
    reading.check()
    return found


def _boards(written: str) -> tuple[str, ...]:
    """`1,3` or names; all that have something to say unless said. Raises: Invalid."""
    if not written:
        filled = {one.board for one in indicators.every()}
        return tuple(one for one in ALL if one in BOARDS or one in filled)
    named = {str(number): name for number, name in enumerate(ALL, 1)} | {name: name for name in ALL}
    wanted = [one.strip() for one in written.split(",")]
    if any(one not in named for one in wanted):
        raise Invalid([Problem("board", "not_an_option")])
    return tuple(named[one] for one in wanted)


def _cells(written: str) -> tuple[Cell, ...]:
    """`a1:today;b1-c2:map,late`: columns by letters, rows by numbers. Raises: Invalid with everything that is wrong."""
    problems: list[Problem] = []
    cells: list[Cell] = []
    for part in filter(None, (one.strip() for one in written.split(";"))):
        cell = _cell(part, problems)
        if cell and any(cell.overlaps(other) for other in cells):
            problems.append(Problem("layout", "places_overlap", {"text": part[:60]}))
        elif cell:
            cells.append(cell)
    if len(cells) > MOST_CELLS:
        problems.append(Problem("layout", "too_many", {"max": MOST_CELLS}))
    if problems:
        raise Invalid(problems)
    return tuple(cells)


def _cell(part: str, problems: list[Problem]) -> Cell | None:
    where, _, what = (one.strip() for one in part.partition(":"))
    place = _PLACE.fullmatch(where.lower())
    tiles = tuple(one.strip() for one in what.split(","))
    wrong = [one for one in tiles if not is_tile(one)]
    problems += [Problem("layout", "not_a_tile", {"text": one[:60]}) for one in wrong]
    if place is None:
        problems.append(Problem("layout", "not_a_place", {"text": where[:60]}))
        return None
    col, row = ord(place[1]) - ord("a") + 1, int(place[2])
    last_col, last_row = (ord(place[3]) - ord("a") + 1, int(place[4])) if place[3] else (col, row)
    if last_col < col or last_row < row:
        problems.append(Problem("layout", "not_a_place", {"text": where[:60]}))
        return None
    return None if wrong else Cell(col, row, last_col, last_row, tiles)


def is_tile(code: str) -> bool:
    """Whether it can be shown in a grid: a board, `kpi.<code>` (of `@<unit>`), `indicator.<code>`."""
    kind, dot, rest = code.partition(".")
    if not dot:
        return code in ALL
    if kind == "indicator":
        return bool(indicators.CODE.fullmatch(rest))
    kpi = definitions.kpis().get(rest.partition("@")[0])
    return kind == "kpi" and kpi is not None and kpi.kind != Kind.AGES


def _inside(found: Wanted) -> None:
    """Raises: Invalid when the wall has fewer panels than its grid."""
    for cell in found.cells:
        if cell.last_col > found.geometry.cols or cell.last_row > found.geometry.rows:
            raise Invalid([Problem("layout", "outside_the_wall")])


def _panel(written: str, geometry: Geometry) -> tuple[int, int] | None:
    """`2,3`: the second column, the third row. Raises: Invalid."""
    if not written:
        return None
    numbers = written.split(",")
    if len(numbers) != 2 or not all(one.isdecimal() and len(one) <= 2 for one in numbers):
        raise Invalid([Problem("panel", "not_a_panel")])
    col, row = int(numbers[0]), int(numbers[1])
    if not (1 <= col <= geometry.cols and 1 <= row <= geometry.rows):
        raise Invalid([Problem("panel", "not_a_panel")])
    return col, row


def _every(written: str) -> int:
    """Raises: Invalid."""
    if not written:
        return EVERY_S
    if not (written.isascii() and written.isdecimal()) or not SHORTEST_S <= int(written[:9]) <= LONGEST_S:
        raise Invalid([Problem("every", "out_of_range", {"min": SHORTEST_S, "max": LONGEST_S})])
    return int(written)
