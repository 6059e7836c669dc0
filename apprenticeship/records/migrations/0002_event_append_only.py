"""PostgreSQL itself refuses to change or delete an event.

The trigger works row by row: TRUNCATE stays possible, with which Django empties a test database.
SQLite has none: there Django empties tables by DELETE.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION records_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events cannot be changed or deleted.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON records_event
    FOR EACH ROW EXECUTE FUNCTION records_event_append_only();
"""
ALLOW = """
DROP TRIGGER event_append_only ON records_event;
DROP FUNCTION records_event_append_only();
"""


def refuse(apps, schema_editor):
    run(schema_editor, REFUSE)


def allow(apps, schema_editor):
    run(schema_editor, ALLOW)


def run(schema_editor, statements):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(statements, params=None)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
