"""How each case of tests/bench/api.py grows: a table for docs/benchmarks.md and a plot, docs/growth.svg.

`python -m tests.bench.growth FOLDER` reads what `api` wrote at several sizes (`api_<case>_<rows>.json`).
"""

import json
import sys
from math import log10
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 880, 520, 60, 20, 40, 210
DECADES = (0, 4)  # from 1 ms to 10 s


def read(folder: Path) -> dict[str, dict[int, dict[str, float]]]:
    """{case: {rows: figures}}, the cases by name and the sizes from small to large."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    for path in sorted(folder.glob("api_*_*.json")):
        case, rows = path.stem.removeprefix("api_").rsplit("_", 1)
        found.setdefault(case, {})[int(rows)] = json.loads(path.read_text())
    return {case: dict(sorted(sizes.items())) for case, sizes in found.items()}


def table(found: dict[str, dict[int, dict[str, float]]]) -> str:
    sizes = sorted({rows for case in found.values() for rows in case})
    lines = ["| case (ms) | " + " | ".join(f"{rows:,}" for rows in sizes) + " | largest / smallest |"]
    lines.append("|---|" + "---|" * (len(sizes) + 1))
    for case, by_size in found.items():
        taken = [by_size[rows]["ours"] if rows in by_size else None for rows in sizes]
        told = [f"{ms:.1f}" if ms is not None else "" for ms in taken]
        known = [ms for ms in taken if ms is not None]
        growth = f"{known[-1] / known[0]:.1f}" if len(known) == len(sizes) > 1 else ""
        lines.append(f"| {case} | " + " | ".join(told) + f" | {growth} |")
    return "\n".join(lines)


def plot(found: dict[str, dict[int, dict[str, float]]]) -> str:
    sizes = sorted({rows for case in found.values() for rows in case})

    def x(rows: int) -> float:
        return LEFT + (log10(rows) - log10(sizes[0])) / (log10(sizes[-1]) - log10(sizes[0])) * (
            WIDTH - LEFT - RIGHT
        )

    def y(ms: float) -> float:
        share = (log10(max(ms, 1)) - DECADES[0]) / (DECADES[1] - DECADES[0])
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11">',
        "<title>Milliseconds of each case by the number of recommendations, both scales logarithmic</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for decade in range(DECADES[0], DECADES[1] + 1):
        at = y(10**decade)
        drawn.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        drawn.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10**decade:,} ms</text>')
    for rows in sizes:
        drawn.append(f'<text x="{x(rows):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{rows:,}</text>')
    ends = sorted(
        (by_size[sizes[-1]]["ours"], case) for case, by_size in found.items() if sizes[-1] in by_size
    )
    room = float(HEIGHT)
    for ms, case in ends:
        hue = sum(map(ord, case)) * 47 % 360
        points = " ".join(f"{x(rows):.1f},{y(figures['ours']):.1f}" for rows, figures in found[case].items())
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="hsl({hue} 60% 40%)" stroke-width="1.5"/>'
        )
        room = min(y(ms) + 4, room - 12)
        drawn.append(
            f'<text x="{WIDTH - RIGHT + 8}" y="{room:.1f}" fill="hsl({hue} 60% 30%)">{case} {ms:.0f} ms</text>'
        )
    return "\n".join([*drawn, "</svg>", ""])


if __name__ == "__main__":
    figures = read(Path(sys.argv[1]))
    Path("docs/growth.svg").write_text(plot(figures))
    print(table(figures))
