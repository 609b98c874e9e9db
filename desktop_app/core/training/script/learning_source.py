"""The part of a script with loss, metrics, optimizer, learning rate and the choice of the best epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.training.loop.optimizers import UNDECAYED
from desktop_app.core.training.loop.schedules import LOWEST, RISE
from desktop_app.core.training.records.history import PLATEAU_PATIENCE
from desktop_app.core.training.script.source_text import statement, value
from desktop_app.core.training.task.top_k import top_k_for

if TYPE_CHECKING:
    from desktop_app.core.training.script.facts import Facts
    from desktop_app.core.training.settings.hyperparameters import Schedule

_ONE_CYCLE = '''

class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Rises to the peak in the first fifth of the steps, then falls to zero (Smith, 2018)."""

    def __init__(self, peak, steps):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        """Give the learning rate of a step."""
        done = tf.cast(step, tf.float32) / self.steps
        return self.peak * tf.minimum(done / @RISE@, tf.maximum(1 - done, 0.0) / @FALL@)

    def get_config(self):
        """Give what the schedule is made from."""
        return {"peak": self.peak, "steps": self.steps}
'''

_BALANCED = '''

class BalancedAccuracy(keras.metrics.Metric):
    """The mean over the classes of the share that is found: small classes count as much as large ones."""

    def __init__(self):
        super().__init__(name="balanced_accuracy")
        shape = (len(CLASSES),)
        self.pictures = self.add_weight(shape=shape, initializer="zeros", name="pictures")
        self.found = self.add_weight(shape=shape, initializer="zeros", name="found")

    def update_state(self, truth, predictions, sample_weight=None):
        """Count the pictures of a batch."""
        actual = class_numbers(truth)
        hits = tf.cast(tf.equal(actual, class_numbers(predictions)), self.found.dtype)
        count = len(CLASSES)
        self.pictures.assign_add(tf.math.unsorted_segment_sum(tf.ones_like(hits), actual, count))
        self.found.assign_add(tf.math.unsorted_segment_sum(hits, actual, count))

    def result(self):
        """Give the mean over the classes that there were pictures of."""
        pictures, found = tf.convert_to_tensor(self.pictures), tf.convert_to_tensor(self.found)
        seen = tf.cast(pictures > 0, found.dtype)
        shares = found / tf.maximum(pictures, 1.0)
        return tf.reduce_sum(shares) / tf.maximum(tf.reduce_sum(seen), 1.0)


def class_numbers(values):
    """Turn targets or predictions into the numbers of their classes."""
    @NUMBERS@
'''

_KEEP_BEST = '''

class KeepBest(keras.callbacks.Callback):
    """Keeps the weights of the best epoch, the first of equal ones.

    The best one has @WHY@.
    """

    def __init__(self, to_beat=None):
        super().__init__()
        self.merit, self.figures, self.epoch, self.weights = to_beat, {}, 0, None

    def on_epoch_end(self, epoch, logs=None):
        """Keep the weights if the epoch is better than all before."""
        merit = @MERIT@
        if self.merit is None or merit > self.merit:
            self.merit, self.figures, self.epoch = merit, dict(logs), epoch + 1
            self.weights = self.model.get_weights()
