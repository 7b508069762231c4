"""Replace the pictures of a folder by those of the same names in another, made small."""

from pathlib import Path
import sys

from PIL import Image

# Colours of each picture: with so many the pages look as they do, at a third of the size.
COLOURS = 256


def main() -> None:
    """Do so: pictures.py FROM TO."""
    source, target = (Path(argument) for argument in sys.argv[1:])
    for file in sorted(target.glob("*.png")):
        with Image.open(source / file.name) as picture:
            small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(file, optimize=True)
        print(f"{file}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
