"""Addresses of candidates, below /interest/."""

from django.urls import path

from apprentices.views import interest, invited, own

app_name = "apprentices"

urlpatterns = [
    path("", interest.interest, name="interest"),
    path("place/", interest.place, name="place"),
    path("thanks/", interest.thanks, name="thanks"),
    path("confirm/<slug:token>/", interest.confirm, name="confirm"),
    path("confirmed/", interest.confirmed, name="confirmed"),
    path("invited/<slug:token>/", invited.invited, name="invited"),
    path("invited/<slug:token>/no/", invited.no_thanks, name="no-thanks"),
    path("mine/<slug:token>/", own.mine, name="mine"),
    path("mine/<slug:token>/change/", own.change, name="change"),
    path("mine/<slug:token>/delete/", own.delete, name="delete"),
    path("unsubscribe/<slug:token>/", own.unsubscribe, name="unsubscribe"),
    path("email/<slug:token>/", own.email, name="email"),
    path("link/", own.link, name="link"),
    path("link/sent/", own.link_sent, name="link-sent"),
    path("deleted/", interest.deleted, name="deleted"),
]
