import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from apprenticeship.accounts.roles import REVIEWERS
from apprenticeship.program.models import (
    AgreementTemplate,
    MinimumWage,
    Program,
    ProgramDocument,
    ReminderPlan,
)
from tests.pages import visit
from tests.people import browser, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_by_superuser():
    request = RequestFactory().get("/admin/")
    request.user = get_user_model()(
        email="staff@example.org", is_staff=True, is_superuser=True, is_active=True
    )
    return request


def test_published_version_is_read_only_but_for_retiring(request_by_superuser):
    model_admin = admin.site.get_model_admin(AgreementTemplate)
    template = AgreementTemplate.objects.current()

    fixed = model_admin.get_readonly_fields(request_by_superuser, template)

    shown = set(admin.utils.flatten(model_admin.fields))
    assert shown - set(fixed) == {"retired_at"}
    assert not model_admin.has_delete_permission(request_by_superuser, template)


def test_draft_is_open_for_editing(request_by_superuser):
    model_admin = admin.site.get_model_admin(ProgramDocument)
    draft = ProgramDocument(kind="standards", version=1, title="Standards", link="https://example.org/")

    assert model_admin.get_readonly_fields(request_by_superuser, draft) == (
        "created_at",
        "published_at",
        "must_resign",
        "reaches_partners",
    )
    assert model_admin.has_delete_permission(request_by_superuser, draft)
    draft.published_at = timezone.now()
    assert not model_admin.has_delete_permission(request_by_superuser, draft)


def test_versions_have_no_bulk_delete(request_by_superuser):
    model_admin = admin.site.get_model_admin(ProgramDocument)

    assert "delete_selected" not in model_admin.get_actions(request_by_superuser)


def test_the_program_is_neither_added_nor_deleted(request_by_superuser):
    model_admin = admin.site.get_model_admin(Program)

    assert not model_admin.has_add_permission(request_by_superuser)
    assert not model_admin.has_delete_permission(request_by_superuser, Program.objects.current())


def test_lists_show_and_filter(request_by_superuser):
    for model in (Program, ProgramDocument, AgreementTemplate, MinimumWage):
        model_admin = admin.site.get_model_admin(model)
        changelist = model_admin.get_changelist_instance(request_by_superuser)
        assert changelist.result_count == model.objects.count()


@pytest.mark.parametrize("model", [Program, ReminderPlan])
def test_settings_of_one_row_open_without_a_list_before_them(model):
    reviewer = person("reviewer@example.org", staff=REVIEWERS)
    address = reverse(f"admin:program_{model._meta.model_name}_changelist")
    page = visit(browser(reviewer), address)
    assert page.url == reverse(
        f"admin:program_{model._meta.model_name}_change", args=[model.objects.get().pk]
    )
    assert page.headline == f"View {model._meta.verbose_name}"
