"""Replace the pictures of a folder by those with the same names in another folder.

They are compressed without loss, because the colours of a thermal picture are
temperatures.
"""

from pathlib import Path
import sys

from PIL import Image


def main() -> None:
    """Replace the pictures: pictures.py FROM TO."""
    source, target = (Path(argument) for argument in sys.argv[1:])
    for file in sorted(target.glob("*.png")):
        with Image.open(source / file.name) as picture:
            picture.convert("RGB").save(file, optimize=True)
        print(f"{file}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
