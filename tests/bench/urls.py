"""The portal's addresses, and the floors."""

from django.urls import path

from apprenticeship.urls import urlpatterns as portal
from tests.bench import floors

urlpatterns = [
    *portal,
    path("floor/", floors.page, name="floor-page"),
    path("floor/<slug:slug>/", floors.form, name="floor-form"),
]
