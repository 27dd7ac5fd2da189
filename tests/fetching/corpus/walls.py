"""What may come with status 200 in place of a page: nothing that it says is a change of what the page said.

Each is (body, address reached or "" for the same, outcome expected at the second look).
"""

WALLS: dict[str, tuple[str, str, str]] = {
    "a soft 404": (
        "<title>Page not found | Bureau</title><h1>Page not found</h1><p>Try the search.</p>",
        "",
        "gone",
    ),
    "a soft 404 in its own words": (
        "<title>Bureau of Trade Controls</title><main><h1>We're sorry</h1><p>The page you are looking for may have been moved or no longer exists.</p></main>",
        "",
        "gone",
    ),
    "a soft 404 in Spanish": (
        "<title>Ministerio</title><h1>Error 404</h1><p>La página solicitada no existe.</p>",
        "",
        "gone",
    ),
    "a redirect to the front page": (
        "<title>Bureau</title><main><h1>Welcome to the Bureau</h1>"
        + "<p>We control the trade in many goods and tell news every day.</p>" * 12
        + "</main>",
        "/",
        "gone",
    ),
    "a redirect to an error page": (
        "<title>Bureau</title><h1>Sorry</h1><p>Something is amiss.</p>",
        "/error/404.html",
        "gone",
    ),
    "a login wall": (
        "<title>Sign in</title><main><h1>Sign in</h1><form><label>Username</label><input name=u><label>Password</label><input type=password name=p><button>Log in</button></form></main>",
        "",
        "blocked",
    ),
    "a login wall at another address": (
        "<title>Bureau</title><main><h1>Your account</h1><p>Enter your details to go on.</p></main>",
        "/login?next=%2Frule",
        "blocked",
    ),
    "a cookie wall": (
        "<title>Before you continue</title><div><h1>Before you continue</h1><p>We and our partners store and access information on your device. Accept all cookies to continue to the site.</p></div>",
        "",
        "blocked",
    ),
    "a subscription wall": (
        "<title>Senate passes tracing bill</title><article><h1>Senate passes tracing bill</h1><p>The Senate voted early on Friday.</p><p>Subscribe to continue reading. Already a subscriber? Log in.</p></article>",
        "",
        "blocked",
    ),
    "a challenge": (
        "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>",
        "",
        "blocked",
    ),
    "a refusal in a page": (
        "<title>Request Rejected</title><p>The requested URL was rejected. Please consult with your administrator. Your support ID is: 8812</p>",
        "",
        "blocked",
    ),
    "a shell that needs a browser": (
        "<title>Bureau</title><div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>",
        "",
        "blocked",
    ),
    "a shell that says so": (
        "<title>Bureau</title><div id=app><p>Please enable JavaScript to view this page.</p></div>",
        "",
        "blocked",
    ),
    "a page still loading": (
        "<title>Bureau</title><main><h1>Export licences for small arms</h1><p>Loading...</p></main>",
        "",
        "blocked",
    ),
    "an empty page": ("", "", "failed"),
    "maintenance": (
        "<title>Bureau</title><h1>We'll be back soon</h1><p>The site is down for maintenance.</p>",
        "",
        "failed",
    ),
    "an error of the server in a page": (
        "<title>Error</title><h1>An error occurred</h1><p>The service is temporarily unavailable. Try again later.</p>",
        "",
        "failed",
    ),
    "an error of its database": ("Error establishing a database connection", "", "failed"),
}
