"""The people whom an employer has opened, as a table for a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.utils.translation import gettext as _

from apprentices.models import Candidate, Disclosure

# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def csv_of(openings: Iterable[Disclosure]) -> str:
    """Return one line a person; cells that a spreadsheet would calculate begin with an apostrophe."""
    file = StringIO()
    write = csv.writer(file)
    write.writerow(
        [_("Opened"), _("Opened for"), _("Name"), _("E-mail"), _("Phone"), _("ZIP code"), _("Place"), _("State"),
         _("Could start"), _("Would travel"), _("Would move"), _("Education"), _("Experience with"),
         _("Military service"), _("In their own words"), _("Works in the field"), _("Current employer"),
         _("Where you stand"), _("Private note")]
    )  # fmt: skip
    for row in openings:
        who = row.candidate
        progress = who.own[0] if who.own else None
        cells = [
            row.at.date().isoformat(), row.get_purpose_display(), who.name, who.email, who.phone, who.zip_code,
            who.city, who.state, who.get_available_display(), who.get_travel_display(), who.get_moving_display(),
            who.get_education_display(), _experience(who), who.get_service_display(), who.about,
            who.get_work_display(), who.current_employer,
            progress.get_mark_display() if progress else "", progress.note if progress else "",
        ]  # fmt: skip
        write.writerow([harmless(str(cell or "")) for cell in cells])
    return file.getvalue()


def _experience(who: Candidate) -> str:
    """Return what somebody has experience with, as the tags of the search say it."""
    known = (
        (who.knows_electronics, _("Electronics")),
        (who.knows_it, _("IT")),
        (who.knows_clinical, _("Clinical")),
    )
    return ", ".join(word for has, word in known if has)


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet calculates it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
