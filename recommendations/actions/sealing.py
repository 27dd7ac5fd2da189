"""Sealing what must be read again: the secrets that webhooks sign with, answers kept for a repeated request.

What only has to be recognised (tokens, passwords) is kept as a digest instead. The key is derived from
SECRET_KEY, which is not in the database: whoever has a copy of the database alone reads none of it. Keys in
SECRET_KEY_FALLBACKS still open what they sealed.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """It was sealed under a SECRET_KEY that is gone."""


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> MultiFernet:
    return _boxes(tuple(str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)))


@lru_cache(maxsize=2)
def _boxes(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"recommendations.sealing").derive(key.encode())
