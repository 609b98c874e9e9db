"""The part of a script that feeds the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.training.script.facts import Facts

_TRAINING = '''

def training_batches(inputs, labels, first_epoch, epochs@PARAMETERS@):
    """Make the batches of all epochs, in an order that follows from SEED and the epoch alone.@MORE@"""
    count = len(labels)
    inputs, labels = tf.constant(inputs), tf.constant(labels)

    def of_epoch(epoch):
        def shuffle(number):
            numbers = np.random.default_rng((SEED, int(number)))
@SHUFFLED@

        @ROWS@ = tf.numpy_function(shuffle, [epoch], @KINDS@)
@SHAPES@

        def batch(step):
            here = slice(step * BATCH_SIZE, (step + 1) * BATCH_SIZE)
            @OF_BATCH@
@INPUTS@
@RESULT@

        return tf.data.Dataset.range(-(-count // BATCH_SIZE)).map(batch, tf.data.AUTOTUNE)

    data = tf.data.Dataset.range(first_epoch, first_epoch + epochs)
    return data.flat_map(of_epoch).prefetch(2)
'''

_PLAIN = '''

def plain_batches(inputs, labels@PARAMETERS@):
    """Make the batches of a subset in order and unchanged, to measure with; None if it is empty."""
    if not len(labels):
        return None

    def batch(given, numbers):
        return @INPUTS@, targets(numbers)

    data = tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(BATCH_SIZE)
    return data.map(batch, tf.data.AUTOTUNE)
'''

_WEIGHTS = '''

def class_weights(labels):
    """Weigh the classes so that each counts the same, however many pictures it has."""
    counts = np.bincount(labels, minlength=len(CLASSES))
    there = counts > 0
    weights = np.zeros(len(CLASSES), np.float32)
    weights[there] = counts.sum() / (there.sum() * counts[there])
    return weights
'''


def batches_lines(facts: Facts) -> list[str]:
    """Write the functions that make batches."""
    two_kinds = facts.backbone is not None
    lines = ["", "", "def targets(labels):"]
    if facts.outputs == 1:
        lines += [
            '    """One number for each picture: 1 for the second class."""',
            "    return tf.cast(labels[:, tf.newaxis], tf.float32)",
        ]
    else:
        lines += [
            '    """One number for each class: 1 for the right one."""',
            "    return tf.one_hot(labels, len(CLASSES))",
        ]
    if facts.values.class_weights:
        lines += _WEIGHTS.splitlines()
    training = _training(facts)
    plain = _PLAIN.replace("@PARAMETERS@", ", on_features=False" if two_kinds else "")
    plain = plain.replace(
        "@INPUTS@", "given if on_features else prepare(given)" if two_kinds else "prepare(given)"
    )
    return [*lines, *training.splitlines(), *plain.splitlines()]


def _training(facts: Facts) -> str:
    two_kinds, copies = facts.backbone is not None, facts.copies > 0
    parameters = (", on_features=False" if two_kinds else "") + (", views=None" if copies else "")
    more = ""
    if copies:
        more = (
            "\n\n    Where there are views, a picture or one of its changed copies is taken, at random.\n    "
        )
    shuffled = "            return numbers.permutation(count)"
    rows, kinds, of_batch = "order", "tf.int64", "rows = order[here]"
    labels_at = "rows"
    if copies:
        shuffled = (
            "            order = numbers.permutation(count)\n"
            "            if views is None:\n"
            "                return order, order\n"
            "            taken = views[np.arange(count), numbers.integers(0, views.shape[1], count)]\n"
            "            return taken[order], order"
        )
        rows, kinds = "taken, order", "(tf.int64, tf.int64)"
        of_batch, labels_at = "rows, chosen = taken[here], order[here]", "chosen"
    inputs = ["given = tf.gather(inputs, rows)"]
    change = [
        "first = tf.stack([tf.constant(SEED), tf.cast(epoch, tf.int32)])",
        "seed = tf.random.experimental.stateless_fold_in(first, step)",
        "given = augment(tf.cast(given, tf.float32), seed)",
    ]
    augments = facts.augments and (facts.backbone is None or facts.values.fine_tune_epochs > 0)
    changed = [*(change if augments else []), "given = prepare(given)"]
    if two_kinds and not facts.values.fine_tune_epochs:
        changed = ["if not on_features:", "    given = prepare(given)"]
    elif two_kinds:
        changed = ["if not on_features:", *(f"    {line}" for line in changed)]
    inputs += changed
    result = f"return given, targets(tf.gather(labels, {labels_at}))"
    if facts.values.class_weights:
        inputs.append(f"numbers = tf.gather(labels, {labels_at})")
        result = "return given, targets(numbers), tf.gather(weights, numbers)"
    margin = " " * 12
    text = _TRAINING.replace("@PARAMETERS@", parameters).replace("@MORE@", more)
    if facts.values.class_weights:
        text = text.replace(
            "    count = len(labels)\n",
            "    count, weights = len(labels), tf.constant(class_weights(labels))\n",
        )
    text = text.replace("@SHUFFLED@", shuffled).replace("@ROWS@", rows).replace("@KINDS@", kinds)
    shapes = "\n".join(f"        {name} = tf.ensure_shape({name}, (count,))" for name in rows.split(", "))
    text = text.replace("@SHAPES@", shapes).replace("@OF_BATCH@", of_batch)
    text = text.replace("@INPUTS@", "\n".join(f"{margin}{line}" for line in inputs))
    return text.replace("@RESULT@", f"{margin}{result}")
