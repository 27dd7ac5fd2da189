"""Looks at the addresses given while the system allows this process little more memory than it has already.

python -m tests.fetching.attacks.confined http://127.0.0.1:PORT/ ...    one line of JSON: the kind of each result
"""

import json
import resource
import sys

from .limits import MIB, OPEN
from .trying import look, outcome

ROOM = 64 * MIB
"""A gzip bomb of the corpus unpacks to as much, and some never end."""


def main() -> None:
    look("http://127.0.0.1:1/", OPEN)  # whatever is loaded at the first look
    with open("/proc/self/statm", encoding="ascii") as file:
        held = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + ROOM, held + ROOM))
    json.dump([outcome(look(address, OPEN)) for address in sys.argv[1:]], sys.stdout)


if __name__ == "__main__":
    main()
