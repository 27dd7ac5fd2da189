"""What an element's class or id says it is: furniture, or something that merely shares a word with it.

"related-posts" is furniture and "related-bills" is not; "comments-area" is and "comment-period" is not. So a name
counts only if it says nothing else: all its words are words of layout or of furniture. A few words need no company.
"""

import re
from functools import lru_cache

ALONE = re.compile(
    r"""\b(?:
    cookie\w* | gdpr | onetrust | newsletter\w* | breadcrumb\w* | tagcloud | skipnav | skiplink |
    pageviews | viewcount | addtoany | addthis | sharethis | sharedaddy | disqus | outbrain | taboola | relatedposts |
    advert(?:isement)?s? | adslot | adsbygoogle | dfp |
    carousel | slick | swiper | slideshow | slider | weather | ticker | masthead | toasts? | snackbar | maintenance |
    (?:breaking|live)\ (?:news|bar|banner|alert|strip|ticker) | announcement\ (?:bar|banner|strip) | usa\ banner |
    (?:site|system|service|outage)\ (?:alert|notice|message|banner) | (?:site|global)\ (?:header|footer|nav) |
    (?:view|hit|visit|visitor|statistics|share|like)\ (?:counts?|counter) | page\ (?:views|hits) |
    most\ (?:read|popular|viewed|shared) | (?:read|up)\ next | recent\ (?:posts|entries|comments) |
    share\ ?(?:box|bar|buttons?|icons?|links?|tools?) | social\ ?(?:box|bar|icons?|links?|media|share) |
    author\ (?:card|bio|box) | back\ to\ top | stay\ connected | (?:language|lang)\ switch(?:er)? |
    sr\ only | visually\ hidden | screen\ reader\ text
    )\b""",
    re.VERBOSE,
)
EDGE = re.compile(
    r"(?:\w{1,3} )?(?:(?:site|page|main|global|layout) )?(?:footer|header|topbar|top bar|top strip)(?: \w+)?|"
    r"ads?(?: (?!hoc).+)?"
)
"""Names of a page's own head and foot, and of advertisements, with one word more of their own."""

WEAK = frozenset(
    """ad ads advertising comment comments commentlist compartir comparte consent donate donation encuesta feedback
    follow followers lang language languages like likes menu modal nav navbar navigation overlay pager pagination paging
    popular popup promo promos publicidad rail recommended redes relacionadas relacionado relacionados related
    share shares sharing sidebar sidenav signup social sponsor sponsored subscribe survey toolbar trending""".split()  # noqa: SIM905 - a list would be one word a line
)
LAYOUT = frozenset(
    """a active all area article articles aside b bar block blog body bottom box btn button buttons c card cards closed
    col column columns component container content count counts custom default desktop element embed entry even feed
    field first fixed float footer form full gallery global grid group header heading headline holder icon icons inline
    inner item items js l label large last layout left link links list lists main mid mobile module more name new news
    node number o odd open outer page pane panel post posts primary region research right row rows s secondary section
    sd see side site skip slot small sticky stories story strip style sub submenu t text theme title to tools top topics
    total type u view views visible wide widget widgets wrap wrapper""".split()  # noqa: SIM905 - a list would be one word a line
)
STATES = frozenset(("has", "is", "logged", "no", "not", "with", "without"))
"""How a name begins that tells a state of the element: `has-sidebar` is no side bar."""

PREFIX = 3
"""Letters: a shorter first word is a site's own mark ("nyt-related", "gem-c-related-navigation")."""

MOST_NAMES = 40

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def names_furniture(names: str) -> bool:
    """Whether one of the names (a class attribute, or an id) announces furniture."""
    return any(_says_furniture(name) for name in names.split()[:MOST_NAMES])


def names_edge(names: str) -> bool:
    """Whether one of the names is that of a page's head or foot. Within an article they are of the article."""
    return any(EDGE.fullmatch(" ".join(_words(name))) for name in names.split()[:MOST_NAMES])


@lru_cache(maxsize=20_000)
def _says_furniture(name: str) -> bool:
    words = _words(name)
    if not words or words[0] in STATES:
        return False
    if ALONE.search(" ".join(words)):
        return True
    marked = len(words) > 1 and len(words[0]) <= PREFIX and words[0] not in WEAK
    said = [word for word in words[marked:] if not word.isdigit()]
    return all(word in WEAK or word in LAYOUT for word in said) and any(word in WEAK for word in said)


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name[:100])]
