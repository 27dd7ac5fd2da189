"""How the admin writes days and moments: as the pages do, and with their zone."""
