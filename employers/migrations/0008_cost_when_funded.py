from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("employers", "0007_signing_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="onboarding",
            name="cost_when_funded",
            field=models.DecimalField(decimal_places=2, editable=False, max_digits=9, null=True),
        ),
    ]
