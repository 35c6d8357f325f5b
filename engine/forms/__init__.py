"""Forms as drawn with form-js: read once per definition, and what somebody answered checked against them.

Knows nothing of pages: the doors draw `Form.drawn` and say in words what `Problem.code` means. Nothing in an answer is
ever evaluated; only the form's own conditions are, and those are FEEL.
"""

from engine.forms.answers import Choices
from engine.forms.checking import check, schema, shown
from engine.forms.reading import Component, Form, FormNotFound, Option, load, read

__all__ = ["Choices", "Component", "Form", "FormNotFound", "Option", "check", "load", "read", "schema", "shown"]
