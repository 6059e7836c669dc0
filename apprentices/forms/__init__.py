"""Forms of candidates and of the partners who search for them."""

from apprentices.forms.interest import InterestForm
from apprentices.forms.own import LinkForm, OwnForm

__all__ = ["InterestForm", "LinkForm", "OwnForm"]
