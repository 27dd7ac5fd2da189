"""How a figure is taken, shown and kept."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings


def milliseconds(call: Callable[[], Any], times: int = 15) -> float:
    """The median of several calls, after one that warms up."""
    call()
    taken = []
    for _time in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)


def tell(name: str, sentence: str, **figures: float | int) -> None:
    """Print one result and write it to `bench/<name>.json` under the data folder."""
    folder = Path(settings.TRACKER_VAR) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(f"{name:<12} {sentence}", flush=True)
