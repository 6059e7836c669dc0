import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep nobody silent for more than a year, so that the link of a mail outlives what it opens."""

    dependencies = [("program", "0012_disclosure")]

    operations = [
        migrations.AlterField(
            model_name="program",
            name="candidate_erase_days",
            field=models.PositiveSmallIntegerField(
                default=365,
                help_text="Days without a word from them, a year at most. The consent text names them.",
                validators=[
                    django.core.validators.MinValueValidator(30),
                    django.core.validators.MaxValueValidator(365),
                ],
                verbose_name="candidates are deleted after, days",
            ),
        ),
    ]
