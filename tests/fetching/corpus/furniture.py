"""Edits that leave what a page says as it was."""

from .pairs import Edits

FURNITURE: Edits = {
    # government, modern
    ("federal_rule", "nonce, token and asset versions"): [
        ("q8Zk1v", "Zz01Ab"),
        ('nonce="r4nd0m"', 'nonce="0ther9"'),
        ("1704283200", "1719999999"),
        ("site-4f1c.css?v=20240103", "site-77aa.css?v=20240611"),
    ],
    ("federal_rule", "last updated"): [("Last updated: May 3, 2024", "Last updated: June 11, 2024")],
    ("federal_rule", "updating label and date in two elements"): [
        (
            '<p class="page-updated">Last updated: May 3, 2024</p>',
            "<div><div>Last updated:</div><div>June 11, 2024</div></div>",
        )
    ],
    ("federal_rule", "another item of the menu"): [
        (
            '<li><a href="/about">About</a></li>',
            '<li><a href="/news">News</a></li><li><a href="/about">About us</a></li>',
        )
    ],
    ("federal_rule", "the footer's year"): [("© 2024", "© 2025")],
    ("federal_rule", "a maintenance banner"): [
        (
            "<h1>Export",
            "<div class='system-notice'><p>This site will be unavailable for scheduled maintenance on Saturday from 6 pm.</p></div><h1>Export",
        )
    ],
    ("federal_rule", "share buttons"): [
        ('<a href="#x">X</a>', '<a href="#x">X</a> <a href="#in">LinkedIn</a> <a href="#m">Email</a>')
    ],
    ("federal_rule", "whitespace and entities"): [
        ("1 July 2024", "1&nbsp;July&nbsp;2024"),
        ("\n", "\n   \n"),
        ("firearms", "fire&shy;arms"),
    ],
    ("federal_rule", "typographic quotes and dashes"): [
        ("Here's", "Here&rsquo;s"),
        ("fifteen days", "fifteen&#32;days"),
    ],
    ("federal_rule", "a survey asks to be filled in"): [
        (
            "</main>",
            "<div class='feedback'><p>Was this page helpful?</p><button>Yes</button><button>No</button></div></main>",
        )
    ],
    ("federal_rule", "side navigation reordered"): [
        (
            '<li><a href="/a">Licensing</a></li><li><a href="/b">Penalties</a></li>',
            '<li><a href="/b">Penalties</a></li><li><a href="/c">Forms</a></li><li><a href="/a">Licensing</a></li>',
        )
    ],
    ("federal_rule", "an opened accordion"): [
        ('aria-expanded="false"', 'aria-expanded="true"'),
        ('class="usa-accordion__content" hidden', 'class="usa-accordion__content"'),
    ],
    # government, old
    ("old_agency", "the visitor counter"): [("48,213", "51,007")],
    ("old_agency", "last modified"): [("11/12/2010", "01/04/2011")],
    ("old_agency", "another link in the column"): [
        ('<A HREF="jobs.htm">Jobs</A>', '<A HREF="jobs.htm">Jobs</A><BR><A HREF="kids.htm">Kids Page</A>')
    ],
    ("old_agency", "markup in small letters"): [
        ("<TABLE", "<table"),
        ("<FONT", "<font"),
        ("<BR>", "<br />"),
        ("<CENTER>", "<center>"),
    ],
    ("old_agency", "colours"): [("#003366", "#112244"), ("#CCCCCC", "#DDDDDD")],
    # WordPress
    ("wordpress", "share and like counters"): [
        (">17<", ">21<"),
        ("Loading...", "Be the first to like this."),
    ],
    ("wordpress", "related posts"): [("The port that never sleeps", "A walk along the quay")],
    ("wordpress", "comments"): [
        ("3 Comments", "5 Comments"),
        ("3 thoughts on", "5 thoughts on"),
        (
            "<p>About time.</p>",
            "<p>About time.</p></li><li class='comment'><p>I disagree, it found plenty.</p>",
        ),
    ],
    ("wordpress", "recent posts in the side bar"): [
        ("<li><a>One</a></li>", "<li><a>Two</a></li><li><a>Three</a></li>")
    ],
    ("wordpress", "version of the theme"): [
        ("ver=6.4.2", "ver=6.5"),
        ("wp-embed-responsive", "wp-embed-responsive theme-x"),
    ],
    ("wordpress", "the next story"): [("Older story", "Another older story")],
    ("wordpress", "curly quotes by a plugin"): [("&ldquo;", '"'), ("&rdquo;", '"'), ("&#8211;", "-")],
    ("wordpress", "lazy images"): [
        (
            '<blockquote class="wp-block-quote">',
            '<img src="data:image/gif;base64,R0" data-src="/a.jpg" loading="lazy"><noscript><img src="/a.jpg" alt="A scanner"></noscript><blockquote class="wp-block-quote">',
        )
    ],
    # newspaper
    ("daily", "today's date, weather and stocks"): [
        ("Friday, March 8, 2024</span> <a", "Saturday, March 9, 2024</span> <a"),
        ("21&deg;", "9&deg;"),
        ("38,904", "38,722"),
    ],
    ("daily", "the time of updating"): [("March 8, 2024 10:15 AM EST", "March 8, 2024 2:40 PM EST")],
    ("daily", "shares and comments"): [("1.2K shares", "3.4K shares"), ("214 comments", "377 comments")],
    ("daily", "most read"): [("Storm nears coast", "Storm passes"), ("Rents rise again", "Team wins cup")],
    ("daily", "advertisements"): [
        ("Buy one, get one free", "New car, no deposit"),
        ("leaderboard", "billboard"),
    ],
    ("daily", "related stories"): [("Dealers on the border", "How tracing works")],
    ("daily", "newsletter"): [
        ("Get the morning briefing in your inbox.", "Sign up for the evening briefing.")
    ],
    ("daily", "carousel"): [("Photos of the week", "Photos of the month")],
    ("daily", "cookie banner gone"): [
        ('<div class="cookie-banner"><p>We use cookies to improve your visit.</p></div>', "")
    ],
    ("daily", "a variant of the offer"): [
        (
            '<div class="inline-newsletter">',
            '<div class="promo-box"><p>Half price for new readers</p></div><div class="inline-newsletter">',
        )
    ],
    ("daily", "an age for a date"): [("Updated March 8, 2024 10:15 AM EST", "Updated 3 hours ago")],
    # Drupal
    ("drupal", "views"): [("1,093 views", "1,204 views")],
    ("drupal", "latest news"): [("Minister visits the border", "Minister opens a bridge")],
    ("drupal", "settings and file token"): [("9a0c", "77fe"), ("itok=ab12", "itok=cd34")],
    ("drupal", "another language"): [
        (
            '<li><a href="/fr" class="language-link">Français</a></li>',
            '<li><a href="/fr" class="language-link">Français</a></li><li><a href="/de" class="language-link">Deutsch</a></li>',
        )
    ],
    ("drupal", "classes of the theme"): [
        ("node--view-mode-full", "node--view-mode-full clearfix"),
        ("layout-container", "container-fluid"),
    ],
    # parliament
    ("bill", "content last updated"): [
        ("Site content last updated: 03/09/2024", "Site content last updated: 03/12/2024")
    ],
    ("bill", "number of pages"): [("Page 1 of 3", "Page 1 of 4")],
    ("bill", "the search form"): [
        ("<button>Search</button>", "<button>Find</button><label>Search bills</label>")
    ],
    ("bill", "help in the footer"): [("<a>Privacy</a>", "<a>Privacy</a> <a>Accessibility</a>")],
    # docket
    ("docket", "session and tracking"): [("8812-ab-77f0", "9913-cd-01aa"), ("sid=8812", "sid=9913")],
    ("docket", "release of the service"): [("release 4.12.0", "release 4.13.1")],
    ("docket", "the feedback box"): [("Was this page helpful?", "Did you find what you were looking for?")],
    ("docket", "paging in other words"): [
        ("Page 1 of 1", "1 / 1"),
        ("Showing 1 - 4 of 4 results", "Showing 1 to 4 of 4 entries"),
    ],
    # statistics
    ("statistics", "page views"): [("88,120", "91,733")],
    ("statistics", "page last reviewed"): [
        ("Page last reviewed: May 15, 2024", "Page last reviewed: June 20, 2024")
    ],
    ("statistics", "another tab is open"): [
        ('id="t2" role="tabpanel" hidden', 'id="t2" role="tabpanel"'),
        ('id="t1" role="tabpanel"', 'id="t1" role="tabpanel" hidden'),
    ],
    ("statistics", "opened details"): [("<details>", "<details open>")],
    # Spanish, ASP.NET
    ("gaceta", "view state"): [("/wEPDwUKMTY3NzE5MjIw", "/wEPDwUKLTg1MTk"), ("/wEdAAQ", "/wEdAAX")],
    ("gaceta", "today's date"): [("viernes, 8 de marzo de 2024", "lunes, 11 de marzo de 2024")],
    ("gaceta", "last update and visits"): [
        ("Última actualización: 8 de marzo", "Última actualización: 11 de marzo"),
        ("10,422", "10,951"),
    ],
    ("gaceta", "related news"): [("Foro sobre seguridad", "Inauguran exposición")],
    ("gaceta", "the year"): [("© 2024", "© 2025")],
    # GOV.UK manner
    ("govuk", "cookie message"): [
        ("We use some essential cookies to make this website work.", "You have accepted additional cookies.")
    ],
    ("govuk", "last updated"): [("<dd>3 May 2024 —", "<dd>4 June 2024 —")],
    ("govuk", "related content"): [("Border strategy", "Border operations")],
    ("govuk", "feedback"): [("Is this page useful?", "Is there anything wrong with this page?")],
    # court
    ("court", "served by"): [("web-07 in 0.031 s", "web-02 in 0.218 s")],
    ("court", "tools"): [("<a>Text size</a>", "<a>Text size</a> <a>Listen</a>")],
    # minified
    ("minified", "build and class names"): [("k3j9", "z8y7"), ("css-77a", "css-a1b"), ("css-p", "css-q9")],
    ("minified", "age"): [("3 hours ago", "2 days ago")],
    ("minified", "unminified"): [("><", ">\n  <")],
    # treaty body
    ("treaty_body", "share counter"): [("312", "340")],
    ("treaty_body", "a language"): [
        ("<li><a>Español</a></li>", "<li><a>Español</a></li><li><a>Français</a></li>")
    ],
    ("treaty_body", "related topics"): [("Detention", "Disappearances")],
    ("treaty_body", "tracking parameters"): [("utm_source=site", "utm_source=mail&utm_id=4")],
    # think tank
    ("think_tank", "views in the line of the author"): [("2,410 views", "2,777 views")],
    ("think_tank", "announcement"): [
        ("Join us on 12 June for the annual conference.", "Watch the conference again.")
    ],
    ("think_tank", "more research"): [("Ports and rust", "A history of the lane")],
    ("think_tank", "slider"): [("Panel: the year ahead", "Panel: the year behind")],
    ("think_tank", "reading time"): [("7 min read", "6 min read")],
}
