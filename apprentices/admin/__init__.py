"""Candidates at the desk: who is on the list, its figures, and the text they consent to."""

from apprentices.admin import candidates, consent, deletion, invitations

__all__ = ["candidates", "consent", "deletion", "invitations"]
