"""What each decision asks the reviewer. Forms only coerce and validate; the desk decides."""

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.program.regions import STATE_NAMES
from employers import desk, signing
from employers.forms.cleaning import typed_text, without_controls
from employers.forms.signatory import CONSENT, Tick
from employers.models import Onboarding
from employers.onboarding import Edge, Text

LONGEST = 2000


class Words(forms.CharField):
    """Typed text without the control characters that pasting brings along."""

    def to_python(self, value: Any) -> Any:
        """Return the text as people can see it."""
        return super().to_python(without_controls(value) if isinstance(value, str) else value)


def prose(label: Any, **options: Any) -> Words:
    """Return a field for a few sentences, at most 2,000 characters."""
    rows = options.pop("rows", 4)
    return Words(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **options)


class DecisionForm(forms.Form):
    """A decision on a case as it stood when the page was opened: `seen` is when its state began.

    The hidden fields always name what the page shows now; what was posted stays in `posted`.
    """

    template = "admin/employers/onboarding/forms/plain.html"
    tone: ClassVar[str] = ""
    # Whether several of its kind can stand on one page, whose fields are all sent together.
    is_one_of_many: ClassVar[bool] = False
    # Whether the mail of the decision says what is typed.
    is_quoted: ClassVar[bool] = False

    # Whether something else is done first.
    comes_later = False

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, edge: Edge, onboarding: Onboarding, by: User, data: QueryDict | None = None) -> None:
        prefix, auto_id = (edge.name, "%s") if self.is_one_of_many else (None, f"{edge.name}-%s")
        super().__init__(data, prefix=prefix, auto_id=auto_id, label_suffix="")
        self.edge, self.onboarding, self.by = edge, onboarding, by
        self.posted: dict[str, str] = (
            {name: data.get(self.add_prefix(name), "") for name in ("seen", "sha256")} if data else {}
        )
        self._show("seen", onboarding.state_since.isoformat())

    @property
    def label(self) -> Text:
        """What the button says."""
        return self.edge.label

    @property
    def heading_tone(self) -> str:
        """The class of its heading: what comes later does not stand out."""
        return "" if self.comes_later and self.tone == "primary" else self.tone

    @property
    def happened(self) -> Text:
        """What is said once it is decided."""
        return self.edge.happened

    def _show(self, name: str, value: str) -> None:
        """Put what the page shows now into a hidden field."""
        if self.is_bound:
            data = cast(QueryDict, self.data).copy()
            data[self.add_prefix(name)] = value
            self.data = data
        else:
            self.initial[name] = value

    def typed(self) -> list[tuple[str, str]]:
        """Return label and text of every field somebody typed into, for a decision that came too late."""
        return typed_text(self)


class ReasonForm(DecisionForm):
    """Why."""

    is_one_of_many = True
    is_quoted = True

    reason = prose(gettext_lazy("Reason"), help_text=gettext_lazy("The employer reads this in the mail."))


class GraveForm(ReasonForm):
    """Why, for a decision that stops something."""

    tone = "danger"


class ApproveForm(DecisionForm):
    """The act of countersigning, as the employer signs: consent, authority, title, name, and the text it is about."""

    template = "admin/employers/onboarding/forms/approve.html"
    tone = "primary"
    happened = gettext_lazy("Approved and countersigned by AAMI")
    intent = signing.INTENT
    # Set by the last page.
    known = signing.BY_ACCOUNT

    consent = Tick(label=CONSENT)
    has_authority = Tick(label=signing.SPONSOR_AUTHORITY)
    title = Words(
        label=gettext_lazy("Your title"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    typed_name = Words(
        label=gettext_lazy("Type your full name to countersign"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)

    def show_agreement(self, sha256: str) -> None:
        """Name the text that the page shows."""
        self._show("sha256", sha256)

    def clean_typed_name(self) -> str:
        """The name typed is the signer's own."""
        try:
            signing.check_name(self.by, self.cleaned_data["typed_name"])
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return str(self.cleaned_data["typed_name"])


class ApproveAgainForm(DecisionForm):
    """Approves a case that came back while its agreement stayed in force: nothing is signed."""

    template = "admin/employers/onboarding/forms/approve_again.html"
    tone = "primary"
    label = gettext_lazy("Approve again")
    happened = gettext_lazy("Approved again by AAMI")


class RegisterForm(DecisionForm):
    """What the Department of Labor has recorded."""

    tone = "primary"

    program_number = Words(
        label=gettext_lazy("Program number"),
        max_length=20,
        help_text=gettext_lazy("As RAPIDS prints it, like 2026-MN-123456."),
    )
    registered_on = forms.DateField(
        label=gettext_lazy("Registration date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    # Asked for only if the number is of a state where no site is: most likely that of another employer.
    is_elsewhere = Tick()

    def __init__(self, edge: Edge, onboarding: Onboarding, by: User, data: QueryDict | None = None) -> None:
        super().__init__(edge, onboarding, by, data)
        state = desk.state_in(str(data.get("program_number", "")).strip().upper()) if data else ""
        if not state or state in desk.states_of(onboarding.employer):
            del self.fields["is_elsewhere"]
        else:
            sentence = gettext(
                "The number is of %(state)s, where this employer has no site. It is right all the same."
            )
            self.fields["is_elsewhere"].label = sentence % {"state": STATE_NAMES[state]}

    def clean_program_number(self) -> str:
        """Return the number in capitals."""
        return str(self.cleaned_data["program_number"]).upper()

    def clean(self) -> None:
        """Number and date can be those of an approved case."""
        super().clean()
        typed = self.cleaned_data
        if "program_number" in typed and "registered_on" in typed:
            desk.check_registration(self.onboarding, typed["program_number"], typed["registered_on"])
