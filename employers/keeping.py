"""What a save changed in an application, kept field by field; what concerns a person only as changed."""

from django.utils.translation import gettext as _

from apprenticeship.accounts.models import User
from apprenticeship.records import history
from apprenticeship.records.models import Change, Event
from employers.application import Application
from employers.models import Onboarding
from employers.onboarding import Part
from employers.summary import COMPLAINT_FIELDS, CONTACT_FIELDS, answers_in

# Answers about a person, by the part and the end of the answer's key.
PERSONAL: dict[Part, frozenset[str]] = {
    Part.PROFILE: frozenset((*CONTACT_FIELDS, *COMPLAINT_FIELDS)),
    Part.POSITION: frozenset({"incumbent_initials"}),
    Part.MENTOR: frozenset({"name", "title", "email", "credentials"}),
    Part.AGREEMENT: frozenset({"signatory"}),
}


def said_in(application: Application, part: Part) -> list[history.Answer]:
    """Return the answers of one part as its history compares them."""
    personal = PERSONAL.get(part, frozenset())
    return [
        history.Answer(row.key, row.question, _kept(part, row.answer), row.key.rpartition(".")[2] in personal)
        for row in answers_in(application, part)
    ]


def _kept(part: Part, answer: str) -> str:
    """Return an answer without the name of who acknowledged a document; the event knows who it was."""
    return _("acknowledged") if answer and part is Part.STANDARDS else answer


def record_save(onboarding: Onboarding, part: Part, changes: list[Change], *, by: User) -> Event:
    """Append that a part was saved, with what changed in it."""
    return history.record_changes(
        onboarding.employer.chain, "part_saved", changes, by=by, subject=onboarding, data={"part": part.value}
    )
