"""Theme colours on a dark ground: the same hues, light enough to be seen."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Björn Ottosson (2020), "A perceptual color space for image processing": linear sRGB to OKLab and back.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# Lightness of the darkest and of the lightest colour; the order stays.
_DARKEST, _LIGHTEST = 0.58, 0.9
GROUND = "#15181d"
# Found by search (tests/benchmarks/colors/dark.py): any two, and each against the grey, stay 13.3 apart in CIEDE2000,
# also as seen with protanopia, deuteranopia and tritanopia, and 3 : 1 or more on the ground.
_SHADES = {
    "#1e5ec5": "#4f57d6",
    "#dc7c00": "#feb12f",
    "#007e41": "#3db275",
    "#760058": "#944e82",
    "#008fff": "#bae9ff",
    "#cf2501": "#c42821",
    "#271bb4": "#a376ff",
    "#b28b71": "#ffdebc",
    "#91577c": "#a2808c",
    "#7680ad": "#9db0e4",
    "#4e3516": "#e16b00",
    "#245645": "#367c5e",
}


def shade_for_dark(color: str) -> str:
    """The colour of about the same hue for a dark ground.

    Parameters
    ----------
    color : str
        As ``#rrggbb``. Of a colour of the palette, the shade that was searched
        for it; any other is lightened.

    Examples
    --------
    >>> shade_for_dark("#4a3b13") > "#4a3b13"
    True
    """
    return _SHADES.get(color.lower()) or lighten(color)


def lighten(color: str) -> str:
    """The colour of the same hue, its lightness squeezed into the upper part.

    Parameters
    ----------
    color : str
        As ``#rrggbb``.
    """
    lightness, a, b = read_oklab(color)
    raised = _DARKEST + (_LIGHTEST - _DARKEST) * lightness
    strength = 1.0
    # Not every hue is that strong when it is that light: it fades until the screen can show it.
    while True:
        shown = _write_linear(np.array([raised, a * strength, b * strength]))
        if strength < 0.05 or (shown.min() >= -1e-4 and shown.max() <= 1 + 1e-4):
            break
        strength -= 0.02
    clipped = np.clip(shown, 0, 1)
    seen = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in seen)


def read_oklab(color: str) -> npt.NDArray[np.float64]:
    """Lightness in [0, 1], and how red or green, yellow or blue a colour is.

    Parameters
    ----------
    color : str
        As ``#rrggbb``.

    Returns
    -------
    float array (3,)
    """
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ linear))


def _write_linear(lab: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    cones = np.linalg.solve(_TO_LAB, lab) ** 3
    return np.asarray(np.linalg.solve(_TO_CONES, cones))
