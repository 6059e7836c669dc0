"""What the events of the program's settings are called, and what they keep, in words."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apprenticeship.program.audience import Audience
from apprenticeship.program.models.minimum_wage import FEDERAL
from apprenticeship.program.regions import state_name
from apprenticeship.program.sectors import SECTORS
from apprenticeship.records.details import Says

SAYS = {"version_published": _("Version published")}
NAMES = {sector.slug: sector.name for sector in SECTORS}
FACTS: dict[str, Says] = {
    "audience": lambda event, value: _("must act again: %(who)s") % {"who": Audience(value).label},
    "effective_from": lambda event, value: (
        _("from %(day)s") % {"day": date_format(dt.date.fromisoformat(value), "M j, Y")}
    ),
    "jurisdiction": lambda event, value: _("Federal") if value == FEDERAL else state_name(value),
    "kind": lambda event, value: "",  # stands in its title
    "rate": lambda event, value: f"${value}",
    "sector": lambda event, value: str(NAMES.get(value, value)),
}
