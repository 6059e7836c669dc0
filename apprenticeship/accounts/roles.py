"""Staff roles as groups of permissions. Superusers need none of them."""

from typing import Any

from django.apps import apps

REVIEWERS = "Reviewers"
MANAGERS = "Program managers"

VIEWED_BY_REVIEWERS = (
    "employers.employer",
    "employers.onboarding",
    "program.program",
    "program.programdocument",
    "program.agreementtemplate",
    "program.minimumwage",
    "program.reminderplan",
    "program.reviewerregions",
    "program.fundingfact",
    "program.changereason",
    "program.question",
    "program.registrationagency",
    "program.checklistitem",
    "documents.document",
    "records.notification",
    "records.event",
    "records.mailtext",
    "apprentices.candidate",
    "apprentices.consenttext",
)
EDITED_BY_MANAGERS = (
    "program.program",
    "program.programdocument",
    "program.agreementtemplate",
    "program.minimumwage",
    "program.reminderplan",
    "program.reviewerregions",
    "program.fundingfact",
    "program.changereason",
    "program.question",
    "program.registrationagency",
    "program.checklistitem",
    "apprentices.consenttext",
    "records.mailtext",
)

_REVIEWER_PERMISSIONS = {
    "employers.review_onboarding",
    "employers.countersign_agreement",
    "employers.approve_logocard",
    "records.export_list",
} | {"{}.view_{}".format(*model.split(".")) for model in VIEWED_BY_REVIEWERS}
PERMISSIONS = {
    REVIEWERS: _REVIEWER_PERMISSIONS,
    MANAGERS: _REVIEWER_PERMISSIONS
    | {"employers.manage_onboarding", "records.retry_notification", "apprentices.delete_candidate"}
    | {"apprentices.invite_candidates"}
    | {"accounts.view_user", "accounts.remove_second_factor", "records.export_people"}
    | {"program.delete_reviewerregions"}
    | {
        f"{app}.{verb}_{model}"
        for app, model in (m.split(".") for m in EDITED_BY_MANAGERS)
        for verb in ("add", "change")
    },
}


def sync_roles(**kwargs: Any) -> None:
    """Give each staff group exactly its permissions; safe to run at any time."""
    group_model = apps.get_model("auth", "Group")
    permission_model = apps.get_model("auth", "Permission")
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permission_model.objects.select_related("content_type")
    }
    for name, wanted in PERMISSIONS.items():
        group, _created = group_model.objects.get_or_create(name=name)
        group.permissions.set(known[code] for code in wanted if code in known)
