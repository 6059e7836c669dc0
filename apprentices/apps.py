"""People who want to become apprentices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprenticesConfig(AppConfig):
    """Candidates, their interest form and page, and the partners' search."""

    name = "apprentices"
    verbose_name = _("Candidates")

    def ready(self) -> None:
        """Let the worker make a candidate's links when it sends their mail."""
        from apprentices import links, weekly
        from apprenticeship.records import grants

        grants.register("candidate_confirm", links.confirm_path)
        grants.register("candidate_email", links.email_path)
        grants.register("candidate_page", links.page_path, way_out=links.way_out)
        grants.register("weekly_stop", weekly.stop_path, way_out=lambda path: path)
