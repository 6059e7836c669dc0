"""What happened, in words: each app says its own verbs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Words, or a function of the event.
_SAYS: dict[str, Any] = {
    "setting_added": lambda event: _("%(kind)s added") % {"kind": _kind(event)},
    "setting_changed": lambda event: _("%(kind)s changed") % {"kind": _kind(event)},
    "setting_removed": lambda event: _("%(kind)s removed") % {"kind": _kind(event)},
    "minimum_wage_added": gettext_lazy("Minimum wage added"),
    "minimum_wage_changed": gettext_lazy("Minimum wage changed"),
    "second_factor_removed": gettext_lazy("Lost second factor taken off"),
    "password_set": gettext_lazy("Password set by somebody else"),
    "list_exported": gettext_lazy("List taken away as CSV"),
    "document_retried": gettext_lazy("Stuck paper made again"),
    "mail_text_changed": gettext_lazy("Words of a mail changed"),
    "mail_text_restored": gettext_lazy("Words of a mail set back to the default"),
    "sealing_certificate_used": gettext_lazy("Sealing certificate used for the first time"),
    "notification_retried": gettext_lazy("Failed mail sent again"),
}


def teach(says: Mapping[str, Any]) -> None:
    """Let an app say its verbs: words, or a function of the event."""
    _SAYS.update(says)


def said(event: Any) -> "StrOrPromise":
    """Return what happened, in words. Verbs that no app has taught are read out."""
    says = _SAYS.get(event.verb, capfirst(event.verb.replace("_", " ")))
    words: StrOrPromise = says(event) if callable(says) else says
    return words


def saying(words: str) -> list[str]:
    """Return the verbs whose words have these in them."""
    wanted = words.strip().casefold()
    return [verb for verb, says in _SAYS.items() if not callable(says) and wanted in str(says).casefold()]


def _kind(event: Any) -> str:
    model = event.subject_type.model_class() if event.subject_type else None
    return capfirst(str(model._meta.verbose_name)) if model else _("Setting")
