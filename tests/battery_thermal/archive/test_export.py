"""Tests of files for other programs."""

import csv
from pathlib import Path

import numpy as np
import pytest

from custom_components.battery_thermal.archive.export import (
    write_csv,
    write_npz,
    write_page,
)
from custom_components.battery_thermal.model.archived_image import ArchivedImage

from .test_database import image

IMAGES = [
    ArchivedImage(image(0), ambient=21, fan=True, threshold=None),
    ArchivedImage(image(1, node_maximum=3200), ambient=None, fan=None, threshold=50),
]


def test_table(tmp_path: Path) -> None:
    """A row an image, a column a pixel, empty where nothing has arrived."""
    path = tmp_path / "images.csv"
    write_csv(path, IMAGES)
    first, second = csv.DictReader(path.open(encoding="utf-8"))
    assert float(first["r1c1"]) == IMAGES[0].image.values[0, 0] / 10
    assert float(first["r32c24"]) == IMAGES[0].image.values[31, 23] / 10
    assert first["r1c4"] == ""
    assert (first["ambient"], first["fan"], first["threshold"]) == ("21", "True", "")
    assert (first["over_range"], first["bound"]) == ("", "0")
    assert second["over_range"]
    assert second["started_at"] == "2026-03-01T12:01:00.123+00:00"


def test_arrays(tmp_path: Path) -> None:
    """An element an image, not a number where nothing has arrived."""
    path = tmp_path / "images.npz"
    write_npz(path, IMAGES)
    with np.load(path) as arrays:
        assert arrays["celsius"].shape == (2, 32, 24)
        assert arrays["celsius"][0, 0, 0] == pytest.approx(
            IMAGES[0].image.values[0, 0] / 10
        )
        assert np.isnan(arrays["celsius"][:, :, 3]).all()
        assert np.isnan(arrays["ambient"]).tolist() == [False, True]
        assert np.isnan(arrays["threshold"]).tolist() == [True, False]
        assert str(arrays["started_at"][0]) == "2026-03-01T12:00:00.123"


def test_doubtful_pixels(tmp_path: Path) -> None:
    """A table and arrays say which pixels may be far hotter than their values."""
    lowest = int(IMAGES[0].image.values.min())
    doubtful = image(0, node_minimum=lowest + 150, suspect=True)
    images = [*IMAGES, ArchivedImage(doubtful, ambient=None, fan=None, threshold=None)]
    assert doubtful.doubtful.any()
    write_npz(tmp_path / "images.npz", images)
    with np.load(tmp_path / "images.npz") as arrays:
        for number, archived in enumerate(images):
            assert (arrays["doubtful"][number] == archived.image.doubtful).all()
        assert arrays["suspect"].tolist() == [one.image.suspect for one in images]
    write_csv(tmp_path / "images.csv", images)
    *_, row = csv.DictReader((tmp_path / "images.csv").open(encoding="utf-8"))
    row_number, column = np.argwhere(doubtful.doubtful)[0] + 1
    assert row["doubtful"].split()[0] == f"r{row_number}c{column}"


@pytest.mark.parametrize("write", [write_csv, write_npz])
def test_cancelled(tmp_path: Path, write: object) -> None:
    """A file that was there before is unchanged, and nothing else is left."""
    path = tmp_path / "images"
    path.write_text("before")
    assert callable(write)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        write(path, IMAGES, stop)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_link_is_replaced(tmp_path: Path) -> None:
    """What a link leads to is not written to; a folder is made."""
    secret = tmp_path / "secret"
    secret.write_text("unchanged")
    path = tmp_path / "reports" / "page.html"
    path.parent.mkdir()
    path.symlink_to(secret)
    write_page(path, "<p>é</p>")
    assert secret.read_text() == "unchanged"
    assert path.read_text(encoding="utf-8") == "<p>é</p>"
    write_page(tmp_path / "new" / "page.html", "")
    assert (tmp_path / "new" / "page.html").exists()
