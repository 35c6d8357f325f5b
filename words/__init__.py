"""What both doors say to people: statuses, moments, deadlines, problems and errors, in the language being spoken.

Every sentence stands here once, and `translations/` holds the Vietnamese of the whole house. Knows languages (Flask-Babel),
never a request or a session: which language is spoken, the doors decide. What only one door says, that door keeps.
"""

from words.deadlines import SaidDeadline, deadline, promise
from words.errors import completed, error_text, title, titles
from words.moments import day, moment, short_moment
from words.names import STATUSES, local_name, status, urgency
from words.problems import problem_text
from words.usual import basis, risk, usual

__all__ = [
    "STATUSES",
    "SaidDeadline",
    "basis",
    "completed",
    "day",
    "deadline",
    "error_text",
    "local_name",
    "moment",
    "problem_text",
    "promise",
    "risk",
    "short_moment",
    "status",
    "title",
    "titles",
    "urgency",
    "usual",
]
