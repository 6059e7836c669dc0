"""Seed the first consent text, a sample until the sponsor publishes its own."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

TEXT = """\
AAMI may keep my name, my e-mail address and my ZIP code, with the place, state and region it belongs to, in the list of people who are interested in a BMET apprenticeship.

AAMI and the partner employers it has approved may see them and write to me about apprenticeships. They may use them for nothing else.

I can see and delete what is kept about me at any time, by the link in the mail that I get or by writing to AAMI. I need no reason, and it costs nothing.

Leaving my interest is not a job application. Employers choose and hire by their own procedures."""


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("apprentices", "ConsentText").objects.create(
        version=1, text=TEXT, is_sample=True, published_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("apprentices", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
