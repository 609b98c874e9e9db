from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.core.foundation.errors import Reason
from desktop_app.core.training.recipes import catalogue
from desktop_app.ui.training.model.model_step import ModelStep
from desktop_app.ui.training.model.option_form import OptionForm
from desktop_app.workers.classify.messages import TransferProgress
from tests.ui.fake_training import FakeTraining, config, estimate, report


@pytest.fixture
def service(qapp):
    return FakeTraining()


@pytest.fixture
def step(qtbot, light, service):
    result = ModelStep(service)
    qtbot.addWidget(result)
    result.resize(900, 900)
    result.show()
    return result


@pytest.fixture
def ready(step):
    step.show_data(report(), 480)
    return step


def requests(service):
    return [request for (request,) in service.called("estimate")]


def ask(step):
    """Let the pause before an estimate pass."""
    step._timer.stop()
    step._timer.timeout.emit()


def words(root):
    return {label.text() for label in root.findChildren(QLabel) if label.isVisible()}


@pytest.mark.parametrize(
    ("classes", "recipe"), [(("cats", "dogs"), "pretrained"), (("a", "b", "c"), "pretrained")]
)
def test_a_network_that_suits_the_classes_is_chosen_at_the_start(step, classes, recipe):
    step.show_data(report(classes=classes), 480)
    assert step.recipe.recipe_id == recipe
    assert step._grid.chosen == recipe
    assert step.values == step.recipe.defaults(480, len(classes))


def test_small_grey_pictures_choose_the_digit_network(step):
    digits = report(classes=tuple("0123456789"), median=(28, 28), grey=60)
    step.show_data(digits, 480)
    assert step._grid.chosen == step.recipe.recipe_id == "digits-cnn"


def test_other_data_choose_again(ready):
    ready._grid._cards["mlp"].click()
    assert ready.recipe.recipe_id == "mlp"
    ready.show_data(report(classes=("a", "b", "c")), 100)
    assert ready.recipe.recipe_id == "pretrained"


def test_another_split_of_the_same_data_keeps_what_was_set(step):
    data = report()
    step.show_data(data, 480)
    step._grid._cards["mlp"].click()
    step.set_values({"epochs": 3})
    step.show_data(data, 300)
    assert step.recipe.recipe_id == "mlp"
    assert step.values.epochs == 3


@pytest.mark.parametrize("recipe", catalogue.RECIPES, ids=lambda recipe: recipe.recipe_id)
def test_a_recipe_offers_what_it_heeds_and_nothing_else(ready, recipe):
    ready._grid._cards[recipe.recipe_id].click()
    assert set(ready._form.values) == recipe.uses
    assert ready.values == recipe.defaults(480, 2)
    for option in recipe.options():
        option.check(ready._form.values[option.key])


def test_defaults_come_back(ready):
    ready.set_values({"epochs": 3, "zoom": 0.7})
    assert ready.values.epochs == 3
    ready._form._defaults.click()
    assert ready.values == ready.recipe.defaults(480, 2)


def test_advanced_settings_are_folded_until_asked_for(ready):
    basics, more = ready._form.form("Basics"), ready._form.form("Optimiser")
    assert set(basics.values) == {"backbone", "input_size", "epochs", "batch_size", "learning_rate"}
    assert basics.isVisible()
    assert not more.isVisible()
    ready._form._toggle.click()
    assert more.isVisible()
    assert ready._preview.isVisible()


def test_the_picture_size_follows_the_pretrained_network_unless_it_is_chosen_too(ready, qtbot):
    assert ready.values.input_size == 260
    ready.set_values({"backbone": "imagenet-small"})
    assert (ready.values.backbone, ready.values.input_size) == ("imagenet-small", 224)
    assert ready._form.form("Basics").row("input_size").value == 224
    ready.set_values({"input_size": 128})
    assert ready.values.input_size == 128
    ready.set_values({"backbone": "vgg19", "input_size": 64})
    assert ready.values.input_size == 64


def test_a_run_of_the_recipe_that_is_a_setting_now_is_taken_over(ready):
    ready.take_over(config(recipe="vgg19-transfer", units=64))
    assert ready.recipe.recipe_id == ready._grid.chosen == "pretrained"
    values = ready.values
    assert (values.backbone, values.head, values.units) == ("vgg19", "hidden", 64)


def test_too_few_pictures_are_an_obstacle_that_says_how_many_are_missing(step):
    step.show_data(report(count=3), 4)
    assert step.obstacle.startswith("Too few pictures: cats needs 2 more pictures (has 3); dogs needs 2 more")
    step._grid._cards["mlp"].click()
    assert step.obstacle == ""


