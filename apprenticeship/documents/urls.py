"""Papers, by ids that cannot be guessed."""

from django.urls import path

from apprenticeship.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:pk>/", views.document, name="document"),
    path("<uuid:pk>/status/", views.status, name="status"),
]
