"""The paper path: the upload of a scan, and what a reviewer reads on it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from employers import paper_path
from employers.forms.cleaning import CleanTextMixin, typed_text
from employers.models import PaperScan
from employers.onboarding import Text
from employers.scans import Scan, checked

LONGEST_NOTE = 1000
LONGEST_REASON = 2000


class UploadForm(CleanTextMixin, forms.Form):
    """A scan of the signed paper, and a word to the person who checks it."""

    sha256 = forms.CharField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=_("Scan of the signed agreement"),
        help_text=_("PDF, JPEG or PNG, at most 15 MB and 40 pages."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        error_messages={
            "required": _("Choose the scan."),
            "empty": _("The file is empty. Save the scan again."),
        },
    )
    note = forms.CharField(
        label=_("Note to AAMI"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Optional; for instance who signed, if the writing is hard to read."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    scan: Scan

    def clean_file(self) -> Any:
        """The content is that of a scan that may be kept."""
        upload = self.cleaned_data["file"]
        self.scan = checked(upload)
        return upload


class ScanForm(CleanTextMixin, forms.Form):
    """A word on a scan; `label` is what its button says."""

    label: Text
    prefix_of_ids = ""

    def __init__(self, scan: PaperScan, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{self.prefix_of_ids}-%s", label_suffix="")
        self.scan = scan

    def typed(self) -> list[tuple[str, str]]:
        """Return label and text of every field somebody typed into, for a word that came too late."""
        return typed_text(self)


class ConfirmForm(ScanForm):
    """What a reviewer reads on the scan."""

    label = _("Confirm the signature on paper")
    prefix_of_ids = "scan"

    code = forms.CharField(
        label=_("The code printed on the scan is"),
        max_length=20,
        help_text=_("Read it on the scan, not here; it looks like BMET-7K3F-9QXA."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    signer_name = forms.CharField(label=_("Signed by"), max_length=120)
    signer_title = forms.CharField(label=_("Their title"), max_length=120)
    signed_on = forms.DateField(
        label=_("Date on the paper"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> None:
        """Code and date can be those of the paper that was printed."""
        super().clean()
        typed = self.cleaned_data
        try:
            if "code" in typed:
                paper_path.check_code(self.scan, typed["code"])
        except ValidationError as error:
            self.add_error(None, error)
        try:
            if "signed_on" in typed:
                paper_path.check_date(self.scan, typed["signed_on"])
        except ValidationError as error:
            self.add_error(None, error)


class RejectForm(ScanForm):
    """Why a scan does not hold."""

    label = _("Reject the scan")
    prefix_of_ids = "reject"

    reason = forms.CharField(
        label=_("What is wrong with the scan"),
        max_length=LONGEST_REASON,
        help_text=_("The employer reads this in the mail and signs again."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
