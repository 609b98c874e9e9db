"""The part of a script that changes training pictures at random."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from desktop_app.core.datasets.pipeline.augmentation import ERASED_SIDE, GREY
from desktop_app.core.datasets.pipeline.degradation import (
    HIGHEST_QUALITY,
    LOWEST_QUALITY,
    SMALLEST_BLUR,
)
from desktop_app.core.datasets.pipeline.geometric_augmentation import moves
from desktop_app.core.training.script.source_text import statement, value

if TYPE_CHECKING:
    from desktop_app.core.datasets.pipeline.augmentation_settings import AugmentationSettings
    from desktop_app.core.training.script.facts import Facts

_SEEDS = '''

class Seeds(keras.random.SeedGenerator):
    """Gives the layers of Keras seeds that follow from a first one: every run is the same."""

    def __init__(self, first):
        self.first, self.count = first, 0

    def next(self, ordered=True):
        """Give the next seed."""
        self.count += 1
        return tf.random.experimental.stateless_fold_in(self.first, self.count)
'''

_DEGRADE = '''

def degrade(pictures, seed):
    """Blur some pictures, or compress them as JPEG, or both."""
    draws = tf.random.stateless_uniform((tf.shape(pictures)[0], 4), seed)

    def one(given):
        picture, draw = given
        damaged, kind = draw[0] < @CHANCE@, draw[1]
        scale = @BLUR@ + (1 - @BLUR@) * draw[2]
        side = tf.maximum(1, tf.cast(SIZE * scale, tf.int32))
        quality = tf.cast(@LOW@ + @RANGE@ * draw[3], tf.int32)

        def blur():
            small = tf.image.resize(picture, (side, side), antialias=True)
            return tf.image.resize(small, (SIZE, SIZE), "bicubic")

        soft = tf.cond(damaged & (kind < 2 / 3), blur, lambda: picture)

        def compress():
            pixels = tf.cast(tf.clip_by_value(tf.round(soft), 0, 255), tf.uint8)
            return tf.cast(tf.image.adjust_jpeg_quality(pixels, quality), tf.float32)

        return tf.cond(damaged & (kind > 1 / 3), compress, lambda: soft)

    output = tf.TensorSpec((None, None, 3), tf.float32)
    changed = tf.map_fn(one, (pictures, draws), fn_output_signature=output)
    return tf.ensure_shape(tf.clip_by_value(changed, 0, 255), pictures.shape)
'''

_MOVE_BEGIN = '''

def move(pictures, seed):
    """Give each picture another position, size and shape, in one step, which blurs only once.

    Eight numbers a picture say where each pixel of the result comes from; edges are repeated.
    """
    draws = tf.random.stateless_uniform((9, tf.shape(pictures)[0]), seed, -1.0, 1.0)
'''

_MOVE_END = """    x_x, y_x = flip_x * cosine * zoom_x, flip_y * sine * zoom_x
    x_y = flip_x * (cosine * slant - sine) * zoom_y
    y_y = flip_y * (sine * slant + cosine) * zoom_y
    centre = (SIZE - 1) / 2
    start_x = centre - x_x * centre - x_y * centre@SHIFT_X@
    start_y = centre - y_x * centre - y_y * centre@SHIFT_Y@
    none = tf.zeros_like(x_x)
    moved = tf.raw_ops.ImageProjectiveTransformV3(
        images=pictures,
        transforms=tf.stack([x_x, x_y, start_x, y_x, y_y, start_y, none, none], axis=1),
        output_shape=(SIZE, SIZE),
        interpolation="BILINEAR",
        fill_mode="NEAREST",
        fill_value=0.0,
    )
    return tf.ensure_shape(moved, pictures.shape)
