"""Search for colours that stay apart however they are seen: ``python -m tests.benchmarks.colors.search``.

Starts from colours of well-known names and moves, again and again, those that
are nearest to another one. Always the same answer; five seconds.
"""

from __future__ import annotations

import numpy as np

from tests.plots.seen_colors import VISIONS, contrast, difference, distances, see, to_linear

FULL = "full colour vision"
# The theme-less papers': fixed, for grey says that it is none.
GRAY = "#8b8b8b"
START = (
    "#1b62c4", "#d9730a", "#1d8a3c", "#8c1d5a", "#1692dc", "#e6300f",
    "#271bb4", "#a98a62", "#b04c7d", "#7984ab", "#4a3b13", "#496748",
)  # fmt: skip
# WCAG 2.2 asks 3 : 1 of graphical objects; near black, colours are no colours any more.
_CONTRAST, _CHROMA = (3.03, 11.5), 22
# Most readers have full colour vision: there, colours are to be a third farther apart.
_SHRINK = {FULL: 0.75}
_N_ROUNDS, _N_MOVED, _N_TRIED, _SEED = 60, 4, 80, 1


def measure_room(colors: list[str], others: list[str]) -> np.ndarray:
    """Distance of each colour to the nearest of the others, as seen by whom it is smallest for."""
    apart = [
        _SHRINK.get(vision, 1) * difference(see(to_linear(colors), vision)[:, None], see(to_linear(others), vision))
        for vision in VISIONS
    ]
    return np.asarray(np.min(apart, axis=(0, 2)))


def suits(color: str) -> bool:
    """True for a colour that shows on white and is neither grey nor nearly black."""
    _, a, b = see(to_linear([color]), FULL)[0]
    return bool(_CONTRAST[0] <= contrast(color, "#ffffff") <= _CONTRAST[1] and np.hypot(a, b) >= _CHROMA)


def search() -> list[str]:
    """Twelve colours, the least distance between any two (and the grey) as large as this search makes it."""
    colors, rng = list(START), np.random.default_rng(_SEED)
    for n_done in range(_N_ROUNDS):
        reach = max(4, 40 - n_done)
        rooms = [measure_room([color], _others(colors, i))[0] for i, color in enumerate(colors)]
        for i in np.argsort(rooms)[:_N_MOVED]:
            code = np.array([int(colors[i][k : k + 2], 16) for k in (1, 3, 5)])
            moved = np.clip(code + rng.integers(-reach, reach + 1, (_N_TRIED, 3)), 0, 255)
            near = ["#{:02x}{:02x}{:02x}".format(*one) for one in moved]
            near = [colors[i], *filter(suits, near)]
            colors[i] = near[int(measure_room(near, _others(colors, i)).argmax())]
    return colors


def _others(colors: list[str], i: int) -> list[str]:
    return [*colors[:i], *colors[i + 1 :], GRAY]


def main() -> None:
    colors = search()
    print(colors)
    for vision in VISIONS:
        apart = distances([*colors, GRAY], vision)
        print(f"{vision}: {apart[np.triu_indices(len(apart), 1)].min():.2f}")
    print(f"lowest contrast with white: {min(contrast(color, '#ffffff') for color in [*colors, GRAY]):.2f}")


if __name__ == "__main__":
    main()
