"""A row a move, with the words that came with it; the event log keeps none."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def take_over(apps, schema_editor):
    """Give every move of the past its row; the events stay as they are."""
    Move, Onboarding = apps.get_model("employers", "Move"), apps.get_model("employers", "Onboarding")
    for onboarding in Onboarding.objects.select_related("employer").order_by("pk").iterator():
        Move.objects.bulk_create(moves_of(onboarding, Move, apps.get_model("records", "Event")))


def moves_of(onboarding, Move, Event):
    since = onboarding.employer.created_at
    for event in Event.objects.filter(chain=f"employer:{onboarding.employer_id}").order_by("number"):
        said = event.data
        if "from" in said and "to" in said:
            yield Move(
                onboarding=onboarding, event=event, edge=event.verb, source=said["from"], target=said["to"],
                since=since, at=event.at, is_walk=said.get("walked", False), by_id=event.user_id,
                reason=said.get("reason", ""),
            )  # fmt: skip
            since = event.at


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0005_signing_link_limits"),
        ("records", "0002_event_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("edge", models.CharField(max_length=40, verbose_name="move")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("get_started", "Getting started"),
                            ("standards", "Reviewing the standards"),
                            ("position", "Ensuring a position"),
                            ("funding", "Securing funding"),
                            ("mentor", "Appointing a mentor"),
                            ("agreement", "Setting wages and signing"),
                            ("submission", "Ready to submit"),
                            ("review", "In review at AAMI"),
                            ("changes", "Changes requested"),
                            ("registration", "Being registered with the DOL"),
                            ("active", "Active partner"),
                            ("suspended", "Suspended"),
                            ("withdrawn", "Withdrawn"),
                            ("declined", "Declined"),
                            ("ended", "Ended"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("get_started", "Getting started"),
                            ("standards", "Reviewing the standards"),
                            ("position", "Ensuring a position"),
                            ("funding", "Securing funding"),
                            ("mentor", "Appointing a mentor"),
                            ("agreement", "Setting wages and signing"),
                            ("submission", "Ready to submit"),
                            ("review", "In review at AAMI"),
                            ("changes", "Changes requested"),
                            ("registration", "Being registered with the DOL"),
                            ("active", "Active partner"),
                            ("suspended", "Suspended"),
                            ("withdrawn", "Withdrawn"),
                            ("declined", "Declined"),
                            ("ended", "Ended"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="in the first state since")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "is_walk",
                    models.BooleanField(
                        default=False, verbose_name="by itself, because the answers held already"
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="move", to="records.event"
                    ),
                ),
                (
                    "onboarding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="employers.onboarding",
                    ),
                ),
            ],
            options={
                "verbose_name": "move",
                "verbose_name_plural": "moves",
                "ordering": ("-at",),
                "indexes": [
                    models.Index(fields=["source", "at"], name="move_left"),
                    models.Index(fields=["target", "at"], name="move_entered"),
                ],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
