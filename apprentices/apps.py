"""People who want to become apprentices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApprenticesConfig(AppConfig):
    """Candidates, their interest form and page, and the partners' search."""

    name = "apprentices"
    verbose_name = _("Candidates")

    def ready(self) -> None:
        """Let the worker invite people, and make the links of a mail when it sends it."""
        from apprentices import event_facts, inviting, links, weekly
        from apprentices.models import InvitationList
        from apprenticeship.records import details, grants, queues, verbs

        grants.register("candidate_confirm", links.confirm_path)
        grants.register("candidate_email", links.email_path)
        grants.register("candidate_page", links.page_path, way_out=links.way_out)
        grants.register("weekly_stop", weekly.stop_path, way_out=lambda path: path)
        grants.register("candidate_invitation", links.invitation_path, way_out=links.invitation_way_out)
        verbs.teach(event_facts.SAYS)
        details.teach(event_facts.FACTS)
        queues.register(queues.Queue(name=inviting.QUEUE, model=InvitationList, work=inviting.work_off))
