"""What everybody may see of the partners."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apprenticeship.tile_map import tile_map
from employers.partners import find


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """Show the participating employers: logos, list and map, for one state where asked."""
    found, address = find(request.GET.get("state", "").upper()), reverse("employers:partners")
    places = tile_map(found.counts, url=lambda code: f"{address}?state={code}#list", chosen=found.state)
    return render(request, "employers/partners.html", {"found": found, "map": places})
