"""Colours as people see them: with full and with deficient colour vision, and how far two are apart."""

from __future__ import annotations

import math

import numpy as np

# Machado, Oliveira, Fernandes (2009), IEEE TVCG 15(6), 1291-1298: severity 1, on linear RGB.
VISIONS = {
    "full colour vision": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])
_FAR = 25.0**7


def to_linear(colors: list[str]) -> np.ndarray:
    """Linear RGB in [0, 1] of hex colours, shape (n, 3)."""
    code = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def see(linear: np.ndarray, vision: str) -> np.ndarray:
    """CIELAB (D65) of linear RGB as seen with a vision, shape (n, 3)."""
    xyz = np.clip(linear @ VISIONS[vision].T, 0, 1) @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2, from 1 to 21."""
    light, dark = sorted((to_linear([one, other]) @ _TO_XYZ[1]).tolist(), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def difference(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """CIEDE2000 between CIELAB colours, as Sharma, Wu, Dalal (2005), Color Research and Application 30(1), 21-30."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1 + (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + _FAR))) / 2
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.arctan2(b1, a1) % math.tau, np.arctan2(b2, a2) % math.tau
    gray = c1 * c2 == 0
    turn = np.where(gray, 0, (h2 - h1 + math.pi) % math.tau - math.pi)
    delta_hue = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2)
    wraps = np.abs(h1 - h2) > math.pi
    hue = np.where(wraps, h1 + h2 + np.where(h1 + h2 < math.tau, math.tau, -math.tau), h1 + h2) / 2
    hue = np.where(gray, h1 + h2, hue)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(hue - math.radians(30))
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + math.radians(6))
        - 0.20 * np.cos(4 * hue - math.radians(63))
    )
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = math.radians(60) * np.exp(-(((np.degrees(hue) - 275) / 25) ** 2))
    r_t = -np.sin(rotation) * 2 * np.sqrt(chroma**7 / (chroma**7 + _FAR))
    parts = (l2 - l1) / s_l, (c2 - c1) / s_c, delta_hue / s_h
    return np.asarray(np.sqrt(parts[0] ** 2 + parts[1] ** 2 + parts[2] ** 2 + r_t * parts[1] * parts[2]))


def distances(colors: list[str], vision: str) -> np.ndarray:
    """CIEDE2000 between any two colours as seen with a vision, shape (n, n)."""
    seen = see(to_linear(colors), vision)
    return difference(seen[:, None, :], seen[None, :, :])
