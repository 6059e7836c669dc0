"""The form of a review: for each part fine or needs a change, with a reason and a note; kept as a draft meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.program.models import ChangeReason
from employers.admin.forms import DecisionForm, prose
from employers.onboarding import Part, Text

FINE, CHANGE = "fine", "change"
# The hidden field that names the parts which the page offered as fine.
OFFERED = "offered"
VERDICTS = (
    ("", gettext_lazy("Not looked at")),
    (FINE, gettext_lazy("Fine")),
    (CHANGE, gettext_lazy("Needs a change")),
)
# What an agency says of a part that AAMI has approved.
WANTED = (("", gettext_lazy("Nothing")), (CHANGE, gettext_lazy("Needs a change")))


class ChangesForm(DecisionForm):
    """What a reviewer says of each part, and a message above it all."""

    template = "admin/employers/onboarding/forms/changes.html"
    # Whether it is the review of a submission, whose progress stands above all decisions.
    is_review = True
    is_quoted = True
    verdicts: tuple[tuple[str, Text], ...] = VERDICTS
    # The number of the draft that the page shows.
    draft_version = 0
    # The parts that the page offers as fine.
    offered = ""

    message = prose(
        gettext_lazy("Message to the employer"),
        required=False,
        rows=3,
        help_text=gettext_lazy("Optional. Stands above the parts in the mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = list(ChangeReason.objects.offered())
        choices = [("", _("No reason from the list")), *((str(row.pk), row.title) for row in self.reasons)]
        for part in Part:
            self.fields[f"verdict_{part}"] = forms.ChoiceField(
                label=part.label, choices=self.verdicts, required=False, widget=forms.RadioSelect
            )
            self.fields[f"reason_{part}"] = forms.ChoiceField(
                label=_("Reason"), choices=choices, required=False
            )
            self.fields[f"note_{part}"] = prose(
                _("What needs a change: %(part)s") % {"part": part.label}, required=False, rows=3
            )

    def offer(self, parts: Sequence[str]) -> None:
        """Offer these parts as fine, of what was posted those alone that the page had offered.

        A fine that was only offered and holds no longer is taken back.
        """
        posted = self.data[OFFERED].split() if OFFERED in self.data else parts
        for part in set(posted).difference(parts):
            if self.data.get(f"verdict_{part}") == FINE:
                self._show(f"verdict_{part}", "")
        self.offered = " ".join(part for part in posted if part in parts)

    @property
    def controls(self) -> dict[Part, dict[str, forms.BoundField]]:
        """Verdict, reason and note of each part, to be drawn beside its answers."""
        return {
            part: {name: self[f"{name}_{part}"] for name in ("verdict", "reason", "note")} for part in Part
        }

    @property
    def marks(self) -> dict[Part, str]:
        """How each part is marked: fine, to be changed, or "" for not at all."""
        return {part: self[f"verdict_{part}"].value() or "" for part in Part}

    @property
    def counts(self) -> dict[str, int]:
        """How many parts are marked fine, to be changed, and not at all."""
        marked = list(self.marks.values())
        return {"fine": marked.count(FINE), "change": marked.count(CHANGE), "open": marked.count("")}

    def clean(self) -> None:
        """Every part to be changed has a reason or a note, nothing else has, and there is one."""
        super().clean()
        flagged = [part for part in Part if self.cleaned_data.get(f"verdict_{part}") == CHANGE]
        for part in Part:
            words = self.cleaned_data.get(f"note_{part}") or self.cleaned_data.get(f"reason_{part}")
            if part in flagged and not words and f"note_{part}" not in self.errors:
                self.add_error(f"note_{part}", _("Choose a reason, or say what needs a change here."))
            if words and part not in flagged:
                self.add_error(
                    f"verdict_{part}", _("Mark this part as “needs a change” to send its note, or clear it.")
                )
        if not flagged and not self.errors:
            self.add_error(None, _("Mark at least one part that needs a change, beside its answers."))

    def typed(self) -> list[tuple[str, str]]:
        """Return what was marked and typed, for people."""
        return list(in_words(typed_fields(cast(QueryDict, self.data))))

    def notes(self) -> dict[Part, str]:
        """Return the note of each flagged part."""
        return {part: self.cleaned_data[f"note_{part}"] for part in self._flagged()}

    def chosen_reasons(self) -> dict[Part, str]:
        """Return the words of the reason chosen for each flagged part that has one."""
        words = {str(row.pk): row.text for row in self.reasons}
        chosen = {part: self.cleaned_data[f"reason_{part}"] for part in self._flagged()}
        return {part: words[key] for part, key in chosen.items() if key}

    def _flagged(self) -> list[Part]:
        return [part for part in Part if self.cleaned_data[f"verdict_{part}"] == CHANGE]


class ReturnForm(ChangesForm):
    """Why the agency returned the case, and what needs a change."""

    is_review = False
    verdicts = WANTED
    message = prose(gettext_lazy("Reason given by the agency"), rows=3)


def brings_marks(data: QueryDict) -> bool:
    """Whether something was sent from a page on which a reviewer marks: the marks came along."""
    return "draft_version" in data


def typed_fields(data: QueryDict) -> dict[str, str]:
    """Return what a reviewer has marked and typed so far, as it may be kept."""
    names = [
        "message",
        OFFERED,
        *(f"{kind}_{part}" for part in Part for kind in ("verdict", "reason", "note")),
    ]
    return {name: str(data[name])[:4000] for name in names if data.get(name, "").strip()}


def marks_along(data: QueryDict) -> dict[str, str]:
    """Return the marks that came along, for a page that passes them on; none from a page without them."""
    return typed_fields(data) | {"draft_version": str(data["draft_version"])} if brings_marks(data) else {}


def is_own(typed: Mapping[str, str]) -> bool:
    """Whether somebody marked or typed anything: marks that are only what the page offered are nobody's yet."""
    marks = {name: text for name, text in typed.items() if name != OFFERED}
    return marks != {f"verdict_{part}": FINE for part in typed.get(OFFERED, "").split()}


def in_words(typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what somebody has marked and typed, for people: label and text."""
    titles = _titles(typed)
    if typed.get("message"):
        yield str(_("Message to the employer")), typed["message"]
    for part in Part:
        mark, reason, note = (typed.get(f"{kind}_{part}", "") for kind in ("verdict", "reason", "note"))
        verdict = str(dict(VERDICTS).get(mark, "")) if mark else ""
        if words := [word for word in (verdict, titles.get(reason, ""), note) if word]:
            yield str(part.label), "\n".join(words)


def _titles(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the titles of reasons by their key, those that are offered no longer too, if a reason was chosen."""
    if not any(typed.get(f"reason_{part}") for part in Part):
        return {}
    return {str(key): title for key, title in ChangeReason.objects.values_list("pk", "title")}
