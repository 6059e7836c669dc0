"""People who sign in."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, staff roles and the sign-in pages."""

    name = "apprenticeship.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Teach the mail queue to mint account links; keep staff roles in step with the permissions."""
        from apprenticeship.accounts import mail_links, roles
        from apprenticeship.records import grants

        grants.register("verify_email", mail_links.verify_email)
        grants.register("reset_password", mail_links.reset_password)
        post_migrate.connect(roles.sync_roles, dispatch_uid="accounts.sync_roles")
