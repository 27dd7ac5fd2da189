"""Certificates of the tests' own authority, good and bad, made anew for each run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Issuer:
    """Who vouches: a certificate and its key."""

    certificate: x509.Certificate
    key: Key


def authority(name: str) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(_made(name, [], key, None, DAY, for_authority=True), key)


def issued(
    name: str,
    hosts: list[str],
    by: Issuer | None,
    *,
    age: timedelta = DAY,
    for_clients: bool = False,
    key: Key | None = None,
) -> Issuer:
    """A certificate for `hosts`, made `age` ago and good for a day more than a day; by itself where `by` is None."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    return Issuer(_made(name, hosts, key, by, age, for_clients=for_clients), key)


def weak_key() -> Key:
    return rsa.generate_private_key(public_exponent=65537, key_size=1024)


def _made(
    name: str,
    hosts: list[str],
    key: Key,
    by: Issuer | None,
    age: timedelta,
    *,
    for_authority: bool = False,
    for_clients: bool = False,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = datetime.now(UTC) - age
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + 2 * DAY)
        .add_extension(x509.BasicConstraints(ca=for_authority, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([_named(host) for host in hosts]), critical=False
        )
    if not for_authority:
        use = ExtendedKeyUsageOID.CLIENT_AUTH if for_clients else ExtendedKeyUsageOID.SERVER_AUTH
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    return builder.sign(by.key if by else key, hashes.SHA256())


def _named(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def written(folder: Path, name: str, *chain: Issuer) -> Path:
    """A PEM file with the key of the first, its certificate and those that follow."""
    key = chain[0].key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key + b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in chain)
    )
    return path
