from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_links(apps: Any, schema_editor: Any) -> None:
    """Let the link of the newest weekly mail work on."""
    link_model, search_model = (
        apps.get_model("apprentices", name) for name in ("WeeklyLink", "WeeklySearch")
    )
    for user_id, token_hash in search_model.objects.exclude(stop_hash="").values_list("user", "stop_hash"):
        link_model.objects.create(user_id=user_id, token_hash=token_hash)


class Migration(migrations.Migration):
    """Give every weekly mail a link of its own."""

    dependencies = [
        ("apprentices", "0011_covering"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WeeklyLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token_hash",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="weekly_links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "link of a weekly mail",
                "verbose_name_plural": "links of weekly mails",
            },
        ),
        migrations.RunPython(keep_links, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="weeklysearch", name="stop_hash"),
    ]
