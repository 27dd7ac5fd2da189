"""The door as the corpus attacks it, and the bounds that every case must stay within."""

from dataclasses import replace

from recommendations.fetching.http import Limits, agent

MIB = 1024 * 1024

DOOR = Limits(
    user_agent=agent("test", "tracker@example.org"),
    connect_seconds=0.5,
    read_seconds=0.5,
    total_seconds=1.0,
    max_bytes=MIB,
    host_pause_seconds=0,
)
"""Production's limits, shorter: loopback is shut, robots.txt is honoured, ports are the usual four."""

OPEN = replace(DOOR, allow_loopback=True)

PATIENT = replace(OPEN, connect_seconds=4.0, read_seconds=4.0, total_seconds=5.0)
"""For what must not end by the clock, so that a machine that does other things meanwhile does not end it."""

SECONDS = DOOR.total_seconds + 1.0
"""A look ends within its total time; the second more is for a machine that does other things meanwhile."""

TRACED = 3
"""How much slower a process may be whose every allocation is counted."""

ROBOTS_BYTES = 8 * MIB
"""What the rules of a robots.txt of half a megabyte may take besides."""

PEAK_BYTES = 4 * DOOR.max_bytes + 2 * MIB
"""What a look may hold at once: its body as it came, unpacked, and copied out; headers; the client library."""
