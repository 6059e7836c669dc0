"""The desk in the admin: the queue, the review page with its decisions, and what staff may read."""

from employers.admin import amendment, employer, evidence, logo_card, onboarding, site

__all__ = ["amendment", "employer", "evidence", "logo_card", "onboarding", "site"]
