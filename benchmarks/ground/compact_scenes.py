"""Pictures for measurements of the compact format: simulated ones, and real ones if they are there."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.thermal_model import ThermalModel, blur

REAL = Path(__file__).parents[3] / "shared" / "data" / "mlx90640-frames.npz"
"""Frames of MLX90640 cameras in tenths of a °C, shape (n, 32, 24), by recording. Not part of the repository."""

SCENES = 120
NOISE = 0.1
"""Noise of an MLX90640 at 1 Hz in K (data sheet, figure 12)."""

_CALM = "controlbox"
_EVERY_CALM = 5
"""Only each fifth frame of the calm scene is used among all frames: it has most of them."""

type Frames = npt.NDArray[Any]


def simulated(*, hot: bool) -> Frames:
    """Return pictures of cells at many loads, blurred as by a lens; if ``hot``, one cell is 5 to 60 K warmer."""
    frames = []
    for seed in range(SCENES):
        model = ThermalModel(seed, noise=0.0)
        if hot:
            model.heat((seed % 4, seed % 3), 5 + seed % 12 * 5)
        random = np.random.default_rng(seed)
        seen = blur(blur(model.frame(600.0 * (seed + 1))))
        frames.append((seen + random.normal(0, NOISE, seen.shape)) * 10)
    return np.array(frames).round().astype(np.int16)


def real() -> dict[str, Frames]:
    """Return real frames: those of all recordings, and of the calm scene; none if the file is missing."""
    if not REAL.exists():
        return {}
    with np.load(REAL) as file:
        recordings = {name: file[name] for name in file.files}
    calm = [frames for name, frames in recordings.items() if _CALM in name]
    others = [frames for name, frames in recordings.items() if _CALM not in name]
    return {
        "real": np.concatenate([*others, *(frames[::_EVERY_CALM] for frames in calm)]),
        "real, calm": np.concatenate(calm),
    }


def scenes() -> dict[str, Frames]:
    """Return all pictures by kind."""
    return {
        "simulated": simulated(hot=False),
        "simulated, hot cell": simulated(hot=True),
        **real(),
    }
