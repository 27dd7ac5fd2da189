"""Edits of one thing that a page says. Each must be found."""

from .pairs import Edits

MEANING: Edits = {
    ("federal_rule", "a number in text"): [("reviewed 36 countries", "reviewed 38 countries")],
    ("federal_rule", "a number in a table"): [(">287<", ">297<")],
    ("federal_rule", "a date in text"): [("end on 1 July 2024", "end on 1 October 2024")],
    ("federal_rule", "a negation"): [("Museums need no licence", "Museums need a licence")],
    ("federal_rule", "a notice above the text"): [
        ("The interim rule is in effect", "The interim rule is vacated")
    ],
    ("federal_rule", "inside a closed accordion"): [("above 4 million", "above 1 million")],
    ("federal_rule", "the heading of an accordion"): [
        ("Who must notify Congress", "Who must notify the Senate")
    ],
    ("federal_rule", "a block named after comments"): [("Comment period: open", "Comment period: closed")],
    ("federal_rule", "a footnote"): [
        ("one that is not a government", "one that is not a government or a museum")
    ],
    ("federal_rule", "a removed item"): [
        ("<li>Shotguns with a barrel under 18 inches are covered.</li>", "")
    ],
    ("federal_rule", "the heading"): [
        ("<h1>Export licences for small arms</h1>", "<h1>Export licences for small arms (withdrawn)</h1>")
    ],
    ("old_agency", "a figure"): [("1,404", "1,440")],
    ("old_agency", "a status word"): [("<B>pending</B>", "<B>complete</B>")],
    ("old_agency", "a note"): [("rifles and shotguns", "rifles, shotguns and carbines")],
    ("old_agency", "a row"): [
        ("<TR><TD>2010</TD>", "<TR><TD>2011</TD><TD>1,503</TD><TD>990</TD></TR><TR><TD>2010</TD>")
    ],
    ("wordpress", "a negation"): [("will not extend", "will extend")],
    ("wordpress", "a sum"): [("14 million pesos", "41 million pesos")],
    ("wordpress", "a status word"): [("<strong>approved</strong>", "<strong>suspended</strong>")],
    ("wordpress", "a name"): [("port of Manzanillo", "port of Veracruz")],
    ("wordpress", "a table"): [("<td>4</td>", "<td>9</td>")],
    ("wordpress", "the title"): [('entry-title">Ministry drops', 'entry-title">Ministry keeps')],
    ("daily", "a vote"): [("52 to 46", "51 to 47")],
    ("daily", "a correction"): [("the vote was not unanimous", "the vote took place on Thursday")],
    ("daily", "an added sentence"): [
        ("two years ago.</p>", "two years ago. The House rejected the bill on Monday.</p>")
    ],
    ("daily", "a person"): [("The President is expected", "The Vice President is expected")],
    ("daily", "a removed paragraph"): [
        ("<p>The President is expected to sign it. A similar bill died in committee two years ago.</p>", "")
    ],
    ("drupal", "the status field"): [('field__item">Adopted', 'field__item">Repealed')],
    ("drupal", "the title outside of main"): [("firearms 2022-2026", "firearms 2022-2028")],
    ("drupal", "one word"): [("has not yet approved", "has approved")],
    ("drupal", "a field named related"): [("Register of dealers, 2023", "Register of dealers, postponed")],
    ("drupal", "an attachment"): [(">strategy.pdf<", ">strategy-revised.pdf<")],
    ("bill", "latest action"): [
        (
            "<th>Latest Action:</th><td>Senate - 03/08/2024 Passed Senate with an amendment by Yea-Nay Vote. 52 - 46.",
            "<th>Latest Action:</th><td>House - 04/17/2024 Received in the House.",
        )
    ],
    ("bill", "a stage of the tracker"): [
        ('<li class="passed">Passed Senate</li>', '<li class="passed">Passed Senate</li><li>Became Law</li>')
    ],
    ("bill", "a related bill"): [("<td>Identical bill</td>", "<td>Related bill</td>")],
    ("bill", "an action"): [
        (
            "<tr><td>03/08/2024</td>",
            "<tr><td>04/17/2024</td><td>House</td><td>Held at the desk.</td></tr><tr><td>03/08/2024</td>",
        )
    ],
    ("bill", "cosponsors"): [("Cosponsors: 14", "Cosponsors: 15")],
    ("bill", "a modal verb"): [("It shall not apply", "It shall apply")],
    ("docket", "an added document"): [
        (
            "</tbody>",
            '<tr><td><a href="/d/5">Notice extending the comment period</a></td><td>Notice</td><td>06/20/2024</td></tr></tbody>',
        )
    ],
    ("docket", "the last action's date"): [("<dd>May 3, 2024</dd>", "<dd>June 20, 2024</dd>")],
    ("docket", "the status"): [("Open for comment", "Closed")],
    ("docket", "the date due"): [("July 1, 2024", "August 15, 2024")],
    ("statistics", "a figure in a table"): [("69,214", "69,241")],
    ("statistics", "a figure in text"): [("10.0 per cent fewer", "12.0 per cent fewer")],
    ("statistics", "a row whose label counts visitors"): [("<td>305</td>", "<td>503</td>")],
    ("statistics", "a note in a hidden tab"): [("up to 3 per cent", "up to 8 per cent")],
    ("statistics", "the day of the data"): [("Data as of May 12, 2024", "Data as of June 9, 2024")],
    ("statistics", "folded details"): [("in the state where it happened", "in the state of residence")],
    ("gaceta", "a status word"): [("<b>pendiente</b> de votación", "<b>aprobado</b> por unanimidad")],
    ("gaceta", "a penalty"): [("dos a siete años", "cuatro a siete años")],
    ("gaceta", "a date"): [("05-03-2024", "07-03-2024")],
    ("gaceta", "the last reform"): [("19 de febrero de 2021", "7 de junio de 2024")],
    ("gaceta", "a negation"): [("La minuta no ha sido", "La minuta ha sido")],
    ("govuk", "an answer"): [("We do not accept this", "We accept in part this")],
    ("govuk", "a call-out"): [("upheld the scheme", "quashed the scheme")],
    ("govuk", "an endnote"): [("to March 2022.</li>", "to March 2023.</li>")],
    ("govuk", "an update told"): [
        ("<p>3 May 2024: Updated", "<p>4 June 2024: Removed recommendation 3.</p><p>3 May 2024: Updated")
    ],
    ("court", "the state of the case"): [("Case status: Pending", "Case status: Closed")],
    ("court", "a docket entry"): [
        ("<p>Hearing:", "<p>4. 09/12/2024 Judgment for the Association.</p><p>Hearing:")
    ],
    ("court", "a sentence struck through"): [("The rule stays in force.", "<s>The rule stays in force.</s>")],
    ("court", "a date in the foot of the article"): [("until 15 July 2024", "until 30 July 2024")],
    ("court", "an hour"): [("10:30 am, courtroom", "2:30 pm, courtroom")],
    ("court", "a day of service"): [("Served on June 3, 2024 by mail", "Served on June 10, 2024 by mail")],
    ("minified", "a status"): [("<span class=css-v>Delayed</span>", "<span class=css-v>Completed</span>")],
    ("minified", "a deadline"): [("31 December 2024", "30 June 2025")],
    ("minified", "a milestone"): [("Milestone 2: not started", "Milestone 2: started")],
    ("treaty_body", "a grade"): [("<td>18</td><td>C</td>", "<td>18</td><td>B</td>")],
    ("treaty_body", "a document"): [
        (
            '</li></ul>\n<div class="addtoany',
            '</li><li><a href="/r/3">Further reply, 9 May 2024</a></li></ul>\n<div class="addtoany',
        )
    ],
    ("treaty_body", "a name"): [("Ms. Petrova", "Mr. Aalto")],
    ("think_tank", "a count in words"): [("five were carried out", "six were carried out")],
    ("think_tank", "an endnote"): [("page 44", "page 48")],
    ("think_tank", "a sum"): [("$365 million", "$355 million")],
}
