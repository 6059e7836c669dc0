"""Give installations that still present the first sample disclosure its second version, as a new version of the text."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from apprenticeship.program import seeds

FIRST = "2026-1"


def renew_disclosure(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Publish the sample text once more with the new disclosure, unless staff wrote or began one of their own."""
    newest = apps.get_model("program", "AgreementTemplate").objects.order_by("-version").first()
    if newest is None or not (newest.is_sample and newest.published_at and newest.consent_version == FIRST):
        return
    values = seeds.agreement_values()
    newest.pk, newest.version, newest.must_resign = None, newest.version + 1, False
    newest.consent_text, newest.consent_version = values["consent_text"], values["consent_version"]
    newest.published_at = timezone.now()
    newest.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("program", "0011_candidate_notice")]

    operations = [migrations.RunPython(renew_disclosure, migrations.RunPython.noop)]
