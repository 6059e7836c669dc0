"""Let the reminders of open registrations that went out under older names of their series count under today's.

A series was named by the case and its state, then by the attempt, then with the deadline; now with the first day.
"""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Max


def take_over(apps, schema_editor):
    """Give each open attempt's series the highest mark that was sent for it."""
    Attempt = apps.get_model("employers", "RegistrationAttempt")
    rows = Attempt.objects.filter(ended_at=None, registration__onboarding__state="registration")
    for attempt in rows.select_related("registration__onboarding__employer"):
        take_over_one(apps.get_model("records", "Reminder"), attempt)


def take_over_one(Reminder, attempt):
    series = f"registration:{attempt.pk}:{attempt.status}:{first_day(attempt):%Y%m%d}"
    sent = former(Reminder, attempt).exclude(series=series).order_by("-mark", "-at").first()
    newest = Reminder.objects.filter(series=series).order_by("-mark").first()
    if sent and (newest is None or newest.mark < sent.mark):
        Reminder.objects.create(series=series, mark=sent.mark, at=sent.at)


def former(Reminder, attempt):
    """Return the reminders of this very sending, or of this preparation, under any name."""
    name = f"registration:{attempt.pk}:{attempt.status}"
    rows = Reminder.objects.filter(series=name) | Reminder.objects.filter(series__startswith=f"{name}:")
    if attempt.status == "sent":
        corrected_at = attempt.corrections.aggregate(newest=Max("at"))["newest"]
        return rows.filter(at__gte=corrected_at) if corrected_at else rows
    case = f"registration:{attempt.registration.onboarding_id}:{attempt.since:%Y%m%dT%H%M%S}"
    return rows | Reminder.objects.filter(series=case)


def first_day(attempt):
    """Return the day that the series is named by: of the sending, or of the approval in the employer's time."""
    if attempt.sent_on:
        return attempt.sent_on
    sites = attempt.registration.onboarding.employer.sites.order_by("pk")
    zone = next((site.time_zone for site in sites if site.time_zone), "UTC")
    return attempt.since.astimezone(ZoneInfo(zone)).date()


class Migration(migrations.Migration):
    dependencies = [("employers", "0027_admin_words"), ("records", "0009_admin_words")]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
