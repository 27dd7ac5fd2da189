"""Edits of the held-out family that leave what a page says as it was."""

from ..pairs import Edits

FURNITURE: Edits = {
    ("ombuds", "a strip of notices"): [
        ("Our phone lines are closed on Monday.", "Our office moves in June.")
    ],
    ("ombuds", "page updated"): [("Page updated 17 May 2024", "Page updated 2 June 2024")],
    ("ombuds", "latest items"): [("New deputy appointed", "Complaints rise")],
    ("ombuds", "the footer"): [("Call 0800 11 22 33", "Call 0800 44 55 66")],
    ("ombuds", "the search box"): [("<label>Search</label>", "<label>Search this site</label>")],
    ("riksdag", "the cookie banner"): [
        ("We use cookies for statistics.", "Cookies help us to count visits.")
    ],
    ("riksdag", "followers"): [("48 followers", "53 followers")],
    ("riksdag", "the time of fetching"): [("12:41:07", "09:03:55")],
    ("riksdag", "the menu"): [("<a>Web TV</a>", "<a>Television</a>")],
    ("pressagency", "a live strip"): [("LIVE: budget debate", "LIVE: final whistle")],
    ("pressagency", "the time of the update"): [
        ("Updated 7:04 PM GMT+1, January 15, 2024", "Updated 9:30 PM GMT+1, January 15, 2024")
    ],
    ("pressagency", "other news"): [("Panama shuts mine", "Chile votes again")],
    ("pressagency", "most read"): [("Actor dies at 81", "Team signs keeper")],
    ("pressagency", "copyright"): [("Copyright 2024", "Copyright 2025")],
    ("pressagency", "ways to share"): [("<a>Email</a>", "<a>Email</a><a>Bluesky</a>")],
    ("cabinet_old", "updated by"): [("3/1/2011 by webmaster", "9/14/2011 by webmaster")],
    ("cabinet_old", "hits"): [("20331", "21877")],
    ("cabinet_old", "the line of links"): [
        ('<a href="4.htm">Site map</a>', '<a href="4.htm">Site map</a> | <a href="5.htm">E-Services</a>')
    ],
    ("dashboard", "age of the data"): [("refreshed 2 hours ago", "refreshed 25 minutes ago")],
    ("dashboard", "scope ids"): [("data-v-5f3a", "data-v-9b21"), ("data-v-77", "data-v-c0")],
    ("dashboard", "a toast"): [("You are offline", "A new version is there")],
    ("sharepoint", "the digest"): [("0xA1", "0xB7")],
    ("sharepoint", "side navigation"): [
        ("<li><a>Statistics</a></li>", "<li><a>Statistics</a></li><li><a>Photos</a></li>")
    ],
    ("sharepoint", "announcements"): [
        ("Office closed on Friday</td><td>5/3/2024 8:12 AM", "Canteen open again</td><td>5/9/2024 9:40 AM")
    ],
    ("ngo", "comments"): [("No Comments", "2 Comments")],
    ("ngo", "more posts"): [("Year in review", "An open letter")],
    ("ngo", "a call for gifts"): [("Your gift is doubled today", "Give monthly")],
    ("ngo", "share buttons"): [("<span>Twitter</span>", "<span>X</span>")],
    ("journal", "metrics"): [("4,117", "4,390"), ("<p>12 <span>", "<p>14 <span>")],
    ("journal", "an advertisement"): [("<iframe></iframe>", "<iframe></iframe><p>Your lab, faster</p>")],
    ("journal", "access box"): [("Access this article", "Buy article PDF")],
}
