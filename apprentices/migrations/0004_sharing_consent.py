"""Seed the consent text that covers sharing with partners; a sample until the sponsor publishes its own."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Coalesce
from django.utils import timezone

TEXT = """\
Who sees what. AAMI keeps my answers in the list of people who are interested in a BMET apprenticeship. Employers that AAMI has approved as partners can search it. They see what I chose, my state and how far away I live, but not my name, my address or my contact, and not what I wrote in my own words.

An approved partner can open my details (name, e-mail address, phone, ZIP code and place, my own words and my current employer) to write to me about an apprenticeship. It has to say why, it may use them for nothing else, and AAMI tells me who opened them and when. AAMI’s staff see everything, to run the list.

How long. Every 90 days AAMI asks me whether I am still interested. If I do not answer, no employer can find me any more; 365 days after I was last heard from, everything is deleted. If I do not confirm my address at all, everything is deleted after 14 days.

My say. The link in every mail opens my own page: I can see everything, change it, stop sharing at once, start again, or delete everything. I need no reason, and it costs nothing. What a partner has written down before I stopped stays with that partner.

Leaving my interest is not a job application. Employers choose and hire by their own procedures."""


def seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    consent = apps.get_model("apprentices", "ConsentText")
    version = (consent.objects.aggregate(newest=models.Max("version"))["newest"] or 0) + 1
    # The sponsor's own text, if there is one, stays in force until the sponsor writes its next.
    if not consent.objects.filter(is_sample=False).exists():
        consent.objects.create(version=version, text=TEXT, is_sample=True, published_at=timezone.now())
    apps.get_model("apprentices", "Candidate").objects.update(heard_at=Coalesce("confirmed_at", "created_at"))


class Migration(migrations.Migration):
    dependencies = [("apprentices", "0003_profile")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
