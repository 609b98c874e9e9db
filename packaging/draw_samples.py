"""Draws the sample pictures that are no photographs: ``python packaging/draw_samples.py``.

Every picture is computed from formulas alone, the same on each run. It takes about a minute.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from samples import dog, horse, small_animals, vehicles
from samples.render import render

DRAWN = Path(__file__).parent.parent / "resources" / "samples" / "drawn"
SCENES = {
    "airplane": vehicles.airplane,
    "bird": small_animals.bird,
    "dog": dog.dog,
    "frog": small_animals.frog,
    "horse": horse.horse,
    "ship": vehicles.ship,
}


def main() -> None:
    """Draw the named pictures, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENES)}; default: all")
    parser.add_argument("--width", type=int, default=640, help="of the pictures, which are 4 to 3 (640)")
    parser.add_argument("--output", type=Path, default=DRAWN)
    options = parser.parse_args()
    if unknown := set(options.names) - SCENES.keys():
        parser.error(f"there is no scene {', '.join(sorted(unknown))}")
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.names or SCENES:
        picture = render(SCENES[name](), options.width, options.width * 3 // 4)
        path = options.output / f"{name}.jpg"
        picture.save(path, quality=88, optimize=True, progressive=True)
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
