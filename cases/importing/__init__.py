"""Reports from elsewhere: files of recorded reports lived through the real process on a virtual clock.

A mapping (TOML) says which columns mean what and what the record proves: which tasks were done, with which answers, at
which recorded moment. Each row is one savepoint: it goes in whole or, with its line and reason, into the file of refused
rows. A row that is already there is left alone, so an import can be stopped and started again.
"""

from cases.importing.mapping import Mapping, read
from cases.importing.rows import Row, rows_of
from cases.importing.runner import Outcome, import_rows

__all__ = ["Mapping", "Outcome", "Row", "import_rows", "read", "rows_of"]
