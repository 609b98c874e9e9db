"""The part of a script that finds, decodes and fits the pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.datasets.report import PARTS
from desktop_app.core.images.decoding.fitting import THIN
from desktop_app.core.networks.pixels import (
    IMAGENET_DEVIATIONS,
    IMAGENET_MEANS,
    IMAGENET_MEANS_BGR,
)
from desktop_app.core.training.script.source_text import listed, text, value

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.training.script.facts import Facts

SHORT = 60
"""Pictures up to which a script that stands alone lists them itself."""

_COLOURS = '''
PROBE = bytes(itertools.chain.from_iterable(itertools.product(range(0, 256, 15), repeat=3)))


@functools.lru_cache(8)
def conversion(profile, is_grey, is_cmyk):
    """Find the conversion from an ICC profile's colours to sRGB; None if there is nothing to do."""
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(source.profile.xcolor_space.strip())
    if mode is None or (mode == "CMYK") != is_cmyk or (mode == "L" and not is_grey):
        return None  # it belongs to another kind of picture
    convert = ImageCms.ImageCmsTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if mode == "RGB":
        probe = Image.frombytes("RGB", (18, 324), PROBE)
        if np.asarray(ImageChops.difference(probe, convert.apply(probe))).max() <= 1:
            return None  # it describes sRGB itself
    return mode, convert


