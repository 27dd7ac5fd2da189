"""Edits of the second family of one thing that a page says."""

from ..pairs import Edits

MEANING: Edits = {
    ("canada", "a notice"): [("are suspended until further notice", "resume on 1 July")],
    ("canada", "a modal verb"): [("The Minister must consider", "The Minister may consider")],
    ("canada", "a figure"): [("<td>12</td>", "<td>21</td>")],
    ("canada", "an exemption"): [("<li>Officials on duty are exempt.</li>", "")],
    ("canada", "the heading"): [('id="wb-cont">Export controls', 'id="wb-cont">[Archived] Export controls')],
    ("eulaw", "force"): [
        ("> In force</p>", "> No longer in force</p>"),
        ('alt="In force"', 'alt="Not in force"'),
    ],
    ("eulaw", "a relation in a closed panel"): [
        ("<td>Implicitly repealed by</td><td>None</td>", "<td>Implicitly repealed by</td><td>32025R0077</td>")
    ],
    ("eulaw", "a term of years"): [("at least 30 years", "at least 20 years")],
    ("eulaw", "a negation"): [("shall not affect", "shall affect")],
    ("eulaw", "an end"): [("No end date", "31/12/2025")],
    ("gobmx", "a number"): [("48 armas largas", "84 armas largas")],
    ("gobmx", "nobody"): [("Nadie fue detenido", "Tres personas fueron detenidas")],
    ("gobmx", "a status"): [("sigue pendiente ante", "fue desechada por")],
    ("gobmx", "a name"): [("general Ramos", "general Ortiz")],
    ("gobmx", "a month"): [("hasta diciembre", "hasta octubre")],
    ("squarespace", "a fine"): [("$75,000", "$57,000")],
    ("squarespace", "numbers in words"): [("twenty-one colleagues", "twenty-two colleagues")],
    ("squarespace", "an item"): [
        ("<li><p>Two cases are on appeal.</p></li>", "<li><p>One case is on appeal.</p></li>")
    ],
    ("squarespace", "a verb"): [("to uphold the federal rule", "to strike down the federal rule")],
    ("localnews", "a vote"): [("voted 7-2", "voted 6-3")],
    ("localnews", "a promise"): [("she will sign", "she will veto")],
    ("localnews", "a name"): [("Councilman Reed", "Councilman Reid")],
    ("localnews", "a year"): [("to open in 2025", "to open in 2026")],
    ("localnews", "a correction"): [
        (
            "<p>Councilman",
            "<p><em>Correction: the lab costs more than was first reported.</em></p><p>Councilman",
        )
    ],
    ("oig", "a status in a table"): [("<td>Resolved, open</td>", "<td>Closed, implemented</td>")],
    ("oig", "a date in a table"): [("09/30/2024", "03/31/2025")],
    ("oig", "costs"): [("$212,400", "$221,400")],
    ("oig", "agreement"): [("neither agreed nor disagreed", "agreed")],
    ("oig", "a row gone"): [
        (
            "<tr><td>21-04-2</td><td>Give tracing results to local police within two days</td><td>Closed</td><td></td></tr>",
            "",
        )
    ],
    ("wiki", "parties"): [("<td>87</td>", "<td>88</td>")],
    ("wiki", "a ratification"): [("signed it and has not ratified it", "signed and ratified it")],
    ("wiki", "votes"): [("by 154 votes to 3", "by 155 votes to 3")],
    ("wiki", "a note"): [("C.N.88, 2014", "C.N.98, 2014")],
    ("hansard", "a figure"): [("94 in 2022", "49 in 2022")],
    ("hansard", "plans"): [("has no plans to publish", "plans to publish")],
    ("hansard", "the day of the answer"): [("Answered on 28 February 2024", "Answered on 1 March 2024")],
    ("ckan", "rows"): [("13,402 rows", "14,118 rows")],
    ("ckan", "a resource"): [("recoveries-2023.csv", "recoveries-2024.csv")],
    ("ckan", "frequency"): [("<td>Quarterly</td>", "<td>Discontinued</td>")],
    ("hugo", "a badge"): [(">In the works<", ">Broken<")],
    ("hugo", "a word"): [("Two courts of appeal disagree", "Two courts of appeal agree")],
    ("hugo", "the day of a quotation"): [("Candidate, 14 August 2020", "Candidate, 24 August 2020")],
    ("hugo", "a source"): [
        (
            "</ol>",
            '<li><a href="https://court.example/3">Opinion of the Supreme Court, 14 June 2024</a></li></ol>',
        )
    ],
    ("hugo", "struck through"): [
        ("<p>The rule was signed in March.", "<p><del>The rule was signed in March.</del>")
    ],
}
