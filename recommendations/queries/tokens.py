"""Whose key it is: asked at every request that brings one, and so at once true of what was revoked."""

from django.db import connection

from recommendations.models import Token, User

_TOKEN = [field.column for field in Token._meta.concrete_fields]
_USER = [field.column for field in User._meta.concrete_fields]
_HOLDER = f"""
SELECT {", ".join(f't."{name}"' for name in _TOKEN)}, {", ".join(f'u."{name}"' for name in _USER)}
  FROM recommendations_token t JOIN recommendations_user u ON u.id = t.user_id
 WHERE t.digest = %s
"""  # noqa: S608 - the column names are this project's own


def of_key(key: str) -> Token | None:
    """The token of this key with its owner, whatever has become of both; None for a key that nobody was given.

    Written out, because putting the same question together anew costs several times what it takes to answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, [Token.digest_of(key)])
        row = cursor.fetchone()
    if row is None:
        return None
    token = Token.from_db(
        connection.alias, [field.attname for field in Token._meta.concrete_fields], row[: len(_TOKEN)]
    )
    token.user = User.from_db(
        connection.alias, [field.attname for field in User._meta.concrete_fields], row[len(_TOKEN) :]
    )
    return token
