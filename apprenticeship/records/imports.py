"""A page of the desk that reads a table from a file: choose, look, confirm. Only the last step stores anything."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Protocol

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apprenticeship.accounts.models import User
from apprenticeship.tables import MovedOn, decode


class Plan(Protocol):
    """What a file would do, whether that may be stored, and the SHA-256 of exactly that."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def may_be_stored(self) -> bool: ...


class UploadForm(forms.Form):
    """One CSV file that can be read."""

    file = forms.FileField(label=gettext_lazy("CSV file"))

    def __init__(self, *args: Any, bytes_max: int, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.bytes_max = bytes_max
        self.fields["file"].help_text = _("At most %(size)d kB.") % {"size": bytes_max // 1000}

    def clean_file(self) -> str:
        """Return the text of the file."""
        upload = self.cleaned_data["file"]
        return decode(upload.read(self.bytes_max + 1), bytes_max=self.bytes_max)


class ConfirmForm(forms.Form):
    """The text that was shown, what was said about it, and a yes where one is needed."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agrees = forms.BooleanField(required=False)

    def __init__(self, *args: Any, bytes_max: int, agrees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": ""} | kwargs))
        self.fields["text"].max_length = bytes_max  # type: ignore[attr-defined]
        self.fields["agrees"].label = agrees


class TableImport(ABC):
    """The three steps of one kind of table."""

    template: ClassVar[str]
    bytes_max: ClassVar[int]
    title: ClassVar[Any]
    agrees: ClassVar[Any]  # what is ticked before it is stored, where `needs_yes`
    tick_first: ClassVar[Any]
    moved_on: ClassVar[Any]

    def __init__(self, model_admin: "admin.ModelAdmin[Any]", *, is_allowed: bool) -> None:
        self.model_admin, self.is_allowed = model_admin, is_allowed

    @abstractmethod
    def plan(self, text: str) -> Any:
        """Return what the text would do. Raises Unreadable."""

    @abstractmethod
    def store(self, text: str, *, fingerprint: str, by: User) -> Any:
        """Store exactly the plan with this fingerprint. Raises MovedOn or Unreadable."""

    @abstractmethod
    def needs_yes(self, plan: Any) -> bool:
        """Tell whether the box has to be ticked."""

    @abstractmethod
    def context(self, plan: Any) -> dict[str, Any]:
        """Return what the template shows beside the forms; `plan` is None before a file was chosen."""

    @abstractmethod
    def done(self, request: HttpRequest, stored: Any) -> HttpResponse:
        """Say what was stored and lead on."""

    def view(self, request: HttpRequest) -> HttpResponse:
        """Choose a file (GET), see what it would do (POST of a file), store it (POST of the confirmation)."""
        if not self.is_allowed:
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, self._upload())
        if "text" in request.POST:
            return self._confirm(request)
        upload = self._upload(request.POST, request.FILES)
        if not upload.is_valid():
            return self._page(request, upload, status=422)
        return self._preview(request, upload, upload.cleaned_data["file"])

    def _upload(self, *data: Any) -> UploadForm:
        return UploadForm(*data, bytes_max=self.bytes_max)

    def _confirmation(self, *data: Any, **kwargs: Any) -> ConfirmForm:
        return ConfirmForm(*data, bytes_max=self.bytes_max, agrees=self.agrees, **kwargs)

    def _preview(
        self, request: HttpRequest, upload: UploadForm, text: str, problem: str = ""
    ) -> HttpResponse:
        try:
            found: Plan = self.plan(text)
        except ValidationError as error:
            upload.add_error("file", error)
            return self._page(request, upload, status=422)
        confirm = self._confirmation(initial={"text": text, "fingerprint": found.fingerprint})
        return self._page(request, self._upload(), plan=found, confirm=confirm, problem=problem)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        form = self._confirmation(request.POST)
        if not form.is_valid():
            return self._page(request, self._upload(), status=422)
        text = form.cleaned_data["text"]
        try:
            found = self.plan(text)
        except ValidationError:  # only a forged confirmation holds what the preview has refused
            return redirect(request.path)
        if self.needs_yes(found) and not form.cleaned_data["agrees"]:
            form.add_error("agrees", self.tick_first)
            return self._page(request, self._upload(), plan=found, confirm=form, status=422)
        assert isinstance(request.user, User)
        try:
            stored = self.store(text, fingerprint=form.cleaned_data["fingerprint"], by=request.user)
        except MovedOn:
            return self._preview(request, self._upload(), text, self.moved_on)
        return self.done(request, stored)

    def _page(
        self,
        request: HttpRequest,
        upload: UploadForm,
        *,
        plan: Any = None,
        confirm: ConfirmForm | None = None,
        problem: str = "",
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.model_admin.admin_site.each_context(request),
            "opts": self.model_admin.opts,
            "title": self.title,
            "upload": upload,
            "plan": plan,
            "confirm": confirm,
            "needs_yes": plan is not None and self.needs_yes(plan),
            "problem": problem,
            "is_nav_sidebar_enabled": False,
            **self.context(plan),
        }
        return TemplateResponse(request, self.template, context, status=status)
