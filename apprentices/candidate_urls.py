"""Addresses of the partners' search, below /candidates/."""

from django.urls import path

from apprentices.views import partners

app_name = "candidates"

urlpatterns = [
    path("", partners.search, name="search"),
    path("opened/", partners.opened, name="opened"),
    path("opened.csv", partners.opened_csv, name="opened-csv"),
    path("weekly/", partners.follow, name="follow"),
    path("weekly/stop/<slug:token>/", partners.weekly_stop, name="weekly-stop"),
    path("<uuid:pk>/", partners.candidate, name="candidate"),
]
