"""Where the door may lead, judged without a network: what is public, and which texts are web addresses."""

import pytest

from recommendations.fetching.addresses import BadAddress, Refused, check_connection, read_url

PORTS = frozenset({80, 443})

NOT_PUBLIC = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.1.2.3 127.255.255.254
169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 168.63.129.16
:: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::8.8.8.8
2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2002:808:808:: 2001:0:7f00:1:: 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 3fff::1 100::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 febf::1
fec0::1 ff02::1 ff0e::1 5f00::1 4000::1 8000::1 ::1%lo 2606:4700::1%1
""".split()  # noqa: SIM905 - a list would be one address a line

PUBLIC = [
    "8.8.8.8",
    "192.0.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::8.8.8.8",
]


NOT_WEB_ADDRESSES = [
    "",
    "www.gao.gov",
    "//www.gao.gov/",
    "/etc/passwd",
    "file:///etc/passwd",
    "ftp://www.gao.gov/",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/",
    "ws://www.gao.gov/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http://",
    "http:///path",
    "http://:80/",
    "http://user@www.gao.gov/",
    "http://user:secret@www.gao.gov/",
    "http://www.gao.gov@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://www.gao.gov:99999/",
    "http://www.gao.gov:0/",
    "http://www.gao.gov:port/",
    "http://www.gao.gov\\@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://www.gao.gov/\r\nX-Injected: yes",
    "http://www.gao.gov/ path",
    " http://www.gao.gov/",
    "http://www.gao\t.gov/",
    "http://www.gao.gov/\x00",
    "http://[::1",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[not-an-address]/",
    "http://www.gao.gov/" + "a" * 5000,
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_refused(address):
    with pytest.raises(Refused):
        check_connection(address, 443, PORTS, allow_loopback=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass_on_allowed_ports_only(address):
    check_connection(address, 443, PORTS, allow_loopback=False)
    with pytest.raises(Refused):
        check_connection(address, 22, PORTS, allow_loopback=False)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_loopback_is_open_on_any_port_where_it_is_allowed(address):
    check_connection(address, 34567, PORTS, allow_loopback=True)


@pytest.mark.parametrize("address", [a for a in NOT_PUBLIC if not a.startswith("127.") and a != "::1"])
def test_allowing_loopback_opens_nothing_else(address):
    with pytest.raises(Refused):
        check_connection(address, 443, PORTS, allow_loopback=True)


@pytest.mark.parametrize("text", NOT_WEB_ADDRESSES)
def test_what_is_not_a_plain_web_address_is_refused(text):
    with pytest.raises(BadAddress):
        read_url(text)


def test_an_address_keeps_its_query_and_loses_its_fragment():
    assert str(read_url("https://www.gao.gov/a?b=c#d")) == "https://www.gao.gov/a?b=c"


def test_names_of_any_script_are_read():
    assert str(read_url("https://peñanieto.example/ley")) == "https://xn--peanieto-e3a.example/ley"
