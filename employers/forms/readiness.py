"""The readiness check: seven questions to which a visitor knows the answer or not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employers.readiness import NO, PARTLY, YES, Answers

YES_OR_NO = [(YES, _("Yes")), (NO, _("Not yet, or not sure"))]
MOST = 5000


def _choice(label: Any, choices: Any = YES_OR_NO) -> forms.ChoiceField:
    missing = {"required": _("Choose the answer that comes closest.")}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=missing)


class ReadinessForm(forms.Form):
    """Every answer but the numbers is needed; none is stored."""

    position = _choice(
        _("Is there a position for an apprentice: a new one, a vacancy, or a current employee?")
    )
    mentor = _choice(_("Is there an experienced technician who can be the mentor?"))
    journeyworkers = forms.IntegerField(
        label=_("How many fully qualified technicians work at the site?"),
        min_value=0, max_value=MOST, required=False, help_text=_("Leave it empty if you don't know."),
    )  # fmt: skip
    apprentices = forms.IntegerField(
        label=_("How many apprentices do you plan there?"), min_value=1, max_value=MOST, required=False
    )
    funding = _choice(
        _("Is the cost of the related instruction covered?"),
        [(YES, _("Yes")), (PARTLY, _("Partly")), (NO, _("Not yet, or not sure"))],
    )
    raises = _choice(_("Can you pay by a schedule with at least one raise during the two years?"))
    signatory = _choice(_("Do you know who may sign an agreement for your organization?"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")

    def answers(self) -> Answers:
        """Return what was said."""
        return Answers(**self.cleaned_data)
