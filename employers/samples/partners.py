"""Invented partners for the public list of participating employers. Sample data: no such organizations exist."""

from employers.samples.hospitals import Hospital, Place

BLUEBONNET = Hospital(
    name="Bluebonnet Medical Center",
    kind="hospital",
    owner="Ruth Delgado",
    sites=(
        Place(
            name="Bluebonnet",
            street="1800 Congress Lane",
            city="Austin",
            state="TX",
            zip_code="78704",
            county="Travis",
            journeyworkers=10,
        ),
    ),
)
TIDEWATER = Hospital(
    name="Tidewater Harbor Health",
    kind="health_system",
    owner="Nathan Quill",
    sites=(
        Place(
            name="Tidewater Norfolk",
            street="77 Ghent Square",
            city="Norfolk",
            state="VA",
            zip_code="23507",
            county="Norfolk City",
            journeyworkers=11,
        ),
        Place(
            name="Tidewater Raleigh",
            street="5 Oak Row",
            city="Raleigh",
            state="NC",
            zip_code="27601",
            county="Wake",
        ),
    ),
)
MESA = Hospital(
    name="Mesa Vista Clinical Engineering",
    kind="service",
    owner="Elena Archuleta",
    sites=(
        Place(
            name="Mesa Vista",
            street="31 Turquoise Trail",
            city="Albuquerque",
            state="NM",
            zip_code="87102",
            county="Bernalillo",
            journeyworkers=14,
        ),
    ),
)
