"""Addresses of the interest form, below /interest/."""

from django.urls import path

from apprentices import views

app_name = "apprentices"

urlpatterns = [
    path("", views.interest, name="interest"),
    path("place/", views.place, name="place"),
    path("thanks/", views.thanks, name="thanks"),
    path("confirm/<slug:token>/", views.confirm, name="confirm"),
    path("confirmed/", views.confirmed, name="confirmed"),
    path("delete/<slug:token>/", views.delete, name="delete"),
    path("deleted/", views.deleted, name="deleted"),
]
