"""The table of hyper-parameters: name, meaning, range, default."""

from __future__ import annotations

from desktop_app.core.training.settings.option import Group, Option


def _amount(
    key: str,
    label: str,
    explanation: str,
    group: Group,
    maximum: float,
    *,
    default: float = 0.0,
    logarithmic: bool = False,
    unit: str = "",
) -> Option:
    """A number from 0, which switches it off, to a maximum."""
    return Option(
        key,
        label,
        explanation,
        "number",
        default,
        group,
        0.0,
        maximum,
        logarithmic=logarithmic,
        unit=unit,
        off_at_zero=True,
    )


def _switch(key: str, label: str, explanation: str, group: Group) -> Option:
    """A switch, which is off until somebody turns it on."""
    return Option(key, label, explanation, "switch", False, group)


_TABLE = (
    Option(
        "backbone",
        "Starts from",
        "The ImageNet networks in the box, or VGG19, whose features are learned from.",
        "choice",
        "imagenet-better",
        "Basics",
        choices=(
            ("imagenet-both", "Both: most accurate"),
            ("imagenet-better", "ImageNet (better)"),
            ("imagenet-small", "ImageNet (small): three times as fast"),
            ("vgg19", "VGG19: large and slow, a download"),
        ),
    ),
    Option(
        "input_size",
        "Picture size",
        "Pictures are scaled to this many pixels a side: more shows finer detail and takes longer.",
        "integer",
        64,
        "Basics",
        8,
        512,
        unit="pixels",
    ),
    Option(
        "epochs",
        "Epochs",
        "How many times the network goes through all training pictures.",
        "integer",
        20,
        "Basics",
        1,
        10_000,
    ),
    Option(
        "batch_size",
        "Batch size",
        "Pictures in each training step: fewer need less memory.",
        "integer",
        32,
        "Basics",
        1,
        4096,
        logarithmic=True,
        unit="pictures",
    ),
    Option(
        "learning_rate",
        "Learning rate",
        "Size of each step: too large and the loss jumps, too small and it hardly falls.",
        "number",
        0.001,
        "Basics",
        1e-7,
        10.0,
        logarithmic=True,
    ),
    Option(
        "optimizer",
        "Optimiser",
        "The rule that turns errors into changes of the weights; Adam suits most networks.",
        "choice",
        "adam",
        "Optimiser",
        choices=(("adam", "Adam"), ("adamw", "AdamW"), ("sgd", "SGD"), ("rmsprop", "RMSprop")),
    ),
    Option(
        "schedule",
        "Learning-rate schedule",
        "How the learning rate changes during training.",
        "choice",
        "constant",
        "Optimiser",
        choices=(
            ("constant", "Constant"),
            ("cosine", "Cosine: falls slowly, then faster, toward zero"),
            ("exponential", "Exponential: falls by the same factor each epoch, to a hundredth at the end"),
            ("one-cycle", "One cycle: rises for a fifth of the time, then falls to zero"),
            ("plateau", "Plateau: halves when the validation loss has not fallen for three epochs"),
        ),
    ),
    _amount(
        "momentum",
        "Momentum",
        "How much of the last step the next one keeps; for SGD and RMSprop.",
        "Optimiser",
        0.999,
        default=0.9,
    ),
    _amount(
        "weight_decay",
        "Weight decay",
        "Pulls all weights toward zero a little at each step; reduces overfitting.",
        "Optimiser",
        1.0,
        logarithmic=True,
    ),
    _amount(
        "label_smoothing",
        "Label smoothing",
        "Keeps the network from being completely sure; reduces overfitting.",
        "Optimiser",
        0.5,
    ),
    Option(
        "head",
        "Head",
        "What learns your classes from the features of the pretrained network.",
        "choice",
        "automatic",
        "Network",
        choices=(
            ("automatic", "Automatic: what does better on the validation pictures"),
            ("linear", "Linear: one layer"),
            ("hidden", "Hidden: a hidden layer before it"),
        ),
    ),
    Option(
        "units",
        "Units",
        "Width of the network's main hidden layer: more units learn more and take longer.",
        "integer",
        128,
        "Network",
        4,
        4096,
        logarithmic=True,
    ),
    _amount(
        "dropout",
        "Dropout",
        "Share of the units switched off at random in each step; reduces overfitting.",
        "Network",
        0.9,
    ),
    _amount(
        "l2",
        "L2 penalty",
        "Makes large weights costly; reduces overfitting.",
        "Network",
        1.0,
        logarithmic=True,
    ),
    _switch("flip", "Mirror", "Mirrors half of the pictures left to right.", "Augmentation"),
    _switch(
        "flip_vertical", "Flip vertically", "Mirrors half of the pictures top to bottom.", "Augmentation"
    ),
    _amount(
        "rotation", "Rotate", "Rotates by up to this angle to either side.", "Augmentation", 180.0, unit="°"
    ),
    _amount("zoom", "Zoom", "Zooms in or out by up to this much (0.2 is 20%).", "Augmentation", 0.9),
    _amount("shear", "Shear", "Slants by up to this much of the width (0.2 is 20%).", "Augmentation", 0.9),
    _amount("shift", "Shift", "Shifts by up to this much of the side (0.2 is 20%).", "Augmentation", 0.5),
    _amount(
        "reshaped",
        "Share of pictures transformed",
        "Share of pictures that are rotated, zoomed or sheared; the others stay sharp.",
        "Augmentation",
        1.0,
        default=1.0,
    ),
    _amount(
        "brightness",
        "Brightness",
        "Lightens or darkens by up to this much (0.2 is 20%).",
        "Augmentation",
        1.0,
    ),
    _amount("contrast", "Contrast", "Changes contrast by up to this much (0.2 is 20%).", "Augmentation", 1.0),
    _amount(
        "saturation", "Saturation", "Changes colours by up to this much (0.2 is 20%).", "Augmentation", 1.0
    ),
    _amount(
        "erase",
        "Erase",
        "Chance that a square of a picture is blanked out, so that no single detail decides.",
        "Augmentation",
        1.0,
    ),
    _amount(
        "degrade",
        "Blur and compression",
        "Chance that a picture is blurred or damaged by compression, as bad photos are.",
        "Augmentation",
        1.0,
    ),
    Option(
        "copies",
        "Changed copies",
        "Copies of each training picture, changed once as set here, that the features are computed of too.",
        "integer",
        0,
        "Augmentation",
        0,
        64,
        off_at_zero=True,
    ),
    Option(
        "early_stopping",
        "Early stopping",
        "Ends the training when the validation loss has not fallen for this many epochs.",
        "integer",
        0,
        "Training control",
        0,
        1000,
        unit="epochs",
        off_at_zero=True,
    ),
    _switch(
        "class_weights", "Balance classes", "Gives pictures of small classes more weight.", "Training control"
    ),
    _switch(
        "mixed_precision",
        "Mixed precision",
        "Computes in 16-bit numbers: faster on GPUs and on CPUs with bfloat16, slower on others.",
        "Training control",
    ),
    Option(
        "fine_tune_epochs",
        "Fine-tuning",
        "Epochs at the end in which the pretrained network's last block learns too.",
        "integer",
        0,
        "Network",
        0,
        1000,
        unit="epochs",
        off_at_zero=True,
    ),
    Option(
        "fine_tune_learning_rate",
        "Fine-tuning rate",
        "Learning rate of the fine-tuning; small, so that what was learned is not lost.",
        "number",
        1e-5,
        "Network",
        1e-8,
        0.1,
        logarithmic=True,
    ),
    Option(
        "fine_tune_below",
        "Fine-tune up to",
        "Skips the fine-tuning when more of the validation pictures than this are right without it.",
        "number",
        1.0,
        "Network",
        0.0,
        1.0,
    ),
    _switch(
        "random_weights",
        "Start from scratch",
        "Starts from random numbers instead of the published weights: "
        "only to try things out, it recognises nothing.",
        "Network",
    ),
    Option(
        "seed",
        "Seed",
        "Same seed, same pictures and same computer give the same training.",
        "integer",
        0,
        "Training control",
        0,
        2**31 - 1,
    ),
)

OPTIONS: dict[str, Option] = {option.key: option for option in _TABLE}
"""The options by key, in the order of the form."""
