"""Search for shades of the palette on a dark ground: ``python -m tests.benchmarks.colors.dark``.

Each begins as the lighter shade that any colour gets there, and moves about
its own hue, so that a theme is known again; always the same answer; ten seconds.
"""

from __future__ import annotations

import numpy as np

from analysis.plots.palette import COLORS, UNASSIGNED
from analysis.reports.explorer.shades import GROUND, lighten, read_oklab
from tests.benchmarks.colors.search import measure_room
from tests.plots.seen_colors import VISIONS, contrast, distances

GRAY = lighten(UNASSIGNED)
# WCAG 2.2 asks 3 : 1 of graphical objects; nearly white, colours are no colours any more.
_CONTRAST, _CHROMA, _TURN = (3.1, 15.5), 0.04, 24
_N_ROUNDS, _N_MOVED, _N_TRIED, _SEED = 120, 4, 80, 1


def suits(color: str, model: str) -> bool:
    """True for a colour of about the hue of another that shows on the dark ground."""
    # Hues of CIELAB turn from blue to violet as they grow lighter; those of OKLab do not.
    (_, a, b), (_, own_a, own_b) = read_oklab(color), read_oklab(model)
    turn = np.degrees(np.arctan2(b, a) - np.arctan2(own_b, own_a))
    return bool(
        _CONTRAST[0] <= contrast(color, GROUND) <= _CONTRAST[1]
        and np.hypot(a, b) >= _CHROMA
        and abs((turn + 180) % 360 - 180) <= _TURN
    )


def search() -> list[str]:
    """A shade for each colour of the palette, the least distance between any two as large as this search makes it."""
    models, rng = [lighten(color) for color in COLORS], np.random.default_rng(_SEED)
    shades = list(models)
    for n_done in range(_N_ROUNDS):
        reach = max(4, 60 - n_done)
        rooms = [measure_room([shade], _others(shades, i))[0] for i, shade in enumerate(shades)]
        for i in np.argsort(rooms)[:_N_MOVED]:
            code = np.array([int(shades[i][k : k + 2], 16) for k in (1, 3, 5)])
            moved = np.clip(code + rng.integers(-reach, reach + 1, (_N_TRIED, 3)), 0, 255)
            near = ["#{:02x}{:02x}{:02x}".format(*one) for one in moved]
            near = [shades[i], *(one for one in near if suits(one, COLORS[i]))]
            shades[i] = near[int(measure_room(near, _others(shades, i)).argmax())]
    return shades


def _others(shades: list[str], i: int) -> list[str]:
    return [*shades[:i], *shades[i + 1 :], GRAY]


def main() -> None:
    shades = search()
    for color, shade in zip(COLORS, shades, strict=True):
        print(f'    "{color}": "{shade}",')
    for vision in VISIONS:
        apart = distances([*shades, GRAY], vision)
        print(f"{vision}: {apart[np.triu_indices(len(apart), 1)].min():.2f}")
    print(f"lowest contrast with the ground: {min(contrast(shade, GROUND) for shade in [*shades, GRAY]):.2f}")


if __name__ == "__main__":
    main()
