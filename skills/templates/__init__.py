"""Home Assistant's templates: a Jinja sandbox with the house's states, typed results, limits."""

from skills.templates.budget import Limits
from skills.templates.complex import Complex
from skills.templates.duration import Duration
from skills.templates.errors import TemplateFailed
from skills.templates.template import Rendered, Template, Templates
from skills.templates.values import as_bool, from_plain, is_template, to_plain, typed
from skills.templates.views import StateView

__all__ = [
    "Complex",
    "Duration",
    "Limits",
    "Rendered",
    "StateView",
    "Template",
    "TemplateFailed",
    "Templates",
    "as_bool",
    "from_plain",
    "is_template",
    "to_plain",
    "typed",
]
