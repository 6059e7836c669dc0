"""Mail texts in the admin: every mail with the words it goes out with, and the page that changes them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.records import events, mail, mail_samples, mail_words
from apprenticeship.records.admin.evidence import ReadOnlyAdmin, in_words
from apprenticeship.records.models import MailText
from apprenticeship.records.models.mail_text import BODY_MAX, SUBJECT_MAX

CHANGE = "records.change_mailtext"
# How mails are told apart in the list, by how their names begin; the first that fits counts.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Reminders"), ("reminder_", "signing_reminder")),
    (gettext_lazy("Signing"), ("signing_", "agreement_", "paper_")),
    (gettext_lazy("Candidates"), ("candidate_",)),
    (gettext_lazy("Accounts and sign-in"), ("account_", "second_factor_", "invitation")),
    (gettext_lazy("Applications and partners"), ("",)),
)


class WordsForm(forms.Form):
    """Subject and text of one mail, and the version that the page was opened with."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=SUBJECT_MAX)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Between the greeting and the button. A blank line begins a new paragraph; a paragraph whose variable "
            "is empty is left out."
        ),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, name: str, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.mail_name = name

    def clean(self) -> dict[str, Any]:
        """Refuse what is not known, and words that lose what only this mail tells."""
        cleaned = super().clean() or {}
        found = mail_words.faults(self.mail_name, cleaned.get("subject", ""), cleaned.get("body", ""))
        for field, errors in found.items():
            if field not in self.errors:
                for error in errors:
                    self.add_error(field, error)
        return cleaned


@admin.register(MailText)
class MailTextAdmin(ReadOnlyAdmin):
    """The list of mails; a row of the model itself, a version, can only be read."""

    fields = ("name", "version", "subject", "body", "is_default", "by", "at")

    def get_urls(self) -> list[URLPattern]:
        """Add the page of one mail."""
        view = self.admin_site.admin_view(self.words)
        return [path("<slug:name>/words/", view, name="records_mailtext_words"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List every mail with the words that count."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self._frame(request, _("Mail texts")) | {"groups": _groups()}
        return TemplateResponse(request, "admin/records/mailtext/list.html", context)

    def words(self, request: HttpRequest, name: str) -> HttpResponse:
        """Show, preview, save or restore the words of one mail."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if name not in mail_words.names():
            raise Http404
        if request.method != "POST":
            return self._page(request, name, _form_of(name))
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        if request.POST.get("action") == "restore":
            return self._restore(request, name)
        form = WordsForm(name, request.POST)
        if not form.is_valid():
            return self._page(request, name, form, status=422)
        if request.POST.get("action") == "preview":
            return self._page(request, name, form, preview=_preview(name, form))
        return self._save(request, name, form)

    def _save(self, request: HttpRequest, name: str, form: WordsForm) -> HttpResponse:
        subject, body = form.cleaned_data["subject"], form.cleaned_data["body"].replace("\r\n", "\n").strip()
        if not _store(request, name, form.cleaned_data["seen"], subject=subject, body=body):
            newest = MailText.objects.newest(name)
            problem = _(
                "%(who)s saved version %(version)s meanwhile. Your words are below; save again to replace it."
            )
            facts = (
                {"who": str(newest.by), "version": newest.version} if newest else {"who": "", "version": ""}
            )
            data = request.POST.copy()
            data["seen"] = str(newest.version if newest else 0)
            return self._page(request, name, WordsForm(name, data), problem=problem % facts, status=409)
        messages.success(request, _("These words go out from the next mail on."))
        return redirect("admin:records_mailtext_words", name)

    def _restore(self, request: HttpRequest, name: str) -> HttpResponse:
        newest = MailText.objects.newest(name)
        if newest and not newest.is_default and _store(request, name, newest.version, is_default=True):
            messages.success(request, _("The default words go out again."))
        return redirect("admin:records_mailtext_words", name)

    def _frame(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "title": title}

    def _page(
        self,
        request: HttpRequest,
        name: str,
        form: WordsForm,
        *,
        preview: Any = None,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        versions = MailText.objects.filter(name=name).select_related("by").order_by("-version")
        context = self._frame(request, title_of(name)) | {
            "name": name,
            "form": form,
            "preview": preview or _preview(name, None),
            "is_preview": preview is not None,
            "problem": problem,
            "may_change": request.user.has_perm(CHANGE),
            "variables": _variables(name),
            "versions": list(versions),
            "default_subject": mail_words.default_subject(name),
            "default_body": mail_words.default_body(name),
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, "admin/records/mailtext/words.html", context, status=status)


def title_of(name: str) -> str:
    """Return a mail's name as words."""
    return in_words(name.removeprefix("account_"))


def _store(request: HttpRequest, name: str, seen: int, **fields: Any) -> bool:
    """Store the version after `seen` and log it. Returns False if somebody was quicker."""
    assert isinstance(request.user, User)
    newest = MailText.objects.newest(name)
    if (newest.version if newest else 0) != seen:
        return False
    try:
        with transaction.atomic():
            row = MailText.objects.create(name=name, version=seen + 1, by=request.user, **fields)
            data = {"mail": name, "version": row.version}
            verb = "mail_text_restored" if row.is_default else "mail_text_changed"
            events.record(events.PROGRAM, verb, by=request.user, subject=row, data=data)
    except IntegrityError:
        return False
    return True


def _form_of(name: str) -> WordsForm:
    """Return the form with the words that count, or with the default's to start from."""
    newest = MailText.objects.newest(name)
    own = newest if newest and not newest.is_default else None
    initial = {
        "subject": own.subject if own else mail_words.default_subject(name),
        "body": own.body if own else mail_words.default_body(name),
        "seen": newest.version if newest else 0,
    }
    return WordsForm(name, initial=initial)


def _preview(name: str, form: WordsForm | None) -> Any:
    """Return the mail in sample facts: with the words of a valid form, or as it goes out today."""
    facts = mail_samples.facts_for(name, mail_words.variables(name))
    if form is None:
        return mail.message(name, "", facts, "")
    return mail.preview(name, facts, form.cleaned_data["subject"], form.cleaned_data["body"])


def _variables(name: str) -> list[dict[str, Any]]:
    facts, needed = mail_samples.facts_for(name, frozenset()), mail_words.needed(name)
    return [
        {
            "name": f"{{{{ {variable} }}}}",
            "is_block": variable in mail_words.blocks(name),
            "is_needed": variable in needed,
            "sample": "" if variable in mail_words.blocks(name) else facts.get(variable, ""),
        }
        for variable in sorted(mail_words.variables(name))
    ]


def _groups() -> list[dict[str, Any]]:
    newest: dict[str, MailText] = {}
    for row in MailText.objects.select_related("by").order_by("name", "version"):
        newest[row.name] = row
    groups: list[dict[str, Any]] = [{"title": title, "mails": []} for title, _starts in GROUPS]
    for name in mail_words.names():
        place = next(i for i, (_title, starts) in enumerate(GROUPS) if name.startswith(starts))
        row = newest.get(name)
        own = row if row and not row.is_default else None
        subject = own.subject if own else mail_words.default_subject(name)
        groups[place]["mails"].append({"name": name, "title": title_of(name), "subject": subject, "own": own})
    return groups
