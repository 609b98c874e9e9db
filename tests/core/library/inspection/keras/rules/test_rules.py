"""What layers do to shapes, compared with numbers worked out by hand."""

from __future__ import annotations

import pytest

from desktop_app.core.foundation.errors import ModelError
from desktop_app.core.library.inspection.keras.rules.listing import find_rule

WINDOW = {"strides": [2, 2], "padding": "same", "dilation_rate": [1, 1], "use_bias": True}
MAP = (9, 7, 4)


def effect(name, config, *shapes, module="keras.layers"):
    return find_rule(module, name).effect(config, list(shapes))


@pytest.mark.parametrize(
    ("name", "config", "output", "weights"),
    [
        (
            "Conv2D",
            {**WINDOW, "filters": 6, "kernel_size": [3, 2], "groups": 2},
            (5, 4, 6),
            ((3, 2, 2, 6), (6,)),
        ),
        (
            "Conv2D",
            {**WINDOW, "padding": "valid", "dilation_rate": [2, 3], "filters": 6, "kernel_size": [3, 2],
             "groups": 1, "use_bias": False},
            (3, 2, 6),
            ((3, 2, 4, 6),),
        ),
        (
            "DepthwiseConv2D",
            {**WINDOW, "kernel_size": [3, 3], "depth_multiplier": 2},
            (5, 4, 8),
            ((3, 3, 4, 2), (8,)),
        ),
        (
            "SeparableConv2D",
            {**WINDOW, "kernel_size": [3, 3], "depth_multiplier": 2, "filters": 5},
            (5, 4, 5),
            ((3, 3, 4, 2), (1, 1, 8, 5), (5,)),
        ),
        ("Dense", {"units": 3, "use_bias": True}, (9, 7, 3), ((4, 3), (3,))),
        ("MaxPooling2D", {"pool_size": [2, 2], "strides": None, "padding": "valid"}, (4, 3, 4), ()),
        ("AveragePooling2D", {"pool_size": [3, 3], "strides": [2, 1], "padding": "same"}, (5, 7, 4), ()),
        ("GlobalAveragePooling2D", {"keepdims": True}, (1, 1, 4), ()),
        ("GlobalMaxPooling2D", {"keepdims": False}, (4,), ()),
        ("BatchNormalization", {"axis": -1, "scale": False, "center": True}, MAP, ((4,),) * 3),
        ("BatchNormalization", {"axis": 3, "scale": True, "center": True}, MAP, ((4,),) * 4),
        ("LayerNormalization", {"axis": [-1], "scale": True, "center": True}, MAP, ((4,),) * 2),
        (
            "LayerNormalization",
            {"axis": -1, "scale": True, "center": True, "rms_scaling": True},
            MAP,
            ((4,),),
        ),
        ("GroupNormalization", {"axis": -1, "groups": 2, "scale": True, "center": False}, MAP, ((4,),)),
        ("Normalization", {"axis": [-1], "mean": None, "variance": None}, MAP, ((4,), (4,), ())),
        ("Normalization", {"axis": -1, "mean": [0.5], "variance": [1.0]}, MAP, ()),
        ("PReLU", {"shared_axes": [1, 2]}, MAP, ((1, 1, 4),)),
        ("PReLU", {"shared_axes": None}, MAP, (MAP,)),
        ("Flatten", {}, (252,), ()),
        ("Reshape", {"target_shape": [63, -1]}, (63, 4), ()),
        ("Permute", {"dims": [3, 1, 2]}, (4, 9, 7), ()),
        ("ZeroPadding2D", {"padding": [[1, 2], [3, 4]]}, (12, 14, 4), ()),
        ("Cropping2D", {"cropping": [[1, 2], [3, 1]]}, (6, 3, 4), ()),
        ("UpSampling2D", {"size": [2, 3]}, (18, 21, 4), ()),
        ("Resizing", {"height": 5, "width": 6}, (5, 6, 4), ()),
        ("Softmax", {"axis": -1}, MAP, ()),
    ],
)  # fmt: skip
def test_shapes_and_weights(name, config, output, weights):
    result = effect(name, config, MAP)
    assert result.output == output
    assert result.weights == weights


