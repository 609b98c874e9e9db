"""The part of a script that builds the network, trains it, measures it and saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop_app.core.networks.own_layers import LRN
from desktop_app.core.training.script.learning_source import schedule_source
from desktop_app.core.training.script.network_source import network_source
from desktop_app.core.training.script.source_text import value

if TYPE_CHECKING:
    from desktop_app.core.training.script.facts import Facts

WEIGHTS = "backbone.weights.h5"
"""Name of the file with the weights of a pretrained network."""

_LRN = '''

@keras.saving.register_keras_serializable()
class LocalResponseNormalization(keras.layers.Layer):
    """Divides each number by the activity of its 5 neighbour channels (Krizhevsky et al., 2012)."""

    def call(self, inputs):
        """Normalise feature maps."""
        values = tf.cast(inputs, tf.float32)
        values = tf.nn.local_response_normalization(values, 2, bias=2.0, alpha=1e-4, beta=0.75)
        return tf.cast(values, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """Give the shape of the results, which is that of the inputs."""
        return input_shape
'''

_SEED = """    # Keras draws the seeds of first weights and of dropout from Python's random numbers.
    random.seed(SEED)
"""

_FEATURES = '''

def features_of(backbone, pixels):
    """Compute what the backbone sees in pictures: it does not change while the head is trained."""
    if not len(pixels):
        return np.zeros((0, *backbone.output.shape[1:]), np.float32)
    data = tf.data.Dataset.from_tensor_slices(pixels).batch(BATCH_SIZE).map(prepare)
    return backbone.predict(data, verbose=0).astype(np.float32)
'''

_COPIES = '''

@tf.function
def changed(pixels, seed):
    """Change pictures at random, and round them to whole numbers again."""
    found = tf.round(augment(tf.cast(pixels, tf.float32), seed))
    return tf.cast(tf.clip_by_value(found, 0, 255), tf.uint8)


def copies_of(pixels):
    """Make the changed copies of the training pictures, one round after the other."""
    sources = np.tile(np.arange(len(pixels)), COPIES)
    found = [np.empty((0, SIZE, SIZE, 3), np.uint8)]
    for start in range(0, len(sources), BATCH_SIZE):
        chosen = pixels[sources[start : start + BATCH_SIZE]]
        found.append(changed(tf.constant(chosen), tf.constant([SEED, start], tf.int32)).numpy())
    return np.concatenate(found)
'''

_UNFREEZE = '''

def unfreeze(backbone):
    """Let the last layers of the backbone learn; batch normalisation keeps its statistics."""
    backbone.trainable = True
    for layer in backbone.layers:
        of_last = layer.name.startswith(TUNED)
        layer.trainable = of_last and not isinstance(layer, layers.BatchNormalization)
'''

_MEASURE = '''

def measure(network, pixels, labels, part):
    """Print how much of a subset the network gets right."""
    outputs = network.predict(plain_batches(pixels, labels), verbose=0)
    @GIVEN@
    right = float(np.mean(given == labels))
    print(f"{part}: {right:.1%} of {len(labels)} pictures are right")
    shares = [np.mean(given[labels == number] == number) for number in np.unique(labels)]
    print(f"{part}: {np.mean(shares):.1%} balanced accuracy: every class counts the same")
'''

_LOAD_ALL = """    parts = {part: load(part) for part in ("train", "validation", "test")}
    learnt = np.unique(parts["train"][1])
    if len(learnt) < 2:
        sys.exit("There are training pictures of fewer than two classes.")
    for part in ("validation", "test"):  # without classes that are not learnt
        pixels, numbers = parts[part]
        parts[part] = pixels[np.isin(numbers, learnt)], numbers[np.isin(numbers, learnt)]
    steps = -(-len(parts["train"][1]) // BATCH_SIZE)
"""

_FIT = """    network.fit(
        training_batches(*parts["train"], 1, EPOCHS),
        epochs=EPOCHS,
        steps_per_epoch=steps,
        validation_data=plain_batches(*parts["validation"]),
        callbacks=callbacks(keep),
        shuffle=False,
        verbose=2,
    )
"""

_FIT_HEAD = """    labels = parts["train"][1]
    head.fit(
        training_batches(features["train"], labels, 1, EPOCHS, on_features=True@VIEWS@),
        epochs=EPOCHS,
        steps_per_epoch=steps,
        validation_data=plain_batches(features["validation"], parts["validation"][1], True),
        callbacks=callbacks(keep@OF_HEAD@),
        shuffle=False,
        verbose=2,
    )
    head.set_weights(keep.weights)
    best, kept = keep.epoch, network.get_weights()
"""

_FINE_TUNE = """@CONDITION@
        print("Fine-tuning the last layers of the backbone")
        unfreeze(backbone)
        done = len(head.history.epoch)
@FINE_STEPS@        learning_rate = @RATE@
        compile_network(network, learning_rate)
        keep = KeepBest(to_beat=keep.merit)
        network.fit(
            training_batches(*parts["train"], done + 1, FINE_TUNE_EPOCHS),
            initial_epoch=done,
            epochs=done + FINE_TUNE_EPOCHS,
            steps_per_epoch=steps,
            validation_data=plain_batches(*parts["validation"]),
            callbacks=callbacks(keep@NOT_HEAD@),
            shuffle=False,
            verbose=2,
        )
        if keep.weights is not None:
            best, kept = keep.epoch, keep.weights@TUNED@
"""

_REFIT = """    if not tuned:
        # How long to train is known now: the head may learn from the validation pictures, too.
        print(f"Training the head again, with the validation pictures, for {best} epochs")
@VIEWS@
        labels = np.concatenate([labels, parts["validation"][1]])
        head.set_weights(train_again(seen, labels, best))
        kept = network.get_weights()
"""

_ALONE = """        seen = np.concatenate([features["train"], features["validation"]])[:, np.newaxis]"""

_WITH_COPIES = """        held = np.repeat(features["validation"][:, np.newaxis], 1 + COPIES, axis=1)
        seen = np.concatenate([features["train"][views], held])"""

_AGAIN = '''

def softmax(logits):
    """Turn logits into probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def train_again(seen, labels, epochs):
    """Train a head once more, by Adam at the rates of the first EPOCHS, in NumPy; give its weights.

    What is seen of each picture and of its changed copies, (N, 1 + copies, features), takes turns.
    """
    numbers = np.random.default_rng(SEED)
    weights = []
    for inputs, outputs in @SIZES@:
        limit = np.sqrt(6 / (inputs + outputs))
        weights.append(numbers.uniform(-limit, limit, (inputs, outputs)).astype(np.float32))
        weights.append(np.zeros(outputs, np.float32))
    means = [np.zeros_like(weight) for weight in weights]
    squares = [np.zeros_like(weight) for weight in weights]
    penalty = 2 * np.float32(@L2@)
    count, views = seen.shape[:2]
    step, steps = 0, EPOCHS * -(-count // BATCH_SIZE)
    for _ in range(min(epochs, EPOCHS)):
        order = numbers.permutation(np.arange(count))
        taken = numbers.integers(0, views, (count,))
        for start in range(0, count, BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            given = seen[rows, taken[rows]]
@SLOPES@
            rate = LEARNING_RATE * (1 + np.cos(np.pi * step / steps)) / 2
            step += 1
            for index, slope in enumerate(slopes):
                means[index] += (1 - 0.9) * (slope - means[index])
                squares[index] += (1 - 0.999) * (slope * slope - squares[index])
                size = np.sqrt(squares[index] / (1 - 0.999**step)) + 1e-7
                weights[index] -= (rate / (1 - 0.9**step)) * means[index] / size
    return weights
'''

_LINEAR_SLOPES = """            kernel, bias = weights
            wrong = softmax(given @ kernel + bias)
            wrong[np.arange(len(rows)), labels[rows]] -= 1
            wrong /= len(rows)
            slopes = [given.T @ wrong + penalty * kernel, wrong.sum(axis=0)]"""

_HIDDEN_SLOPES = """            first, first_bias, kernel, bias = weights
            reached = given @ first + first_bias
            kept = (numbers.random(reached.shape) >= @DROPOUT@) / np.float32(1 - @DROPOUT@)
            passed = ((reached > 0) * kept).astype(np.float32)
            inner = reached * passed
            wrong = softmax(inner @ kernel + bias)
            wrong[np.arange(len(rows)), labels[rows]] -= 1
            wrong /= len(rows)
            back = (wrong @ kernel.T) * passed
            slopes = [given.T @ back + penalty * first, back.sum(axis=0)]
            slopes += [inner.T @ wrong + penalty * kernel, wrong.sum(axis=0)]"""


def has_own_layer(facts: Facts) -> bool:
    """Whether the network has a layer that Keras does not have, and the script a class for it."""
    return any(found["class_name"] == LRN for found in facts.network.full.get_config()["layers"])


def network_lines(facts: Facts) -> list[str]:
    """Write the functions that build the network."""
    network = facts.network
    lines: list[str] = []
    if has_own_layer(facts):
        lines += _LRN.splitlines()
    if network.backbone is None or network.head is None:
        lines += [
            "",
            "",
            "def build_network():",
            '    """Build the network, always from the same random weights."""',
        ]
        return [*lines, *_SEED.splitlines(), *network_source(network.full, facts.policy)]
    change = _without_random if facts.from_file else _unchanged
    said = "; its weights come from a file" if facts.from_file else ""
    lines += [
        "",
        "",
        "def build_backbone():",
        f'    """Build the pretrained network without its last layer{said}."""',
    ]
    lines += [*network_source(network.backbone, facts.policy, change)]
    lines += ["", "", "def build_head():", '    """Build what is trained on the features of the backbone."""']
    lines += [*network_source(network.head, facts.policy)]
    lines += [
        "",
        "",
        "def build_network():",
        '    """Build the network, always from the same random weights, its backbone, and its head."""',
        *_SEED.splitlines(),
        "    backbone = build_backbone()",
    ]
    if facts.from_file:
        lines += [
            "    if not WEIGHTS.is_file():",
            '        sys.exit(f"{WEIGHTS} is missing: " + NO_WEIGHTS)',
            "    backbone.load_weights(WEIGHTS)",
        ]
    lines += [
        "    backbone.trainable = False",
        "    head = build_head()",
        f"    network = keras.Model(backbone.input, head(backbone.output), name={value(network.full.name)})",
        "    return network, backbone, head",
    ]
    return lines


def _unchanged(config: dict[str, Any]) -> dict[str, Any]:
    return config


def _without_random(config: dict[str, Any]) -> dict[str, Any]:
    """Begin layers with zeros, which the file replaces, and which no random numbers are drawn for."""
    return {
        key: _ZEROS if key in {"kernel_initializer", "depthwise_initializer"} else given
        for key, given in config.items()
    }


_ZEROS: dict[str, Any] = {
    "module": "keras.initializers",
    "class_name": "Zeros",
    "config": {},
    "registered_name": None,
}


def main_lines(facts: Facts) -> list[str]:
    """Write what is done, from the first picture to the saved model."""
    lines: list[str] = []
    if facts.backbone is not None:
        lines += _FEATURES.splitlines()
        lines += _COPIES.splitlines() if facts.copies else []
        lines += _UNFREEZE.splitlines() if facts.values.fine_tune_epochs else []
        lines += _again(facts).splitlines() if facts.refits else []
    given = "given = outputs.argmax(axis=1)"
    if facts.outputs == 1:
        given = "given = (outputs[:, 0] > 0.5).astype(np.int64)"
    lines += _MEASURE.replace("@GIVEN@", given).splitlines()
    lines += ["", "", "def main():", '    """Train the network and save it."""']
    if facts.policy != "float32":
        lines += [
            "    # 16-bit numbers where that is safe: float16 on GPUs, bfloat16 on processors.",
            '    policy = "mixed_float16" if tf.config.list_physical_devices("GPU") else "mixed_bfloat16"',
            "    keras.config.set_dtype_policy(policy)",
        ]
    lines += _LOAD_ALL.splitlines()
    lines += _with_head(facts) if facts.backbone is not None else _whole(facts)
    lines += [
        "",
        '    part = "test" if len(parts["test"][1]) else "validation"',
        "    if len(parts[part][1]):",
        "        measure(network, *parts[part], part)",
        '    network.save(HERE / "model.keras")',
        """    print(f"Saved {HERE / 'model.keras'}")""",
    ]
    return [*lines, "", "", 'if __name__ == "__main__":', "    main()"]


def _again(facts: Facts) -> str:
    """The function that trains the head again."""
    values = facts.values
    sizes = "[(seen.shape[-1], len(CLASSES))]"
    slopes = _LINEAR_SLOPES
    if values.head == "hidden":
        sizes = f"[(seen.shape[-1], {values.units}), ({values.units}, len(CLASSES))]"
        slopes = _HIDDEN_SLOPES.replace("@DROPOUT@", value(values.dropout))
    found = _AGAIN.replace("@SIZES@", sizes).replace("@L2@", value(values.l2))
    return found.replace("@SLOPES@", slopes)


def _whole(facts: Facts) -> list[str]:
    rate = schedule_source(facts.values.schedule, "LEARNING_RATE", "steps * EPOCHS")
    return [
        "    network = build_network()",
        "    network.summary()",
        f"    learning_rate = {rate}",
        "    compile_network(network, learning_rate)",
        "    keep = KeepBest()",
        *_FIT.splitlines(),
        '    print(f"Epoch {keep.epoch} is kept: {keep.figures}")',
        "",
        *_clean(facts, "network = build_network()"),
        "    network.set_weights(keep.weights)",
    ]


def _clean(facts: Facts, build: str) -> list[str]:
    """Build the network that is kept: without optimizer, in 32-bit numbers."""
    lines = ["    # The network that is kept: without the optimizer, in 32-bit numbers."]
    if facts.policy != "float32":
        lines.append('    keras.config.set_dtype_policy("float32")')
    return [*lines, f"    {build}"]


def _with_head(facts: Facts) -> list[str]:
    values = facts.values
    rate = schedule_source(values.schedule, "LEARNING_RATE", "steps * EPOCHS")
    copies = facts.copies > 0
    lines = [
        "    network, backbone, head = build_network()",
        "    network.summary()",
        '    print("Computing the features of all pictures")',
        "    features = {part: features_of(backbone, pixels) for part, (pixels, _) in parts.items()}",
    ]
    if copies:
        lines += [
            '    copies = features_of(backbone, copies_of(parts["train"][0]))',
            '    features["train"] = np.concatenate([features["train"], copies])',
            "    # Row by row: a picture and its copies, of which every epoch takes one.",
            '    views = np.arange(len(features["train"])).reshape(1 + COPIES, -1).T',
        ]
    lines += [
        f"    learning_rate = {rate}",
        "    compile_network(head, learning_rate)",
        "    keep = KeepBest()",
    ]
    plateau = values.schedule == "plateau"
    fit = _FIT_HEAD.replace("@VIEWS@", ", views=views" if copies else "")
    lines += fit.replace("@OF_HEAD@", ", of_head=True" if plateau else "").splitlines()
    tracks = facts.refits
    if tracks:
        lines.append("    tuned = False")
    if values.fine_tune_epochs:
        fine = facts.network.fine_tune_schedule
        condition = "    if True:"
        if facts.count("validation"):
            condition = f"    if keep.figures[{value(facts.monitored(facts.metric))}] <= FINE_TUNE_BELOW:"
        rate = schedule_source(fine, "FINE_TUNE_LEARNING_RATE", "fine_steps")
        text = _FINE_TUNE.replace("@CONDITION@", condition).replace("@RATE@", rate)
        planned = "        fine_steps = steps * FINE_TUNE_EPOCHS\n" if "fine_steps" in rate else ""
        text = text.replace("@FINE_STEPS@", planned)
        text = text.replace("@NOT_HEAD@", ", of_head=False" if plateau else "")
        text = text.replace("@TUNED@", "\n            tuned = True" if tracks else "")
        found = text.splitlines()
        if condition == "    if True:":
            found = [line.removeprefix("    ") for line in found[1:]]
        lines += found
    lines.append('    print(f"Epoch {best} is kept")')
    if tracks:
        lines += _REFIT.replace("@VIEWS@", _WITH_COPIES if copies else _ALONE).splitlines()
    return [
        *lines,
        "",
        *_clean(facts, "network, backbone, head = build_network()"),
        "    network.set_weights(kept)",
    ]
