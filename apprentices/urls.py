"""Public pages for future apprentices."""

app_name = "apprentices"
urlpatterns: list = []
