"""Edits of the second family that leave what a page says as it was."""

from ..pairs import Edits

FURNITURE: Edits = {
    ("canada", "date modified"): [
        (">2024-05-02</time>", ">2024-06-30</time>"),
        ('content="2024-05-02"', 'content="2024-06-30"'),
    ],
    ("canada", "a language"): [('<li><a lang="fr">Français</a></li>', '<li><a lang="fr">FR</a></li>')],
    ("canada", "a problem to report"): [("Report a problem on this page", "Give feedback about this page")],
    ("canada", "about government"): [
        ("<li><a>Contact us</a></li>", "<li><a>Contact us</a></li><li><a>News</a></li>")
    ],
    ("canada", "opened details"): [("<details>", '<details open="open">')],
    ("eulaw", "update and version"): [("2024-05-04 | Version 6.2.114", "2024-05-19 | Version 6.3.0")],
    ("eulaw", "the guest's session"): [
        ('<span class="user">Guest</span>', '<span class="user">Guest 8812</span>')
    ],
    ("eulaw", "an entry of the menu"): [
        ("<li><a>Save to my items</a></li>", "<li><a>Save to my items</a></li><li><a>Permanent link</a></li>")
    ],
    ("eulaw", "an opened panel"): [
        ('panel-collapse collapse" id="PPRel"', 'panel-collapse collapse in" id="PPRel"')
    ],
    ("gobmx", "related content"): [
        ("Día de la bandera", "Celebran aniversario"),
        ("Concluye curso de protección civil", "Convocatoria abierta"),
    ],
    ("gobmx", "share"): [("<li><a>Facebook</a></li>", "<li><a>Facebook</a></li><li><a>WhatsApp</a></li>")],
    ("gobmx", "survey"): [("¿Te gustó esta página?", "¿Te resultó útil esta página?")],
    ("gobmx", "menu"): [("<a>Multimedia</a>", "<a>Multimedia</a><a>Agenda</a>")],
    ("squarespace", "a summary of other items"): [("Office hours in March", "Office hours in April")],
    ("squarespace", "comments"): [("Comments (2)", "Comments (9)")],
    ("squarespace", "the previous item"): [("Previous: Settlement with lender", "Previous: Award for clerk")],
    ("squarespace", "ids of blocks"): [
        ("item-1a2b", "item-9z8y"),
        ("sqs-block html-block", "sqs-block html-block sqs-block-html"),
    ],
    ("localnews", "breaking news"): [("BREAKING: Crash closes bridge", "BREAKING: Bridge open again")],
    ("localnews", "age of the update"): [("Updated: 14 hours ago", "Updated: 16 hours ago")],
    ("localnews", "an advertisement"): [("Try our meal kits", "Windows replaced in a day")],
    ("localnews", "trending"): [
        ("Recipe of the week", "Lost dog found"),
        ("High school scores", "Lottery numbers"),
    ],
    ("localnews", "a gallery"): [("Photos: snow day", "Photos: parade")],
    ("oig", "ids of a view"): [("a81f03", "77c0d2")],
    ("oig", "how many are displayed"): [("Displaying 1 - 3 of 3", "Displaying 1 to 3 of 3 items")],
    ("oig", "email updates"): [("Enter your address", "Your email address")],
    ("oig", "official banner"): [("An official website", "An official website of the government")],
    ("wiki", "site notice"): [("Photo contest: take part until Sunday", "Donate to keep us running")],
    ("wiki", "last edited"): [("3 May 2024, at 10:15", "9 May 2024, at 23:01")],
    ("wiki", "revision and request"): [("oldid=118", "oldid=121"), ("bb12-77", "cc13-01")],
    ("wiki", "personal tools"): [
        ("<li><a>Log in</a></li>", "<li><a>Create account</a></li><li><a>Log in</a></li>")
    ],
    ("hansard", "recent questions"): [("Prisons: Drones", "Roads: Potholes")],
    ("hansard", "alerts"): [("Receive alerts by email", "Get this in your inbox")],
    ("hansard", "copyright"): [("copyright 2024", "copyright 2025")],
    ("ckan", "followers"): [("<span>12</span>", "<span>15</span>")],
    ("ckan", "last updated"): [("May 3, 2024, 10:15 (UTC)", "June 3, 2024, 08:30 (UTC)")],
    ("ckan", "version"): [("CKAN 2.10", "CKAN 2.11")],
    ("hugo", "changed on"): [
        ("Changed on 2 May 2024 · commit 9fe21aa", "Changed on 7 May 2024 · commit 01bbd3e")
    ],
    ("hugo", "build"): [("0.125.4 in 31 ms", "0.126.0 in 44 ms")],
    ("hugo", "share"): [("<a>Toot</a>", "<a>Post</a>")],
    ("hugo", "white space"): [("><", ">\n<"), (". ", ".&#32; ")],
}
