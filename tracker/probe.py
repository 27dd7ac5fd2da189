"""`python -m tracker.probe readyz`: asks the web server of this container, for its health check."""

import os
import sys
import urllib.error
import urllib.request


def main(name: str) -> int:
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/{name}"
    try:
        with urllib.request.urlopen(address, timeout=8) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
