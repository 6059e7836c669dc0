"""How a partner wants to appear in public."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers.forms.cleaning import CleanTextMixin
from employers.logo_cards import Answers
from employers.logos import Logo, checked
from employers.models import LogoCard
from employers.models.logo_card import WEB


class LogoCardForm(CleanTextMixin, forms.Form):
    """Name, website and logo. `opened` names the version that was on the page."""

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    display_name = forms.CharField(
        label=gettext_lazy("Name to show"),
        max_length=80,
        help_text=gettext_lazy("As people know you; the agreement keeps your legal name."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Website"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Optional; your name links to it. For instance https://www.example.org/careers"
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "Optional; PNG, JPEG or WebP, at most 5 MB. It is drawn on white, 240 by 120 pixels, and twice that."
        ),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp,image/png,image/jpeg,image/webp"}),
    )
    removes_logo = forms.BooleanField(label=gettext_lazy("Show my name without a logo"), required=False)
    alt_text = forms.CharField(
        label=gettext_lazy("The logo in words"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "What people hear who do not see it, for instance “Lakeside Regional, a blue wave”."
        ),
    )

    def __init__(self, card: LogoCard | None, name: str, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial=_initial(card, name), label_suffix="")
        self.card = card
        self.new_logo: Logo | None = None
        if not (card and card.logo):
            del self.fields["removes_logo"]

    def clean_website(self) -> str:
        """An address of the web; without a scheme it is https."""
        typed = str(self.cleaned_data["website"]).strip()
        if typed and "://" not in typed:
            typed = f"https://{typed}"
        if typed:
            try:
                WEB(typed)
            except ValidationError:
                raise ValidationError(
                    _("Enter the address of a website, like https://www.example.org.")
                ) from None
        return typed

    def clean_logo(self) -> Any:
        """The picture that will be kept, made from the upload."""
        upload = self.cleaned_data["logo"]
        if upload:
            self.new_logo = checked(upload)
        return upload

    def clean(self) -> None:
        """A logo is said in words too."""
        super().clean()
        has_logo = self.new_logo or (self.card and self.card.logo and not self._removes)
        if has_logo and not self.cleaned_data.get("alt_text"):
            self.add_error("alt_text", _("Say the logo in words, for people who do not see it."))

    @property
    def _removes(self) -> bool:
        return bool(self.cleaned_data.get("removes_logo"))

    def answers(self) -> Answers:
        """Return what was typed, checked."""
        typed = self.cleaned_data
        return Answers(
            display_name=typed["display_name"], website=typed["website"], alt_text=typed["alt_text"],
            logo=None if self._removes else self.new_logo, keeps_logo=not self._removes,
        )  # fmt: skip


def _initial(card: LogoCard | None, name: str) -> dict[str, str]:
    if card is None:
        return {"display_name": name, "opened": ""}
    return {
        "display_name": card.display_name,
        "website": card.website,
        "alt_text": card.alt_text,
        "opened": str(card.pk),
    }