def test_folded_settings_are_made_when_they_are_unfolded_and_hold_their_values_before(ready):
    ready.set_values({"zoom": 0.7})
    assert [form.isVisible() for form in ready.findChildren(OptionForm)] == [True]
    assert ready.values.zoom == 0.7
    ready._form._toggle.click()
    assert len(ready.findChildren(OptionForm)) > 2
    assert ready._form.form("Augmentation").row("zoom").value == 0.7
    assert ready.values.zoom == 0.7


def test_an_estimate_is_asked_for_when_the_user_rests(ready, service, qtbot):
    for epochs in (3, 4, 5):
        ready.set_values({"epochs": epochs})
    assert requests(service) == []
    assert "estimating…" in words(ready)
    ask(ready)
    (request,) = requests(service)
    assert (request.recipe, request.classes, request.pictures) == ("pretrained", 2, 480)
    assert request.hyperparameters.epochs == 5
    service.estimated.emit(estimate(request, parameters=1_234_567, seconds_per_epoch=90.0))
    assert {"1,234,567", "about 2 min", "about 8 min"} <= words(ready)
    assert not {"Features", "Fine-tuning"} & words(ready)
    assert ready.obstacle == ""


def test_an_estimate_tells_of_features_and_fine_tuning_where_there_are_any(step, service):
    step.show_data(report(count=300), 480)
    ask(step)
    (request,) = requests(service)
    assert (request.pictures, request.others) == (480, 120)
    step.set_values({"epochs": 5})
    ask(step)
    times = {"seconds_per_epoch": 2.0, "seconds_of_features": 600.0, "seconds_of_fine_tuning": 7200.0}
    service.estimated.emit(estimate(requests(service)[-1], **times))
    shown = {
        "Features",
        "about 10 min, once",
        "about 2.0 s",
        "Fine-tuning",
        "about 2.0 h, if needed",
        "about 2.2 h",
    }
    assert shown <= words(step)
    step.set_values({"epochs": 6})
    assert not {"Features", "Fine-tuning"} & words(step)


def test_an_estimate_of_something_else_is_not_shown(ready, service):
    ask(ready)
    (request,) = requests(service)
    service.estimated.emit(estimate(replace(request, pictures=1), parameters=77))
    assert "77" not in words(ready)
    ready.set_values({"epochs": 3})
    service.estimated.emit(estimate(request, parameters=77))
    assert "77" not in words(ready)


def test_a_busy_trainer_cannot_time_a_network(ready, service):
    ask(ready)
    service.estimated.emit(estimate(requests(service)[0], seconds_per_epoch=None))
    assert {"813,217", "not known while a training runs"} <= words(ready)
    assert ready.obstacle == ""


def miss_weights(step, service):
    """Choose the network that needs weights, and find them missing."""
    step._grid._cards["pretrained"].click()
    ask(step)
    missing = estimate(
        requests(service)[-1],
        parameters=0,
        seconds_per_epoch=None,
        problem=Reason("VGG19 has no weights yet.", "Download them."),
        needs_download=True,
    )
    service.estimated.emit(missing)


def transfer(done, model_id="vgg19-backbone"):
    return TransferProgress(model_id, done, 80_000_000, 1e6, 70.0, f"Downloading: {done} bytes")


def seen_buttons(step):
    return {button.text() for button in step._plan.findChildren(QPushButton) if button.isVisible()}


OFFER = {"Download the network (80.1 MB)", "Start from scratch"}


def test_missing_weights_offer_the_download_and_the_untrained_network(ready, service, qtbot):
    miss_weights(ready, service)
    assert "VGG19 has no weights yet." in words(ready)
    assert "Download them." not in words(ready)  # the offer says it, in the words of the window
    assert any("CC BY 4.0" in text and "as published with Keras" in text for text in words(ready))
    assert ready.obstacle == "VGG19 has no weights yet."
    assert seen_buttons(ready) == OFFER
    with qtbot.waitSignal(ready.download_requested) as told:
        ready._plan.weights._download.click()
    assert told.args == ["vgg19-backbone"]
    ready._plan.weights._untrained.click()
    assert ready.values.random_weights
    assert ready.obstacle == ""
    assert seen_buttons(ready) == {"Use the published weights"}
    ask(ready)
    assert requests(service)[-1].hyperparameters.random_weights
    service.estimated.emit(estimate(requests(service)[-1], parameters=20_000_000))
    assert any("Starts from scratch" in text for text in words(ready))
    ready._plan.weights._trained.click()
    assert not ready.values.random_weights
    assert not any("Starts from scratch" in text for text in words(ready))
    ready._grid._cards["mlp"].click()
    assert seen_buttons(ready) == set()


