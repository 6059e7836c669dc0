"""Let a change request say whether the registration agency returned the papers; those of the past by their attempts."""

from django.db import migrations, models


def mark(apps, schema_editor):
    """Mark the request that each returned attempt ended with."""
    Attempt = apps.get_model("employers", "RegistrationAttempt")
    Request = apps.get_model("employers", "ChangeRequest")
    for attempt in Attempt.objects.filter(status="returned").select_related("registration"):
        asked = Request.objects.filter(
            onboarding=attempt.registration.onboarding_id,
            created_at__gte=attempt.begun_at,
            created_at__lte=attempt.ended_at,
        ).order_by("-created_at")
        Request.objects.filter(pk__in=asked.values_list("pk", flat=True)[:1]).update(is_agencys=True)


class Migration(migrations.Migration):
    dependencies = [("employers", "0028_reminder_series")]
    operations = [
        migrations.AddField(
            model_name="changerequest",
            name="is_agencys",
            field=models.BooleanField(default=False, verbose_name="from the registration agency"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
