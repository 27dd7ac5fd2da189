"""The tables of the data package, all of them; with their columns they are its data dictionary.

The package holds what `exports/tracker.ndjson` holds of each recommendation, source and piece of evidence.
"""

from recommendations.queries import package_evidence, package_tables

TABLES = (*package_tables.TABLES, *package_evidence.TABLES)
