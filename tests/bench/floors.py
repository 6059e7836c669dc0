"""The least a page can cost: session, user, membership and a bare template."""

from collections.abc import Iterator

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from employers.application import Application
from employers.forms import PartForm
from employers.forms.signatory import SignatoryPart
from employers.forms.wages import WagesPart
from employers.models import Membership
from employers.views.seats import seated
from employers.views.steps import PARTS

FORMS: dict[str, type[PartForm]] = {**PARTS, "agreement": SignatoryPart, "wages": WagesPart}


@seated
def page(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Show who is here: three queries."""
    return render(request, "bench/page.html", {"membership": membership, "person": request.user})


@seated
def form(request: HttpRequest, membership: Membership, slug: str) -> HttpResponse:
    """Show the fields of a step's form, drawn by a hand-written template."""
    part = FORMS[slug](Application(membership.employer.onboarding))
    context = {"membership": membership, "person": request.user, "forms": list(forms_of(part))}
    return render(request, "bench/form.html", context)


def forms_of(part: PartForm) -> Iterator[forms.BaseForm]:
    """Yield every form of a part, the rows of its lists among them."""
    for part_form in part.forms.values():
        if isinstance(part_form, forms.BaseFormSet):
            yield part_form.management_form
            yield from part_form.forms
        else:
            yield part_form
