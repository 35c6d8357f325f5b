"""Open data: every night one anonymous file of all cases, from which an outsider recomputes how promises were kept.

What is in it, how it is made unrecognisable and how it is checked stands in docs/open-data.md.
"""

from cases.open_data.roots import History, history, of_day
from cases.open_data.rows import COLUMNS, Row, every
from cases.open_data.writing import FILES, TOPIC, configure, folder, latest, write

__all__ = [
    "COLUMNS",
    "FILES",
    "TOPIC",
    "History",
    "Row",
    "configure",
    "every",
    "folder",
    "history",
    "latest",
    "of_day",
    "write",
]
