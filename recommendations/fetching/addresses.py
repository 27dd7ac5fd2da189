"""Where the door may lead: judgement on one web address and on one network address. Pure functions.

A name is judged by what it resolves to, at the moment of connecting (http.py); nothing here resolves.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from yarl import URL

MAX_URL_LENGTH = 4096
"""Characters. Longer addresses are data, not places; most servers stop at 8,190."""

UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
"""White space, control characters and backslashes: parsers disagree about them, which is how guards are
passed."""

LITERAL = re.compile(r"[0-9.]+|.*:.*")
"""A host that is a number and no name: IPv4 in digits (as the URL's parser writes every spelling), or IPv6."""

AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\]")
"""The same, of an address that a server sends: a space in a path is common there, and told by every parser alike."""

NUMBERS = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?", re.IGNORECASE)
DOTTED = re.compile(r"(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})")
"""A host that ends in a number is an IPv4 address to some resolvers, in one, two, three or four parts and three bases.
Only the one plain form is read; no name of the public internet looks so."""

NOT_PLACES = [
    ip_network(block)
    for block in (
        # `is_global` of older Python releases (3.11.0 to 3.11.8) is wrong or silent about these.
        "0.0.0.0/8",  # "this network": Linux connects it to itself
        "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a metadata service
        "192.88.99.0/24",  # the retired 6to4 relay
        "168.63.129.16/32",  # public by its number, yet the platform service inside every Azure machine
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address, possibly a private one; retired in 2015
        "3fff::/20",  # documentation (2024)
    )
]
GLOBAL_UNICAST = ip_network("2000::/3")
"""The only IPv6 block with public places in it: leaves out mapped, compatible, ULA, link- and site-local,
multicast."""

NAT64 = ip_network("64:ff9b::/96")
"""Networks without IPv4 reach it through this prefix: the address inside is the one that counts."""


class Refused(OSError):
    """Our own door will not go there. An OSError, because it is raised where a socket would be made."""


class BadAddress(ValueError):
    """The text is not a web address that we accept."""


@lru_cache(maxsize=4096)  # a look asks three times: which host, which pause, where to go
def read_url(text: str) -> URL:
    """The address as the client will use it, without its fragment.

    Raises BadAddress for what cannot be read or says too much (a user name, a zone, another scheme).
    """
    if not text or len(text) > MAX_URL_LENGTH:
        raise BadAddress("the address is empty or longer than 4,096 characters")
    if UNSAFE.search(text):
        raise BadAddress("the address holds white space, a control character or a backslash")
    try:
        url = URL(text)
        host, port = url.host, url.port
    except (ValueError, UnicodeError) as error:
        raise BadAddress("the address cannot be read") from error
    if url.scheme not in ("http", "https"):
        raise BadAddress("only http and https are followed")
    if not host or "%" in host:
        raise BadAddress("the address has no host, or a host with a zone")
    if NUMBERS.fullmatch(host) and not DOTTED.fullmatch(host) and ":" not in host:
        raise BadAddress("the host is a number in a form that is not read")
    if "@" in text and "@" in re.split("[/?#]", text.split("://", 1)[-1], maxsplit=1)[0]:
        raise BadAddress("the address carries a user name or a password")
    if not port:
        raise BadAddress("the address has no usable port")
    return url.with_fragment(None) if "#" in text else url


def origin(url: URL) -> str:
    """Scheme, host and port: `https://www.gao.gov:443`. The unit of robots.txt, of keys and of politeness."""
    return f"{url.scheme}://{url.host}:{url.port}"


def check_connection(address: str, port: int, ports: frozenset[int], allow_loopback: bool) -> None:
    """Raises Refused unless a connection to this very address and port may be made.

    `address` is the literal that the socket would get, after resolution. Loopback, where it is allowed,
    may be on any port (test servers take what is free); everything else must be public and on one of `ports`.
    """
    if "%" in address:
        raise Refused(f"{address} has a zone")
    try:
        literal = ip_address(address)
    except ValueError as error:
        raise Refused(f"{address} is not an address") from error
    if allow_loopback and literal.is_loopback:
        return
    if not is_public(literal):
        raise Refused(f"{address} is not a public address")
    if port not in ports:
        raise Refused(f"port {port} is not one of those allowed")


def check_literal(url: URL, ports: frozenset[int], allow_loopback: bool) -> None:
    """Raises Refused for an address that names a place by number to which no connection would be made, or a port.

    For saying so early: a name is judged by what it resolves to, at the moment of connecting.
    """
    assert url.host is not None
    assert url.port is not None
    if LITERAL.fullmatch(url.host):
        check_connection(url.host, url.port, ports, allow_loopback)
    elif url.port not in ports and not allow_loopback:
        raise Refused(f"port {url.port} is not one of those allowed")


def is_public(literal: IPv4Address | IPv6Address) -> bool:
    """Whether the address is a place on the public internet, seen through NAT64."""
    if isinstance(literal, IPv6Address):
        if literal in NAT64:
            return is_public(IPv4Address(int(literal) & 0xFFFFFFFF))
        if literal not in GLOBAL_UNICAST:
            return False
    if any(literal.version == block.version and literal in block for block in NOT_PLACES):
        return False
    return literal.is_global and not literal.is_multicast and not literal.is_reserved
