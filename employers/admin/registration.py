"""What the review page shows of a registration: the newest attempt with clock, checklist and papers, and the others."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db.models import Prefetch
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apprenticeship.documents import kinds
from apprenticeship.documents.models import Document
from apprenticeship.program.regions import state_name
from employers import bundle, registering
from employers.admin.forms import Words, prose
from employers.admin.review import Review
from employers.elsewhere import Elsewhere, elsewhere
from employers.forms.cleaning import typed_text
from employers.models import AttemptCheck, RegistrationAttempt, SendingCorrection
from employers.onboarding import State, Text

MOODS = {
    RegistrationAttempt.Status.PREPARING: "now",
    RegistrationAttempt.Status.SENT: "info",
    RegistrationAttempt.Status.RETURNED: "error",
    RegistrationAttempt.Status.REGISTERED: "done",
    RegistrationAttempt.Status.STOPPED: "later",
}


class SendingForm(forms.Form):
    """When and how the papers of an attempt went to the agency; `number` is the attempt that the page showed."""

    edge: registering.Act
    prefix_of_ids = ""

    number = forms.IntegerField(widget=forms.HiddenInput)
    sent_on = forms.DateField(
        label=gettext_lazy("Sent on"),
        help_text=gettext_lazy("The agency's time counts from this day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    how = Words(
        label=gettext_lazy("How it was sent"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("RAPIDS, the state's own portal, an address; a number to ask about it."),
    )

    def __init__(self, attempt: RegistrationAttempt | None, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"{self.prefix_of_ids}-%s", label_suffix="")
        self.attempt = attempt
        self.initial["number"] = attempt.number if attempt else None

    def clean(self) -> None:
        """The day is possible."""
        super().clean()
        if self.cleaned_data.get("sent_on") and self.attempt:
            registering.check_day(self.attempt.registration.onboarding, self.cleaned_data["sent_on"])

    @property
    def label(self) -> Text:
        """What the button says."""
        return self.edge.label

    def facts(self) -> dict[str, Any]:
        """Return what the act is told."""
        return {"sent_on": self.cleaned_data["sent_on"], "how": self.cleaned_data["how"]}

    def typed(self) -> list[tuple[str, str]]:
        """Return label and text of every field somebody typed into, for an act that came too late."""
        return typed_text(self)


class SendForm(SendingForm):
    """Marks an attempt as sent; open items of the checklist are a decision."""

    edge = registering.SEND
    prefix_of_ids = "send"

    although = forms.BooleanField(
        label=gettext_lazy("I send it although items of the checklist are open"), required=False
    )

    def __init__(self, attempt: RegistrationAttempt | None, data: QueryDict | None = None) -> None:
        super().__init__(attempt, data)
        self.initial["sent_on"] = timezone.now().date()
        self.open_items = sum(item.checked_at is None for item in attempt.checks.all()) if attempt else 0
        if not self.open_items:
            del self.fields["although"]

    def clean(self) -> None:
        """The day is possible, and open items are accepted."""
        super().clean()
        if self.open_items and not self.cleaned_data.get("although"):
            self.add_error(
                "although",
                ValidationError(gettext_lazy("Check the list, or say that you send it all the same.")),
            )


class CorrectForm(SendingForm):
    """Corrects what was recorded of a sending, or takes it back."""

    edge = registering.CORRECT
    prefix_of_ids = "correct"

    reason = prose(gettext_lazy("What was wrong"), rows=2, help_text=gettext_lazy("Only AAMI reads it."))
    field_order = ("number", "reason", "sent_on", "how")

    def __init__(self, attempt: RegistrationAttempt | None, data: QueryDict | None = None) -> None:
        super().__init__(attempt, data)
        if attempt:
            self.initial.update(sent_on=attempt.sent_on, how=attempt.sent_how)
        self.fields["sent_on"].required = False
        self.fields["sent_on"].help_text = gettext_lazy("Empty: it was not sent.")

    def facts(self) -> dict[str, Any]:
        """Return what the act is told: without a day, no way of sending either."""
        how = self.cleaned_data["how"] if self.cleaned_data["sent_on"] else ""
        return {"sent_on": self.cleaned_data["sent_on"], "how": how, "reason": self.cleaned_data["reason"]}


@dataclass
class Panel:
    """The registration of one case, as its reviewer works on it."""

    review: Review
    may_act: bool
    form: SendingForm | None
    mails: list[EmailMultiAlternatives]

    @cached_property
    def attempts(self) -> list[RegistrationAttempt]:
        """Every attempt, newest first, each with the class of its tag as `mood`."""
        people = ("begun_by", "sent_by", "ended_by")
        rows: Any = RegistrationAttempt.objects.filter(registration=self.review.registration)
        rows = rows.select_related(*people).prefetch_related(
            Prefetch("checks", AttemptCheck.objects.select_related("checked_by")),
            Prefetch("corrections", SendingCorrection.objects.select_related("by")),
        )
        found = list(rows.order_by("-number"))
        for row in found:
            row.registration, row.mood = self.review.registration, MOODS[row.status]
            row.registration.onboarding = self.review.onboarding
        return found

    @property
    def attempt(self) -> RegistrationAttempt | None:
        """The newest attempt."""
        return self.attempts[0] if self.attempts else None

    @property
    def earlier(self) -> list[RegistrationAttempt]:
        """Those before it."""
        return self.attempts[1:]

    @property
    def is_at_work(self) -> bool:
        """Whether this person prepares or follows the newest attempt now."""
        is_here = self.review.onboarding.state == State.REGISTRATION
        return self.may_act and is_here and self.attempt is not None and self.attempt.is_open

    @cached_property
    def checks(self) -> list[AttemptCheck]:
        """The checklist of the newest attempt."""
        return list(self.attempt.checks.all()) if self.attempt else []

    @property
    def checked(self) -> int:
        """How many items are ticked."""
        return sum(item.checked_at is not None for item in self.checks)

    @cached_property
    def parts(self) -> list[bundle.Part]:
        """The papers of the bundle that the worker makes, while there is something to send."""
        return bundle.parts_of(self.attempt) if self.attempt and self.attempt.is_open else []

    @property
    def data_papers(self) -> list[Document]:
        """The paper that nobody but the agency gets: the data of its form."""
        found = (part.document for part in self.parts)
        return [row for row in found if row and row.kind == kinds.ETA_671]

    @cached_property
    def elsewhere(self) -> list[Elsewhere]:
        """Sites in other states than the agency's, while there is something to send."""
        return elsewhere(self.attempt) if self.attempt and self.attempt.is_open else []

    @property
    def is_bundle_ready(self) -> bool:
        """Whether the bundle can be taken."""
        return bool(self.parts) and all(part.is_ready for part in self.parts)

    @property
    def due_on(self) -> dt.date | None:
        """The day on which the open attempt is due; the case was read with its clock."""
        attempt, days = self.attempt, self.review.onboarding.target
        return (
            attempt.since.date() + dt.timedelta(days=days) if attempt and attempt.is_open and days else None
        )

    @property
    def place(self) -> str:
        """The state whose agency it is."""
        return state_name(self.attempt.state) if self.attempt and self.attempt.state else ""

    @cached_property
    def corrections(self) -> list[SendingCorrection]:
        """What the record of the newest attempt's sending said before."""
        return list(self.attempt.corrections.all()) if self.attempt else []

    @property
    def sending_form(self) -> SendingForm | None:
        """The form that marks it as sent or, once it is, corrects that; for those who may."""
        if self.attempt is None or not self.is_at_work:
            return None
        kind = CorrectForm if self.attempt.is_sent else SendForm
        return self.form if isinstance(self.form, kind) else kind(self.attempt)


def panel_of(
    review: Review, *, may_act: bool, form: SendingForm | None, mails: list[EmailMultiAlternatives]
) -> Panel | None:
    """Return the panel of a case that was ever approved, or None."""
    panel = Panel(review, may_act, form, mails) if review.registration else None
    return panel if panel and panel.attempts else None
