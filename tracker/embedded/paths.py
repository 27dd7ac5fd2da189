"""Where the embedded services keep what is theirs, worked out from TRACKER_VAR alone."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
LONGEST_SOCKET = 103
"""Bytes a unix socket's path may have: 107 on Linux, 103 on macOS."""

POSTGRES_SOCKET = ".s.PGSQL.5432"
DATABASE = USER = "tracker"


@dataclass(frozen=True)
class Places:
    """One folder of data. `sockets` is inside it where its path is short enough, else under the temporary folder."""

    var: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Places":
        """The folder TRACKER_VAR names; a relative one is meant from the project, wherever the command was given."""
        return cls(PROJECT / environ.get("TRACKER_VAR", "var"))

    @property
    def elsewhere(self) -> Path:
        """A link to where the data is when PostgreSQL's account cannot reach this folder. See staging.py."""
        return self.var / "elsewhere"

    @property
    def postgres_root(self) -> Path:
        return self.elsewhere.readlink() if self.elsewhere.is_symlink() else self.var

    @property
    def postgres(self) -> Path:
        return self.postgres_root / "postgres"

    @property
    def broker(self) -> Path:
        return self.var / "broker"

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def postgres_socket_folder(self) -> Path:
        return _short_enough(self.postgres, POSTGRES_SOCKET)

    @property
    def postgres_socket(self) -> Path:
        return self.postgres_socket_folder / POSTGRES_SOCKET

    @property
    def broker_socket(self) -> Path:
        return _short_enough(self.broker, "broker.sock") / "broker.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{quote(str(self.broker_socket))}"


def _short_enough(folder: Path, name: str) -> Path:
    if len(os.fsencode(folder / name)) <= LONGEST_SOCKET:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tracker-{digest}"
