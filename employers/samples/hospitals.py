"""Invented hospitals in real places. Sample data: no such organizations exist."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site: an invented name at an invented street of a real town."""

    name: str
    street: str
    city: str
    state: str
    zip_code: str
    county: str
    journeyworkers: int = 6
    health_care_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hospital:
    """An employer to make, with its owner and its wages in dollars per hour."""

    name: str
    kind: str
    owner: str
    sites: tuple[Place, ...]
    openings: int = 2
    full_rate: Decimal = Decimal("34.00")
    rates: tuple[str, ...] = ("21.00", "24.00", "26.50", "29.00")


LAKESIDE = Hospital(
    name="Lakeside Regional Medical Center",
    kind="hospital",
    owner="Dana Whitfield",
    sites=(
        Place(
            name="Main campus",
            street="400 Harbor View Drive",
            city="Duluth",
            state="MN",
            zip_code="55805",
            county="St. Louis",
        ),
        Place(
            name="Superior clinic",
            street="12 Tower Avenue",
            city="Superior",
            state="WI",
            zip_code="54880",
            county="Douglas",
            journeyworkers=3,
        ),
    ),
)
PRAIRIE = Hospital(
    name="Prairie Health System",
    kind="health_system",
    owner="Marcus Oyelaran",
    sites=(
        Place(
            name="Prairie General",
            street="2100 Grand Avenue",
            city="Des Moines",
            state="IA",
            zip_code="50312",
            county="Polk",
            journeyworkers=12,
        ),
    ),
)
HARBOR = Hospital(
    name="Harbor Bay Medical Center",
    kind="hospital",
    owner="Lucia Ferrante",
    sites=(
        Place(
            name="Harbor Bay",
            street="88 Embarcadero West",
            city="Oakland",
            state="CA",
            zip_code="94607",
            county="Alameda",
            journeyworkers=9,
            health_care_group="ca_health_large",
        ),
    ),
    full_rate=Decimal("48.00"),
    rates=("30.00", "34.00", "38.50", "43.00"),
)
ST_BRENDAN = Hospital(
    name="St. Brendan Hospital",
    kind="hospital",
    owner="Aoife Brennan",
    sites=(
        Place(
            name="St. Brendan",
            street="15 Beacon Hill Road",
            city="Worcester",
            state="MA",
            zip_code="01604",
            county="Worcester",
        ),
    ),
)
NORTHGATE = Hospital(
    name="Northgate Clinics",
    kind="clinic",
    owner="Hannah Sørensen",
    sites=(
        Place(
            name="Northgate Seattle",
            street="970 Aurora Lane",
            city="Seattle",
            state="WA",
            zip_code="98103",
            county="King",
            journeyworkers=4,
        ),
    ),
    full_rate=Decimal("42.00"),
    rates=("26.00", "30.00", "34.00", "38.00"),
)
SUMMIT = Hospital(
    name="Summit Children's Hospital",
    kind="hospital",
    owner="Priya Raman",
    sites=(
        Place(
            name="Summit Children's",
            street="1 Peak View Circle",
            city="Denver",
            state="CO",
            zip_code="80205",
            county="Denver",
            journeyworkers=10,
        ),
    ),
    full_rate=Decimal("39.00"),
    rates=("24.00", "28.00", "31.50", "35.00"),
)
BAYOU = Hospital(
    name="Bayou Memorial Hospital",
    kind="hospital",
    owner="Andre Fontenot",
    sites=(
        Place(
            name="Bayou Memorial",
            street="310 Magnolia Street",
            city="Lafayette",
            state="LA",
            zip_code="70501",
            county="Lafayette Parish",
        ),
    ),
)
CANYON = Hospital(
    name="Red Canyon Medical Center",
    kind="hospital",
    owner="Teresa Begay",
    sites=(
        Place(
            name="Red Canyon",
            street="77 Mesa Road",
            city="Flagstaff",
            state="AZ",
            zip_code="86001",
            county="Coconino",
            journeyworkers=5,
        ),
    ),
)
GATEWAY = Hospital(
    name="Gateway Biomedical Services",
    kind="service",
    owner="Oliver Kostas",
    sites=(
        Place(
            name="Gateway depot",
            street="4400 Market Street",
            city="St. Louis",
            state="MO",
            zip_code="63108",
            county="St. Louis City",
            journeyworkers=20,
        ),
    ),
)
PINE = Hospital(
    name="Pine Ridge Community Hospital",
    kind="hospital",
    owner="Grace Holloway",
    sites=(
        Place(
            name="Pine Ridge",
            street="9 Cedar Lane",
            city="Asheville",
            state="NC",
            zip_code="28801",
            county="Buncombe",
        ),
    ),
)
ALOHA = Hospital(
    name="Windward Oahu Medical Center",
    kind="hospital",
    owner="Keola Nakamura",
    sites=(
        Place(
            name="Windward",
            street="45 Kaneohe Bay Drive",
            city="Kaneohe",
            state="HI",
            zip_code="96744",
            county="Honolulu",
        ),
    ),
)
LIBERTY = Hospital(
    name="Liberty Veterans Hospital",
    kind="government",
    owner="James Okafor",
    sites=(
        Place(
            name="Liberty",
            street="1776 Chestnut Walk",
            city="Philadelphia",
            state="PA",
            zip_code="19104",
            county="Philadelphia",
            journeyworkers=15,
        ),
    ),
)
GLACIER = Hospital(
    name="Glacier Valley Hospital",
    kind="hospital",
    owner="Ingrid Lund",
    sites=(
        Place(
            name="Glacier Valley",
            street="60 Whitefish Stage",
            city="Kalispell",
            state="MT",
            zip_code="59901",
            county="Flathead",
            journeyworkers=4,
        ),
    ),
)
EVERGLADE = Hospital(
    name="Everglade Coast Health",
    kind="health_system",
    owner="Sofia Marrero",
    sites=(
        Place(
            name="Everglade Naples",
            street="210 Gulf Shore Road",
            city="Naples",
            state="FL",
            zip_code="34102",
            county="Collier",
            journeyworkers=8,
        ),
    ),
)
HUDSON = Hospital(
    name="Hudson Heights Hospital",
    kind="hospital",
    owner="Samuel Adeyemi",
    sites=(
        Place(
            name="Hudson Heights",
            street="515 Palisade Avenue",
            city="Albany",
            state="NY",
            zip_code="12207",
            county="Albany",
            journeyworkers=9,
        ),
    ),
)
RIVERBEND = Hospital(
    name="Riverbend Community Hospital",
    kind="hospital",
    owner="Grace Lindholm",
    sites=(
        Place(
            name="Riverbend",
            street="900 Water Street",
            city="Eau Claire",
            state="WI",
            zip_code="54703",
            county="Eau Claire",
            journeyworkers=8,
        ),
    ),
)
CEDAR = Hospital(
    name="Cedar Bluff Medical Center",
    kind="hospital",
    owner="Helena Brandt",
    sites=(
        Place(
            name="Cedar Bluff",
            street="75 Bluff Road",
            city="Chattanooga",
            state="TN",
            zip_code="37402",
            county="Hamilton",
            journeyworkers=10,
        ),
    ),
)
MESQUITE = Hospital(
    name="Mesquite Plains Hospital",
    kind="hospital",
    owner="Ignacio Duarte",
    sites=(
        Place(
            name="Mesquite Plains",
            street="1800 Llano Street",
            city="Amarillo",
            state="TX",
            zip_code="79101",
            county="Potter",
            journeyworkers=7,
        ),
    ),
)
BUCKEYE = Hospital(
    name="Buckeye Valley Health",
    kind="health_system",
    owner="Tamara Lindqvist",
    sites=(
        Place(
            name="Buckeye Valley",
            street="320 Olentangy Street",
            city="Columbus",
            state="OH",
            zip_code="43215",
            county="Franklin",
            journeyworkers=11,
        ),
    ),
)
