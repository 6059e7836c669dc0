"""The ways of sample registrations beyond being prepared: the moves of a journey, in order."""

from employers.onboarding import State
from employers.samples.journey import way_to

SENT = (*way_to(State.REGISTRATION), "send")
RETURNED = (*SENT, "return_by_agency")
SENT_AGAIN = (*RETURNED, "resubmit", "approve", "send")