def in_srgb(picture):
    """Give a picture the colours that its ICC profile means; transparent parts lie over white."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    found = None
    if profile:
        with contextlib.suppress(OSError, ValueError, TypeError, ImageCms.PyCMSError):
            found = conversion(profile, picture.mode in {"1", "L", "LA"}, picture.mode == "CMYK")
    if found is None:
        colours = picture.convert("RGB")
    else:
        mode, convert = found
        colours = convert.apply(picture if picture.mode == mode else picture.convert(mode))
    if picture.mode != "RGBA":
        return colours
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(colours, mask=picture.getchannel("A"))
    return paper
'''

_READ = '''

def read_picture(path):
    """Decode a picture and bring it to the network's size: uint8 (SIZE, SIZE, 3), RGB."""
    with Image.open(path) as picture:
        if picture.mode.startswith(("I", "F")) or picture.mode == "LAB":
            raise ValueError(f"its colours ({picture.mode}) are not 8-bit; save it as an 8-bit PNG")
        if picture.format in {"JPEG", "MPO"}:
            # Large ones are decoded at 1/2, 1/4 or 1/8, at least twice as large as is needed.
            spare = min(picture.size) // max(2 * @NEEDED@, 256)
            scale = 2 ** min(max(spare, 1).bit_length() - 1, 3)
            if scale > 1:
                picture.draft(None, (picture.width // scale, picture.height // scale))
        upright = in_srgb(ImageOps.exif_transpose(picture))
@BOX@
    return np.asarray(upright.resize((SIZE, SIZE), Image.Resampling.BICUBIC@BY_BOX@))
'''

_LOAD = '''

def load(part):
    """Read a split: pixels, uint8 (N, SIZE, SIZE, 3), and numbers of classes, int64 (N,)."""
    numbers = {name: number for number, name in enumerate(CLASSES)}
    pixels, labels = [], []
    for path, name in pictures_of(part):
        try:
            pixels.append(read_picture(path))
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            print(f"{path} is skipped: {error}", file=sys.stderr)
        else:
            labels.append(numbers[name])
    if len(labels) != COUNTS[part]:
        print(f"{part}: {len(labels)} pictures, {COUNTS[part]} in Sightline: results will differ.")
    shape = (len(labels), SIZE, SIZE, 3)
    return np.array(pixels, np.uint8).reshape(shape), np.array(labels, np.int64)
'''


def settings_lines(facts: Facts, split: Path | None, *, inside: bool) -> list[str]:
    """Write where the pictures are, and which of them is in which subset.

    Args:
        facts: The run.
        split: The file that lists the pictures; None for the one beside the script.
        inside: Whether the script lists them itself.
    """
    lines = [
        "HERE = Path(__file__).resolve().parent",
        "# The folder of the pictures. If they have moved, change it here.",
        f"DATA = Path({text(str(facts.split.folder.absolute()))})",
        *listed("CLASSES", facts.split.classes),
    ]
    if inside:
        lines += _pictures_lines(facts)
    else:
        given = 'HERE / "split.csv"' if split is None else f"Path({text(str(split))})"
        lines += [
            "# Which picture is in which class and subset: the columns path, class and part.",
            f"SPLIT = {given}",
        ]
    counts = {part: _counted(facts, part) for part in PARTS}
    shown = ", ".join(f"{text(part)}: {count}" for part, count in counts.items())
    return [*lines, f"COUNTS = {{{shown}}}  # pictures of each subset in the run"]


def _counted(facts: Facts, part: str) -> int:
    record = facts.record
    if record.train:
        return {"train": record.train, "validation": record.validation, "test": record.test}[part]
    return facts.count(part)  # type: ignore[arg-type]


def _pictures_lines(facts: Facts) -> list[str]:
    folder = facts.split.folder.absolute()
    lines = ["# The pictures of each subset, with their classes.", "PICTURES = {"]
    for part in PARTS:
        rows = [row for row in facts.split.rows if row.part == part]
        lines.append(f"    {text(part)}: [" if rows else f"    {text(part)}: [],")
        for row in rows:
            path = row.path.absolute()
            inside = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
            lines.append(f"        ({text(inside)}, {text(facts.split.classes[row.label])}),")
        lines += ["    ],"] if rows else []
    return [*lines, "}"]


def reading_lines(facts: Facts, *, inside: bool) -> list[str]:
    """Write the functions that list, decode and fit the pictures."""
    recipe = facts.recipe
    lines = [
        "",
        "",
        "def pictures_of(part):",
        '    """List the pictures of a subset with their classes, in the order of the run."""',
        "    if not DATA.is_dir():",
        '        sys.exit(f"{DATA} is missing. Connect its disk, or change DATA in this script.")',
    ]
    if inside:
        lines.append("    return [(DATA / path, name) for path, name in PICTURES[part]]")
    else:
        lines += [
            "    if not SPLIT.is_file():",
            '        sys.exit(f"{SPLIT} is missing: it says which pictures are trained on.")',
            "    errors = sys.getfilesystemencodeerrors()",
            '    with SPLIT.open(encoding="utf-8", errors=errors, newline="") as file:',
            "        rows = list(csv.DictReader(file))",
            '    return [(DATA / row["path"], row["class"]) for row in rows if row["part"] == part]',
        ]
    share = recipe.crop_share
    needed = "SIZE" if recipe.fit == "squash" or share == 1 else f"math.ceil(SIZE / {value(share)})"
    box = _box_lines(facts)
    by_box = ", box=box" if box else ""
    read = _READ.replace("@NEEDED@", needed).replace("@BY_BOX@", by_box)
    read = read.replace("@BOX@\n", "".join(f"{line}\n" for line in box))
    return [*lines, "", *_COLOURS.splitlines(), *read.splitlines(), *_LOAD.splitlines()]


def _box_lines(facts: Facts) -> Sequence[str]:
    """Which part of a picture is seen; nothing where it is always the whole one."""
    recipe = facts.recipe
    thin = facts.record.config.answers.pixels.thin in {"crop", "parts"}
    if recipe.fit == "squash" and not thin:
        return []
    share = "" if recipe.crop_share == 1 else f" * {value(recipe.crop_share)}"
    lines = ["    width, height = upright.size", "    left = top = 0.0"]
    crop = [
        f"scale = min(width / SIZE, height / SIZE){share if recipe.fit == 'crop' else ''}",
        "left = max(width - SIZE * scale, 0) / 2",
        "top = max(height - SIZE * scale, 0) / 2",
    ]
    if recipe.fit == "crop":
        lines.append("    # The centre is seen, in its proportions.")
        lines += [f"    {line}" for line in crop]
    else:
        lines.append("    # Of long or high pictures the centre is seen; the others are squashed.")
        lines.append(f"    if max(width / height, height / width) >= {value(THIN)}:")
        lines += [f"        {line}" for line in crop]
    return [*lines, "    box = (left, top, width - left, height - top)"]


def prepare_lines(facts: Facts) -> list[str]:
    """Write the function from pixels to what the network takes."""
    lines = [
        "",
        "",
        "def prepare(pixels):",
        '    """Turn RGB pixels of 0..255 into what the network takes."""',
    ]
    if facts.recipe.preprocessing == "vgg19":
        return [
            *lines,
            "    # VGG19 was trained on blue, green, red, minus the mean of the ImageNet pictures.",
            f"    means = tf.constant({value(IMAGENET_MEANS_BGR)})",
            "    return tf.cast(tf.reverse(pixels, [-1]), tf.float32) - means",
        ]
    if facts.recipe.preprocessing == "none" and facts.recipe.channels == 3:
        return [*lines, "    return tf.cast(pixels, tf.float32)"]
    lines.append("    values = tf.cast(pixels, tf.float32)")
    if facts.recipe.channels == 1:
        lines += [
            "    # Grey by the luma of ITU-R BT.601.",
            "    values = tf.tensordot(values, tf.constant([[0.299], [0.587], [0.114]]), axes=1)",
        ]
    results = {
        "none": "values",
        "unit": "values / 255.0",
        "symmetric": "values / 127.5 - 1.0",
        "efficientnet-lite": "(values - 127.0) / 128.0",
        "imagenet": "(values / 255.0 - means) / deviations",
    }
    if facts.recipe.preprocessing == "imagenet":
        lines += [
            f"    means = tf.constant({value(IMAGENET_MEANS)})",
            f"    deviations = tf.constant({value(IMAGENET_DEVIATIONS)})",
        ]
    return [*lines, f"    return {results[facts.recipe.preprocessing]}"]
