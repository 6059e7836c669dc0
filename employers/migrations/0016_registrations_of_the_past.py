"""Give every case that was ever approved its record and its attempts, from the moves it made."""

from django.db import migrations

ENDS = {"register": "registered", "return_by_agency": "returned", "cancel_registration": "stopped"}


def take_over(apps, schema_editor):
    """Begin an attempt at every approval and end it by the move that followed; nobody recorded when one was sent."""
    Onboarding, Registration = (apps.get_model("employers", name) for name in ("Onboarding", "Registration"))
    moves = {"edge__in": ["approve", *ENDS]}
    known = apps.get_model("employers", "Move").objects.filter(**moves).values("onboarding")
    rows = Onboarding.objects.filter(pk__in=known) | Onboarding.objects.filter(state="registration")
    for onboarding in rows.select_related("employer").order_by("pk").distinct().iterator():
        registration, _is_new = Registration.objects.get_or_create(onboarding=onboarding)
        if not registration.attempts.exists():
            take_over_one(apps, onboarding, registration)


def take_over_one(apps, onboarding, registration):
    attempt, agency = None, agency_of(apps, onboarding.employer.state)
    for move in onboarding.moves.filter(edge__in=["approve", *ENDS]).order_by("at"):
        if move.edge == "approve" and attempt is None:
            attempt = begin(registration, agency, onboarding, at=move.at, by=known_user(apps, move.by_id))
        elif move.edge in ENDS and attempt is not None:
            attempt.status, attempt.reason = ENDS[move.edge], move.reason
            attempt.ended_at, attempt.ended_by_id = move.at, known_user(apps, move.by_id)
            attempt.save()
            attempt = None
    if onboarding.state == "registration":
        attempt = attempt or begin(registration, agency, onboarding, at=onboarding.state_since, by=None)
        add_checklist(apps, attempt)


def begin(registration, agency, onboarding, *, at, by):
    return registration.attempts.create(
        number=registration.attempts.count() + 1,
        begun_at=at,
        since=at,
        begun_by_id=by,
        state=onboarding.employer.state,
        agency_kind=agency.kind if agency else "",
        agency=(agency.name or agency.get_kind_display()) if agency else "",
    )


def agency_of(apps, state):
    return apps.get_model("program", "RegistrationAgency").objects.filter(state=state).first()


def known_user(apps, pk):
    """Return the key, unless the account is gone: a move outlives it, a foreign key does not."""
    found = apps.get_model("accounts", "User").objects.filter(pk=pk) if pk else ()
    return pk if found else None


def add_checklist(apps, attempt):
    items = apps.get_model("program", "ChecklistItem").objects.filter(is_offered=True)
    asked = [
        item
        for item in items.order_by("position", "pk")
        if (not item.kind or attempt.agency_kind in (item.kind, "both"))
        and (not item.states or attempt.state in item.states.split(","))
    ]
    for position, item in enumerate(asked, start=1):
        attempt.checks.create(
            position=position, text=item.text, source_name=item.source_name, is_sample=item.is_sample
        )


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0015_registration_attempt"),
        ("program", "0009_registration"),
        ("accounts", "0001_initial"),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
