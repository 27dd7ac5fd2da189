"""Edits of the held-out family that leave what a page says as it was."""

from ..pairs import Edits

FURNITURE: Edits = {
    ("audit_office", "a banner of the site"): [("We are hiring graduates.", "Take our survey.")],
    ("audit_office", "reading time"): [("about 8 minutes", "about 7 minutes")],
    ("audit_office", "other items"): [("Court backlogs", "Hospital parking")],
    ("audit_office", "an acknowledgement"): [
        ("the traditional owners of the land", "the traditional custodians of the land")
    ],
    ("audit_office", "the foot"): [("ABN 11 222 333 444", "ABN 11 222 333 445")],
    ("senate_mx", "a clock"): [("10:42 hrs", "17:05 hrs")],
    ("senate_mx", "tweets"): [("Hoy sesiona el pleno", "Mañana no hay sesión")],
    ("senate_mx", "a banner"): [("Consulta la convocatoria", "Visita la exposición")],
    ("senate_mx", "users on line"): [("118", "204")],
    ("senate_mx", "last modification"): [("14-11-2023", "15-11-2023")],
    ("euronews", "the time of the update"): [("<time>13:40</time>", "<time>15:02</time>")],
    ("euronews", "a related item"): [("Police raid workshop in Ghent", "What is a gun part?")],
    ("euronews", "the latest"): [("12:10 Strike halts trams", "12:31 Rain delays final")],
    ("euronews", "a playlist"): [("Next: Floods in Greece", "Next: Lights over Oslo")],
    ("euronews", "sections"): [("<a>Travel</a>", "<a>Travel</a><a>Green</a>")],
    ("agency_kb", "hashes in class names"): [
        ("__a8Kx2", "__z0Qw1"),
        ("__Zk81q", "__m1N2b"),
        ("__77aBc", "__pp0Zz"),
    ],
    ("agency_kb", "how many were helped"): [("83% found this helpful", "84% found this helpful")],
    ("agency_kb", "a question"): [("Was this answer clear?", "Did this answer your question?")],
    ("un_record", "views and downloads"): [("1,204", "1,377"), ("877", "921")],
    ("un_record", "the record's own dates"): [("last modified 2024-02-01", "last modified 2024-04-19")],
    ("un_record", "exports"): [("BibTeX | MARC", "BibTeX | MARC | RIS")],
    ("municipal", "an emergency"): [("Snow emergency declared for Tuesday", "Snow emergency lifted")],
    ("municipal", "events"): [("Sep 5 Farmers market", "Sep 9 Bulk trash day")],
    ("municipal", "tools"): [("<a>Print</a>", "<a>Print</a><a>Translate</a>")],
    ("municipal", "the vendor"): [("Site by a vendor", "Site by another vendor")],
    ("blog", "replies"): [
        ("2 Replies", "3 Replies"),
        ("2 Responses", "3 Responses"),
        ("<li><p>Thanks", "<li><p>Me too.</p></li><li><p>Thanks"),
    ],
    ("blog", "neighbouring posts"): [("Ghosts in the mail", "Reading the ledger")],
    ("blog", "a counter in a sentence"): [("1,882,003", "1,882,519")],
    ("blog", "blogs"): [("Trace lines", "Ballistics weekly")],
}
