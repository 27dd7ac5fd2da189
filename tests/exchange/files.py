"""Small files in the shape of those that other systems publish: their headers, preambles and traps, words of ours."""

import csv
import io
import json

from recommendations.exchange.gao import HEADER

OPEN = {
    "Publication Name": "Drug Control &amp; Border Security: Actions\n Needed",
    "Publication  Number": "GAO-23-106596",
    "Date Publication Issued": "Mar 6, 2023",
    "Director Name": "Jane Doe",
    "Director Phone": "(202) 555-0100",
    "Agency": "Department of Defense",
    "Recommendation": "The Secretary should measure what the partners do with it. (Recommendation 4)",
    "Status": "Open",
    "Priority": "Yes",
    "Comments": "",
    "Topics": "National Defense",
}
PARTLY = OPEN | {
    "Agency": "Centers for Medicare &amp; Medicaid Services",
    "Recommendation": "The Administrator should publish the figures. [recommendation 5.]",
    "Status": "Open--Partially Addressed",
    "Priority": "No",
    "Comments": "In March the agency began.",
}


def gao(rows, *, stamp="Sep 28, 2026 at 7:05 PM EST"):
    """As GAO writes it: five lines with CRLF before the header, rows with LF, the last one without."""
    preamble = (
        '"Title: Download of GAO Recommendation Results",,,,,,,,,,\r\n"Prepared by: GAO",,,,,,,,,,\r\n'
        f'"Source: GAO recommendations database, status as of {stamp}" ,,,,,,,,,,\r\n,,,,,,,,,,\r\n,,,,,,,,,,\r\n'
    )
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([row[name] for name in HEADER] for row in rows)
    return (preamble + text.getvalue().rstrip("\n")).encode()


SUPPORTED = {
    "AffectedPersons": ["Migrants"],
    "AnnotationId": "a9ceae8c-fe1c-40f9-a326-1529e0ab678f",
    "AnnotationType": "- Recommendations",
    "Body": "- UPR",
    "Countries": ["Mexico"],
    "DocumentId": "41a0b08f-5a9a-4eb5-985f-05b47986ad82",
    "PublicationDate": "2024-03-27T00:00:00",
    "PublicationDateOnUhri": "2024-04-03T10:53:45.827",
    "Regions": ["Latin America and the Caribbean"],
    "Sdgs": ["16.2 - Protect children"],
    "Symbol": "A/HRC/56/9",
    "Text": "<p>Strengthen the protection &amp; care of migrants (Country);</p>",
    "Themes": ["Migrants"],
    "UprCycle": "4",
    "UprPositions": ["Supported"],
    "UprRecommendingCountry": ["Peru"],
    "UprRecommendingRegions": [],
    "UprSession": ["45"],
}
CONCERN = SUPPORTED | {
    "AnnotationId": "b9ceae8c-fe1c-40f9-a326-1529e0ab678f",
    "AnnotationType": "- Concerns/Observations",
    "UprPositions": [],
}


def uhri(rows):
    return json.dumps(rows).encode()