def test_the_download_of_the_weights_is_shown_and_can_be_stopped(ready, service, qtbot):
    miss_weights(ready, service)
    ready.show_download(transfer(7, "vgg19"))
    assert seen_buttons(ready) == OFFER  # that of another file is not its own
    ready.show_download(transfer(20_000_000))
    weights = ready._plan.weights
    assert weights._progress_text.text() == "Downloading: 20000000 bytes"
    assert weights._progress.value() == 250
    assert seen_buttons(ready) == {"Cancel"}
    with qtbot.waitSignal(ready.cancel_requested) as told:
        weights._cancel.click()
    assert told.args == ["vgg19-backbone"]
    ready.end_download("vgg19-backbone", "What has arrived is kept.", ok=False)
    assert "What has arrived is kept." in words(ready)
    assert weights._end.property("tone") == "muted"
    assert seen_buttons(ready) == {"Try again", "Start from scratch"}
    ready.show_download(transfer(30_000_000))
    assert "What has arrived is kept." not in words(ready)
    ready.end_download("vgg19-backbone", "The server answers with 404.", ok=False)
    assert weights._end.property("tone") == "danger"
    assert not ready._timer.isActive()


def test_a_download_goes_on_while_other_settings_are_looked_at(ready, service):
    miss_weights(ready, service)
    ready.show_download(transfer(20_000_000))
    ready._grid._cards["mlp"].click()
    assert seen_buttons(ready) == set()
    miss_weights(ready, service)
    assert seen_buttons(ready) == {"Cancel"}


def test_the_network_is_estimated_as_soon_as_its_weights_are_here(ready, service):
    miss_weights(ready, service)
    ready.show_download(transfer(80_000_000))
    ready.end_download("vgg19-backbone", "It is ready.", ok=True)
    assert ready._timer.isActive()
    ask(ready)
    service.estimated.emit(estimate(requests(service)[-1], parameters=20_000_000))
    assert ready.obstacle == ""
    assert "It is ready." not in words(ready)
    assert seen_buttons(ready) == set()


def test_an_estimate_that_was_asked_for_before_the_weights_came_is_asked_for_again(ready, service):
    ready._grid._cards["pretrained"].click()
    ask(ready)
    ready.end_download("vgg19", "VGG19 is ready.", ok=True)
    assert ready._timer.isActive()


def test_a_problem_is_looked_at_again_but_not_a_good_estimate(ready, service):
    ask(ready)
    service.estimated.emit(estimate(requests(service)[-1]))
    ready.refresh_estimate()
    assert not ready._timer.isActive()
    ready.set_values({"epochs": 2})
    ask(ready)
    service.estimated.emit(estimate(requests(service)[-1], problem=Reason("It cannot be built.")))
    ready.refresh_estimate()
    assert ready._timer.isActive()


def test_a_value_that_the_recipe_refuses_is_told_inline(ready, monkeypatch):
    # The editors let nothing out of range in; a recipe may still refuse a combination.
    from desktop_app.core.training.settings.option import OptionError

    refusing = replace(ready.recipe, defaults_for=ready.recipe.defaults_for)
    ready._recipe = refusing
    monkeypatch.setattr(type(refusing), "check", lambda *_: (_ for _ in ()).throw(OptionError("Too small.")))
    ready.set_values({"epochs": 9})
    assert ready.values is None
    assert ready.obstacle == "Too small."
    assert "Too small." in words(ready)
    assert not ready._timer.isActive()


def test_the_name_follows_data_and_recipe_until_the_user_types_one(ready):
    assert ready.name == "pets, Pretrained network"
    ready._grid._cards["mlp"].click()
    assert ready.name == f"pets, {ready.recipe.name}"
    ready._plan._name.setText("My model")
    ready._grid._cards["digits-cnn"].click()
    assert ready.name == "My model"
    ready._plan._name.clear()
    assert ready.name == f"pets, {ready.recipe.name}"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/data/my.pets", "my.pets"),
        ("/data/pets.tar", "pets"),
        ("/data/pets.tar.gz", "pets"),
        ("/data/pets.v2.ZIP", "pets.v2"),
        ("/data/.zip", ".zip"),
    ],
)
def test_the_name_of_the_data_has_no_ending_of_an_archive(step, source, name):
    source = Path(source)
    step.show_data(report(source=source, folder=source if name == "my.pets" else Path("/unpacked")), 480)
    assert step.name == f"{name}, Pretrained network"


def test_a_read_only_network_can_be_looked_at(ready):
    ready.set_read_only(True)
    assert not ready._grid.isEnabled()
    assert not ready._form.form("Basics").isEnabled()
    assert ready._form._toggle.isEnabled()
    ready.set_read_only(False)
    assert ready._form.form("Basics").isEnabled()


def test_changes_of_pictures_reach_the_preview(ready, service, qtbot):
    ready._form._toggle.click()
    qtbot.waitUntil(lambda: bool(service.called("preview_augmentation")))
    ready._form.form("Augmentation").row("zoom")._slider.setValue(40)
    qtbot.waitUntil(lambda: len(service.called("preview_augmentation")) == 2)
    (request,) = service.called("preview_augmentation")[-1]
    assert request.settings.zoom == 0.36
    assert request.size == ready.values.input_size
    assert request.channels == ready.recipe.channels
