"""Staff roles are groups with exactly their permissions, whatever somebody clicked together."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from apprenticeship.accounts.roles import MANAGERS, REVIEWERS
from tests.people import person

pytestmark = pytest.mark.django_db

REVIEWER = {
    "apprentices.view_candidate",
    "apprentices.view_consenttext",
    "documents.view_document",
    "employers.approve_logocard",
    "employers.countersign_agreement",
    "employers.review_onboarding",
    "employers.view_employer",
    "employers.view_onboarding",
    "program.view_agreementtemplate",
    "program.view_changereason",
    "program.view_checklistitem",
    "program.view_fundingfact",
    "program.view_minimumwage",
    "program.view_question",
    "program.view_reminderplan",
    "program.view_reviewerregions",
    "records.view_mailtext",
    "program.view_program",
    "program.view_programdocument",
    "program.view_registrationagency",
    "records.export_list",
    "records.view_event",
    "records.view_notification",
}
MANAGER = REVIEWER | {
    "accounts.remove_second_factor",
    "accounts.view_user",
    "apprentices.add_consenttext",
    "apprentices.change_consenttext",
    "apprentices.delete_candidate",
    "apprentices.invite_candidates",
    "employers.manage_onboarding",
    "program.add_agreementtemplate",
    "program.add_changereason",
    "program.add_checklistitem",
    "program.add_registrationagency",
    "program.add_fundingfact",
    "program.add_minimumwage",
    "program.add_question",
    "program.add_reminderplan",
    "program.delete_reviewerregions",
    "program.add_reviewerregions",
    "records.add_mailtext",
    "program.add_program",
    "program.add_programdocument",
    "program.change_agreementtemplate",
    "program.change_changereason",
    "program.change_checklistitem",
    "program.change_registrationagency",
    "program.change_fundingfact",
    "program.change_minimumwage",
    "program.change_question",
    "program.change_reminderplan",
    "program.change_reviewerregions",
    "records.change_mailtext",
    "program.change_program",
    "program.change_programdocument",
    "records.export_people",
    "records.retry_notification",
}


def permissions_of(group: str) -> set[str]:
    rows = Permission.objects.filter(group__name=group).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def test_groups_have_exactly_their_permissions() -> None:
    assert {group.name: permissions_of(group.name) for group in Group.objects.all()} == {
        REVIEWERS: REVIEWER,
        MANAGERS: MANAGER,
    }


def test_migrating_again_gives_a_group_back_what_it_should_have() -> None:
    group = Group.objects.get(name=REVIEWERS)
    group.permissions.set(Permission.objects.filter(codename="delete_user"))
    call_command("migrate", verbosity=0)
    assert permissions_of(REVIEWERS) == REVIEWER


@pytest.mark.parametrize(("role", "expected"), [(REVIEWERS, REVIEWER), (MANAGERS, MANAGER), ("", set())])
def test_person_may_what_their_role_may(role: str, expected: set[str]) -> None:
    assert person("somebody@example.org", staff=role).get_all_permissions() == expected


def test_deactivated_staff_may_nothing() -> None:
    user = person("somebody@example.org", staff=MANAGERS)
    user.is_active = False
    user.save()
    assert user.get_all_permissions() == set()
