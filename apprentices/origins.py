"""From how many places a partner may measure distances in a day.

Nobody's distance is told more finely than the search's own circles; circles around hundreds of places would still
show together where somebody lives. A partner's own sites are few and known, so they always count.
"""

import logging

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from employers.models import Employer

logger = logging.getLogger(__name__)

MOST = 20  # ZIP codes that are no site's, a day
DAY = 24 * 3600  # seconds


def may_measure_from(employer: Employer, zip_code: str) -> bool:
    """Count this ZIP code as asked for today, and say whether distances are told from it. Keeps it in the cache."""
    if any(site.zip_code[:5] == zip_code for site in employer.sites.all()):
        return True
    key = f"origins:{employer.pk}:{timezone.now():%Y-%m-%d}"
    try:
        asked: frozenset[str] = cache.get(key, frozenset())
        if zip_code in asked:
            return True
        if len(asked) >= MOST:
            return False
        cache.set(key, asked | {zip_code}, DAY)
    except (RedisError, OSError) as error:
        logger.warning("Places that are searched from are not limited: %s", type(error).__name__)
    return True


def refusal() -> str:
    """Return what to say at a ZIP code that is one too many."""
    return _(
        "Your organization has searched around %(most)d ZIP codes today, the most for a day, so that nobody’s home "
        "can be worked out. Your sites and today’s ZIP codes still work."
    ) % {"most": MOST}