'''


def learning_lines(facts: Facts) -> list[str]:
    """Write the functions and classes that training needs besides pictures and network."""
    schedules = {facts.values.schedule}
    lines = []
    if "one-cycle" in schedules:
        fall = value(1 - RISE)
        lines += _ONE_CYCLE.replace("@RISE@", value(RISE)).replace("@FALL@", fall).splitlines()
    if facts.balanced:
        numbers = "return tf.cast(tf.argmax(values, axis=-1), tf.int32)"
        if facts.outputs == 1:
            numbers = "return tf.cast(values[:, 0] > 0.5, tf.int32)"
        lines += _BALANCED.replace("@NUMBERS@", numbers).splitlines()
    return [*lines, *_compile_lines(facts), *_keep_best(facts).splitlines(), *_callback_lines(facts)]


def schedule_source(schedule: Schedule, peak: str, steps: str) -> str:
    """Write the learning rate of an optimizer.

    Args:
        schedule: The schedule.
        peak: Code for the highest learning rate.
        steps: Code for the number of steps.
    """
    made_by = "keras.optimizers.schedules."
    match schedule:
        case "constant" | "plateau":
            return peak
        case "cosine":
            return f"{made_by}CosineDecay({peak}, {steps})"
        case "exponential":
            return f"{made_by}ExponentialDecay({peak}, {steps}, {value(LOWEST)})"
        case "one-cycle":
            return f"OneCycle({peak}, {steps})"


def _compile_lines(facts: Facts) -> list[str]:
    values = facts.values
    lines = [
        "",
        "",
        "def compile_network(network, learning_rate):",
        '    """Give a network its optimizer, its loss and what is measured."""',
    ]
    arguments = ["learning_rate"]
    if values.optimizer in {"sgd", "rmsprop"} and values.momentum:
        arguments.append(f"momentum={value(values.momentum)}")
    if values.optimizer == "sgd" and values.momentum:
        arguments.append("nesterov=True")
    if values.weight_decay or values.optimizer == "adamw":
        arguments.append(f"weight_decay={value(values.weight_decay)}")
    name = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD", "rmsprop": "RMSprop"}[values.optimizer]
    lines += statement(f"optimizer = keras.optimizers.{name}(", arguments, ")", 1)
    if values.weight_decay:
        undecayed = value(list(UNDECAYED))
        lines.append(f"    optimizer.exclude_from_weight_decay(var_names={undecayed})")
    smoothing = f"label_smoothing={value(values.label_smoothing)}" if values.label_smoothing else ""
    if facts.outputs == 1:
        lines.append(f"    loss = keras.losses.BinaryCrossentropy({smoothing})")
        metrics = ['keras.metrics.BinaryAccuracy(name="accuracy")']
    else:
        lines.append(f"    loss = keras.losses.CategoricalCrossentropy({smoothing})")
        metrics = ['keras.metrics.CategoricalAccuracy(name="accuracy")']
        if (k := top_k_for(len(facts.split.classes))) > 1:
            metrics.append(f'keras.metrics.TopKCategoricalAccuracy({k}, name="top_{k}")')
    if facts.balanced:
        metrics.append("BalancedAccuracy()")
    lines += statement("metrics = [", metrics, "]", 1)
    return [*lines, "    network.compile(optimizer, loss, metrics=metrics, jit_compile=False)"]


def _keep_best(facts: Facts) -> str:
    if not facts.count("validation"):
        return _KEEP_BEST.replace("@WHY@", "the lowest training loss").replace("@MERIT@", '(-logs["loss"],)')
    merits, words = [], []
    for name in facts.task.best:
        metric = facts.task.metric(name)
        sign = "" if metric.higher_is_better else "-"
        merits.append(f'{sign}logs["val_{name}"]')
        words.append(f"{metric.best} validation {metric.label}")
    inside = ", ".join(merits)
    why = ", of several ".join(words)
    merit = f"({inside},)" if len(merits) == 1 else f"({inside})"
    return _KEEP_BEST.replace("@WHY@", why).replace("@MERIT@", merit)


def _callback_lines(facts: Facts) -> list[str]:
    values = facts.values
    watched = value(facts.monitored("loss"))
    # Fine-tuning has a schedule of its own.
    of_head = facts.backbone is not None and values.schedule == "plateau"
    lines = [
        "",
        "",
        f"def callbacks(keep{', of_head' if of_head else ''}):",
        '    """List what watches the epochs, beside what keeps the best one."""',
    ]
    lines += statement("watching = [", ["keep"], "]", 1)
    if values.early_stopping:
        arguments = [watched, f"patience={values.early_stopping}", 'mode="min"']
        stop = "watching.append(keras.callbacks.EarlyStopping("
        lines += _nested(stop, arguments, 1)
    if values.schedule == "plateau":
        # Keras ignores improvements below 0.0001 unless told otherwise.
        arguments = [watched, "0.5", str(PLATEAU_PATIENCE), 'mode="min"', "min_delta=0.0"]
        halve = "watching.append(keras.callbacks.ReduceLROnPlateau("
        lines += (["    if of_head:"] if of_head else []) + _nested(halve, arguments, 1 + of_head)
    return [*lines, "    return watching"]


def _nested(before: str, arguments: list[str], depth: int) -> list[str]:
    """Write a call within a call."""
    outer, inner = before[: before.index("(") + 1], before[before.index("(") + 1 :]
    return statement(outer, [f"{inner}{', '.join(arguments)})"], ")", depth)
