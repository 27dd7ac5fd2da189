"""Edits of the held-out family of one thing that a page says."""

from ..pairs import Edits

MEANING: Edits = {
    ("audit_office", "an assessment"): [("<td>Not implemented</td>", "<td>Implemented</td>")],
    ("audit_office", "a count in words"): [("implemented four in full", "implemented five in full")],
    ("audit_office", "a figure"): [("4,318 records", "3,418 records")],
    ("audit_office", "a day"): [("6 June 2023", "8 June 2023")],
    ("audit_office", "the heading"): [("<h1>Follow-up", "<h1>Second follow-up")],
    ("senate_mx", "a status"): [("En comisiones", "Desechado")],
    ("senate_mx", "a step"): [
        ("</ul></div></div>", "<li>14/12/2023 Se dictaminó en sentido positivo.</li></ul></div></div>")
    ],
    ("senate_mx", "a term"): [("72 horas", "48 horas")],
    ("senate_mx", "a negation"): [("no podrán destinarse", "podrán destinarse")],
    ("euronews", "a year"): [("from 2026", "from 2027")],
    ("euronews", "a vote"): [("Hungary abstained", "Hungary voted against")],
    ("euronews", "a number"): [("settled on 30", "settled on 25")],
    ("euronews", "scope"): [("stay outside it", "fall under it")],
    ("agency_kb", "a duty"): [("may not complete it", "must complete it")],
    ("agency_kb", "an effective date"): [("Effective August 1, 2023", "Effective January 1, 2025")],
    ("agency_kb", "the revision"): [("Revision 7", "Revision 8")],
    ("agency_kb", "a call-out"): [("does not have the force", "has the force")],
    ("un_record", "a vote"): [("In favour: 13", "In favour: 12")],
    ("un_record", "a note"): [("until 15 December 2024", "until 15 December 2025")],
    ("un_record", "a file"): [("S_RES_2711-EN.pdf", "S_RES_2711-EN-corr.pdf")],
    ("municipal", "a price"): [("$300 for a rifle", "$250 for a rifle")],
    ("municipal", "a day"): [("14 September 2024", "21 September 2024")],
    ("municipal", "a person"): [("Sgt. Dana Pohl", "Sgt. Luis Vega")],
    ("municipal", "funding"): [("is funded until 2026", "has lost its funding")],
    ("blog", "a figure"): [("1,310 of 1,702", "1,301 of 1,702")],
    ("blog", "an update"): [("renewed the law on 2 May", "let the law lapse on 2 May")],
    ("blog", "none"): [("none was overturned", "one was overturned")],
}
