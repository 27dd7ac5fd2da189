"""Edits of the held-out family of one thing that a page says."""

from ..pairs import Edits

MEANING: Edits = {
    ("ombuds", "a status"): [("Partly implemented", "Implemented")],
    ("ombuds", "a refusal"): [("Not accepted", "Accepted in part")],
    ("ombuds", "a number"): [("into 11 languages", "into 14 languages")],
    ("ombuds", "a month"): [("due in November 2024", "due in March 2025")],
    ("ombuds", "the heading outside of main"): [
        ("<h1>Detention at the border</h1>", "<h1>Detention at the border (closed)</h1>")
    ],
    ("riksdag", "a stage"): [("Committee report pending", "Committee proposes to reject")],
    ("riksdag", "a vote"): [("<td>No</td><td>0</td>", "<td>No</td><td>211</td>")],
    ("riksdag", "a figure"): [("found 73 reactivated", "found 37 reactivated")],
    ("riksdag", "a negation"): [("does not require", "does require")],
    ("pressagency", "a date"): [("until July 15", "until August 15")],
    ("pressagency", "a sum"): [("$38 million", "$83 million")],
    ("pressagency", "a verb"): [("The group denied that", "The group admitted that")],
    ("pressagency", "a paragraph"): [
        ("<p>A monitoring team of the United Nations counted 14 breaches of the truce.</p>", "")
    ],
    ("cabinet_old", "a status"): [("The bill was withdrawn in 2011", "The bill was passed in 2011")],
    ("cabinet_old", "a budget"): [("12 million a year", "9 million a year")],
    ("cabinet_old", "a place"): [("Seat: Port Louis", "Seat: Curepipe")],
    ("cabinet_old", "the number of the decision"): [("Decision 44 of 2009", "Decision 45 of 2009")],
    ("dashboard", "a share"): [(">64%<", ">72%<")],
    ("dashboard", "a level"): [(">Limited<", ">Substantial<")],
    ("dashboard", "a milestone"): [("<td>In progress</td>", "<td>Done</td>")],
    ("dashboard", "an end"): [("31 Aug 2025", "31 Aug 2026")],
    ("sharepoint", "a date"): [("lapse on 30 June 2025", "lapse on 31 December 2025")],
    ("sharepoint", "a figure"): [("<td>63</td>", "<td>68</td>")],
    ("sharepoint", "a negation"): [("are no longer accepted", "are accepted")],
    ("ngo", "a count"): [("18 have published", "19 have published")],
    ("ngo", "a verb"): [("Yucatán repealed", "Yucatán amended")],
    ("ngo", "a negation"): [("was not sent", "was sent")],
    ("journal", "a statistic"): [("OR 0.92", "OR 0.98")],
    ("journal", "a correction"): [
        ("A Correction to this paper has been published", "This paper has been retracted")
    ],
    ("journal", "a note"): [("2016 to 2020", "2016 to 2021")],
}
