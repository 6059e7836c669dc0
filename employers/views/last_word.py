"""The last page before a signature: what is signed, by whom, and the code that was mailed."""

from dataclasses import dataclass
from smtplib import SMTPException

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from employers import codes
from employers.application import zone_of
from employers.forms.signatory import CodeForm, SigningForm
from employers.models import Agreement
from employers.onboarding import Text
from employers.signing import INTENT

TOO_MANY_CODES = gettext_lazy(
    "Ten codes were mailed for this text within a day. The next one can go out tomorrow."
)
WRONG_CODE = gettext_lazy(
    "This is not the code we mailed, or it is too old. Ask for a new one with “Mail the code again”."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    """One signer before one text; `read_url` is where the text is read, `sign_url` where the page is sent."""

    agreement: Agreement
    signer: codes.Signer
    read_url: str
    sign_url: str
    too_many: Text = TOO_MANY_CODES

    def mail_code(self, *, agreed: bool = False) -> str:
        """Mail the code and return what went wrong, in words, or ""; `agreed`: consent was given just now."""
        return mail_code(self.agreement, self.signer, self.too_many, agreed=agreed)

    def page(
        self, request: HttpRequest, form: SigningForm, code: CodeForm, *, problem: str = "", status: int = 200
    ) -> HttpResponse:
        """Show what is about to be signed, and ask for the code; what was typed before travels along."""
        moment, zone = timezone.now(), zone_of(self.agreement.employer)
        facts = {"moment": moment, "zone": zone, "intent": INTENT}
        context = {"last": self, "form": form, "code": code, "problem": problem, **facts}
        return render(request, "employers/signatory/last_word.html", context, status=status)

    def page_of_wrong_code(self, request: HttpRequest, form: SigningForm, code: CodeForm) -> HttpResponse:
        """Say that the code is not the one that was mailed."""
        code.add_error("code", str(WRONG_CODE))
        return self.page(request, form, code, status=422)


def mail_code(
    agreement: Agreement,
    signer: codes.Signer,
    too_many: Text = TOO_MANY_CODES,
    purpose: codes.Purpose = codes.Purpose.SIGN,
    *,
    agreed: bool = False,
) -> str:
    """Mail the code and return what went wrong, in words, or ""."""
    try:
        codes.send(agreement, signer, purpose, agreed=agreed)
    except codes.TooManyCodes:
        return str(too_many)
    except (SMTPException, OSError):
        return _(
            "The code could not be mailed just now. Nothing is lost; press “Mail the code again” in a minute."
        )
    return ""
