"""Links to a candidate's own page: one a mail, so that an older mail still opens it."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone

from apprentices.models.candidate import Candidate

LINK_LIFE = dt.timedelta(days=400)  # longer than anybody is kept without a word from them


class PageLink(models.Model):
    """A link that one mail carries. Stored hashed; gone with the candidate."""

    candidate: Any = models.ForeignKey(Candidate, models.CASCADE, related_name="page_links")
    # SHA-256 in hexadecimal; empty until the mail leaves.
    token_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.pk}"