@pytest.mark.parametrize("scale", [2.0, [2.0], [1.0, 2.0, 3.0, 4.0]])
def test_a_rescaling_has_a_number_for_each_channel(scale):
    assert effect("Rescaling", {"scale": scale, "offset": 0.0}, MAP).output == MAP
    assert effect("Rescaling", {"scale": 1.0, "offset": scale}, MAP).output == MAP


def test_what_a_layer_holds_while_it_works():
    config = {**WINDOW, "kernel_size": [3, 3], "depth_multiplier": 2, "filters": 5}
    assert effect("SeparableConv2D", config, MAP).scratch == 5 * 4 * 8
    config = {"height": 3, "width": 14, "pad_to_aspect_ratio": True}
    assert effect("Resizing", config, MAP).scratch == 9 * 42 * 4
    assert effect("Resizing", {**config, "pad_to_aspect_ratio": False}, MAP).scratch == 0


def test_joining():
    assert effect("Add", {}, MAP, (1, 1, 4)).output == MAP
    assert effect("Multiply", {}, MAP, (1, 7, 4), module="keras.src.ops.numpy").output == MAP
    assert effect("Concatenate", {"axis": -1}, MAP, (9, 7, 2), MAP).output == (9, 7, 10)
    assert effect("Concatenate", {"axis": 1}, MAP, (2, 7, 4)).output == (11, 7, 4)


@pytest.mark.parametrize(
    ("name", "config", "shapes"),
    [
        ("Conv2D", {**WINDOW, "filters": 5, "kernel_size": [3, 3], "groups": 2}, [MAP]),
        ("Conv2D", {**WINDOW, "padding": "valid", "filters": 5, "kernel_size": [10, 1], "groups": 1}, [MAP]),
        ("Conv2D", {**WINDOW, "filters": 5, "kernel_size": [3, 3], "groups": 1}, [(9, 4)]),
        ("BatchNormalization", {"axis": 1, "scale": True, "center": True}, [MAP]),
        ("GroupNormalization", {"axis": -1, "groups": 3, "scale": True, "center": False}, [MAP]),
        ("Normalization", {"axis": -1, "mean": [0.5], "variance": None}, [MAP]),
        ("PReLU", {"shared_axes": [4]}, [MAP]),
        ("LayerScale", {"projection_dim": 5}, [MAP]),
        ("Rescaling", {"scale": [1.0] * 9, "offset": 0.0}, [MAP]),
        ("Rescaling", {"scale": 1.0, "offset": [1.0] * 2}, [(9, 7, 1)]),
        ("Reshape", {"target_shape": [63, 5]}, [MAP]),
        ("Reshape", {"target_shape": [-1, -1]}, [MAP]),
        ("Reshape", {"target_shape": [0, -1]}, [MAP]),
        ("Permute", {"dims": [1, 1, 2]}, [MAP]),
        ("Cropping2D", {"cropping": [[5, 5], [0, 0]]}, [MAP]),
        ("Add", {}, [MAP, (9, 7, 3)]),
        ("Concatenate", {"axis": -1}, [MAP, (9, 6, 4)]),
        ("Concatenate", {"axis": 2}, [MAP, (8, 7, 4)]),
        ("Concatenate", {"axis": 0}, [MAP, MAP]),
        ("Concatenate", {"axis": 4}, [MAP, MAP]),
    ],
)
def test_layers_that_do_not_fit_their_input(name, config, shapes):
    module = "keras.src.applications.convnext" if name == "LayerScale" else "keras.layers"
    with pytest.raises(ModelError):
        effect(name, config, *shapes, module=module)
