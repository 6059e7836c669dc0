"""Full text on PostgreSQL: a column that the database keeps itself, with region and state among the words.

Django knows nothing of it, so no row carries it to a page. `apprentices/words.py` asks it.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADD = """
ALTER TABLE apprentices_candidate ADD COLUMN words tsvector GENERATED ALWAYS AS (
    to_tsvector('english'::regconfig, about)
    || array_to_tsvector(ARRAY['xregion' || coalesce(region, 0)::text, 'xstate' || lower(state)])
) STORED;
CREATE INDEX candidate_words ON apprentices_candidate USING gin (words) WHERE status = 'confirmed';
"""
DROP = "ALTER TABLE apprentices_candidate DROP COLUMN words;"


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("apprentices", "0004_sharing_consent")]

    operations = [migrations.RunPython(add, drop)]
