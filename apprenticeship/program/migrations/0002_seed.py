"""Seed the program, the first agreement text, minimum wages and funding facts."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from apprenticeship.program import seeds


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("program", "Program").objects.create(id=1, **seeds.program_values())
    apps.get_model("program", "AgreementTemplate").objects.create(
        **seeds.agreement_values(), is_sample=True, published_at=timezone.now()
    )
    wage = apps.get_model("program", "MinimumWage")
    wage.objects.bulk_create(wage(**values) for values in seeds.minimum_wages())
    fact = apps.get_model("program", "FundingFact")
    fact.objects.bulk_create(fact(**values) for values in seeds.funding_facts())


class Migration(migrations.Migration):
    dependencies = [("program", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