"""


def augmentation_lines(facts: Facts) -> list[str]:
    """Write the functions that change pictures, as far as the settings ask for them."""
    if not facts.augments:
        return []
    settings = facts.values.augmentation
    lines = _SEEDS.splitlines()
    if settings.degrade:
        degrade = _DEGRADE.replace("@CHANCE@", value(settings.degrade)).replace(
            "@BLUR@", value(SMALLEST_BLUR)
        )
        degrade = degrade.replace("@LOW@", value(LOWEST_QUALITY))
        lines += degrade.replace("@RANGE@", value(HIGHEST_QUALITY - LOWEST_QUALITY)).splitlines()
    if moves(settings):
        lines += _move_lines(settings)
    colours = _colour_lines(settings, colour=facts.recipe.channels == 3)
    if colours:
        lines += ["", "", "# Colours and erased squares.", "CHANGES = [", *colours, "]"]
    lines += [
        "",
        "",
        "def augment(pictures, seed):",
        '    """Change each picture of a batch differently: float32 (N, SIZE, SIZE, 3), 0 to 255."""',
        "    seeds = Seeds(seed)",
    ]
    if settings.degrade:
        lines.append("    pictures = degrade(pictures, seeds.next())")
    if moves(settings):
        lines.append("    pictures = move(pictures, seeds.next())")
    if colours:
        lines += [
            "    for layer in CHANGES:",
            "        change = layer.get_random_transformation(pictures, seed=seeds)",
            "        pictures = layer.transform_images(pictures, change)",
        ]
    return [*lines, "    return pictures"]


def _move_lines(settings: AugmentationSettings) -> list[str]:
    lines = _MOVE_BEGIN.splitlines()
    for axis, flips, row in (("x", settings.flip, 0), ("y", settings.flip_vertical, 1)):
        drawn = f"tf.where(draws[{row}] < 0, -1.0, 1.0)" if flips else "still"
        lines.append(f"    flip_{axis} = {drawn}")
    shaped = ""
    if settings.reshaped < 1 and (settings.zoom or settings.shear or settings.rotation):
        shaped = "reshaped * "
        lines += [
            "    # The others stay as sharp as the network will see pictures later.",
            f"    reshaped = tf.cast(draws[8] < 2 * {value(settings.reshaped)} - 1, tf.float32)",
        ]
    if settings.zoom:
        zoom = f"{shaped}{value(settings.zoom)}"
        zoom = f"({zoom})" if shaped else zoom
        lines.append(f"    zoom_x, zoom_y = 1 + draws[2] * {zoom}, 1 + draws[3] * {zoom}")
    else:
        lines.append("    zoom_x = zoom_y = still")
    slant = f"draws[4] * {shaped}{value(settings.shear)}" if settings.shear else "0 * still"
    angle = (
        f"draws[5] * {shaped}{value(math.radians(settings.rotation))}" if settings.rotation else "0 * still"
    )
    lines += [
        f"    slant = {slant}",
        f"    angle = {angle}" + (f"  # up to {settings.rotation:g} degrees" if settings.rotation else ""),
        "    cosine, sine = tf.cos(angle), tf.sin(angle)",
    ]
    end = _MOVE_END
    for axis, row in (("X", 6), ("Y", 7)):
        shift = f" + tf.round(draws[{row}] * {value(settings.shift)} * SIZE)" if settings.shift else ""
        end = end.replace(f"@SHIFT_{axis}@", shift)
    if any("still" in line for line in lines):
        lines.insert(len(_MOVE_BEGIN.splitlines()), "    still = tf.ones_like(draws[0])")
    return [*lines, *end.splitlines()]


def _colour_lines(settings: AugmentationSettings, *, colour: bool) -> list[str]:
    lines: list[str] = []

    def add(name: str, *arguments: str) -> None:
        lines.extend(statement(f"layers.{name}(", [*arguments, 'dtype="float32"'], "),", 1))

    if settings.saturation and colour:
        low, high = 1 - settings.saturation, 1 + settings.saturation
        add("RandomSaturation", value((low / (low + 1), high / (high + 1))), "value_range=(0, 1)")
    if settings.contrast:
        add("RandomContrast", value((settings.contrast, settings.contrast)), "value_range=(0, 255)")
    if settings.brightness:
        add("RandomBrightness", value(settings.brightness), "value_range=(0, 255)")
    if settings.erase:
        area = ERASED_SIDE**2
        chance = value((settings.erase, settings.erase))
        add("RandomErasing", chance, value((area, area)), value(GREY), "value_range=(0, 255)")
    return lines
