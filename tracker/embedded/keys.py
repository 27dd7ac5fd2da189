"""The embedded mode's own secret: random, made once, readable by its owner only."""

import os
import secrets
from pathlib import Path

from tracker.embedded.failures import Unready


def secret_key(var: Path) -> str:
    """The key in `var/secret_key`, made on first use. Two processes that make it at once agree on one."""
    kept = var / "secret_key"
    try:
        return kept.read_text()
    except FileNotFoundError:
        pass
    except OSError as failure:
        raise Unready(f"{kept} cannot be read ({failure.strerror}): it belongs to another user.") from failure
    try:
        var.mkdir(parents=True, exist_ok=True)
        made = var / f".secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(64))
        try:
            os.link(made, kept)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    except OSError as failure:
        raise Unready(
            f"The folder {var} cannot be written ({failure.strerror}): name another in TRACKER_VAR."
        ) from failure
    return kept.read_text()
