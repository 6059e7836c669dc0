"""How the portal writes dates and times where nothing else is said, as on the admin's lists: short, 24 hours."""

DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, H:i"
TIME_FORMAT = "H:i"
