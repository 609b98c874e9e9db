import pytest
from PySide6.QtCore import Qt

from desktop_app.core.training.recipes.catalogue import RECIPES
from desktop_app.ui.common.style.tokens import DARK, LIGHT
from desktop_app.ui.training.model.network_sketch import NetworkSketch
from desktop_app.ui.training.model.recipe_grid import RecipeGrid


@pytest.fixture
def grid(qtbot, light):
    result = RecipeGrid(RECIPES)
    qtbot.addWidget(result)
    result.resize(700, 500)
    result.show()
    return result


def test_a_click_chooses_one_and_only_one(grid, qtbot):
    grid.choose("mlp")
    with qtbot.waitSignal(grid.recipe_chosen) as told:
        qtbot.mouseClick(grid._cards["digits-cnn"], Qt.MouseButton.LeftButton)
    assert told.args == ["digits-cnn"]
    assert [name for name, card in grid._cards.items() if card.isChecked()] == ["digits-cnn"]


def test_arrow_keys_go_from_card_to_card(grid, qtbot):
    first, second = RECIPES[0].recipe_id, RECIPES[1].recipe_id
    grid.choose(first)
    grid._cards[first].setFocus()
    with qtbot.waitSignal(grid.recipe_chosen) as told:
        qtbot.keyClick(grid._cards[first], Qt.Key.Key_Right)
    assert told.args == [second]
    assert grid._cards[second].hasFocus()
    with qtbot.waitSignal(grid.recipe_chosen):
        qtbot.keyClick(grid._cards[second], Qt.Key.Key_Left)
    assert grid.chosen == first
    qtbot.keyClick(grid._cards[first], Qt.Key.Key_Down)
    assert grid.chosen == RECIPES[grid._columns].recipe_id


def test_choosing_by_program_is_not_told(grid, qtbot):
    with qtbot.assertNotEmitted(grid.recipe_chosen):
        grid.choose("row-rnn")
    assert grid.chosen == "row-rnn"


def test_columns_follow_the_width(grid, qtbot):
    assert grid._columns == 3
    grid.resize(300, 900)
    qtbot.waitUntil(lambda: grid._columns == 1)
    grid.resize(5000, 400)
    qtbot.waitUntil(lambda: grid._columns == len(RECIPES))


def test_every_card_has_a_name_and_tells_its_layers(grid):
    for recipe in RECIPES:
        card = grid._cards[recipe.recipe_id]
        assert card.accessibleName() == recipe.name
        assert recipe.summary in card.accessibleDescription()
        for block in recipe.sketch:
            assert block.label in card.accessibleDescription()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.recipe_id)
def test_every_network_is_drawn_in_the_colours_of_the_theme(qtbot, light, recipe):
    sketch = NetworkSketch(recipe.sketch)
    qtbot.addWidget(sketch)
    sketch.resize(sketch.sizeHint())
    sketch.show()

    def colours():
        image = sketch.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    light_ones, dark_ones = {LIGHT.accent, LIGHT.success}, {DARK.accent, DARK.success}
    assert light_ones & colours()
    assert not dark_ones & colours()
    light.apply("dark")
    assert dark_ones & colours()
    assert not light_ones & colours()
    light.apply("light")


def test_a_network_without_blocks_is_an_empty_drawing(qtbot, light):
    sketch = NetworkSketch(())
    qtbot.addWidget(sketch)
    sketch.resize(50, 40)
    assert not sketch.grab().isNull()
