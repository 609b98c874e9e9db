"""A network around each operator that moves numbers, with each value of its options."""
# ruff: noqa: C901

from __future__ import annotations

import numpy as np

from tests.core.library.inspection.tflite.operator_cases import BOTH, FLOAT, case


def _shapes() -> None:
    same = "ReshapeOptions"
    case("RESHAPE", lambda m: m.add("RESHAPE", [m.value, m.whole(1, 6, -1)], (1, 6, 21)))
    case("RESHAPE by option", lambda m: m.add("RESHAPE", [m.value], (1, 42, 3), same, newShape=[1, 42, 3]))
    case(
        "SQUEEZE",
        lambda m: m.add("SQUEEZE", [m.value], (1, 6, 3), "SqueezeOptions", squeezeDims=[1]),
        BOTH,
        (1, 1, 6, 3),
    )
    case(
        "SQUEEZE from behind",
        lambda m: m.add("SQUEEZE", [m.value], (1, 6, 3), "SqueezeOptions", squeezeDims=[-3]),
        BOTH,
        (1, 1, 6, 3),
    )
    case(
        "EXPAND_DIMS",
        lambda m: m.add("EXPAND_DIMS", [m.value, m.whole(1)], (1, 1, 6, 3), "ExpandDimsOptions"),
        BOTH,
        (1, 6, 3),
    )
    for order in ((0, 3, 1, 2), (0, 2, 1, 3), (0, 1, 3, 2)):
        case(
            f"TRANSPOSE {order}",
            lambda m, o=order: m.add(
                "TRANSPOSE", [m.value, m.whole(*o)], tuple((1, 7, 6, 3)[a] for a in o), "TransposeOptions"
            ),
        )
    for axis in (1, 2, 3, -1):
        shape = tuple(side * (2 if place == axis % 4 else 1) for place, side in enumerate((1, 7, 6, 3)))
        case(
            f"CONCATENATION {axis}",
            lambda m, a=axis, s=shape: m.add(
                "CONCATENATION", [m.value, m.number(1, 7, 6, 3)], s, "ConcatenationOptions", axis=a
            ),
        )
    for axis in (1, -1):
        shape = (1, 2, 6, 3) if axis == 1 else (1, 6, 3, 2)
        case(
            f"PACK {axis}",
            lambda m, a=axis, s=shape: m.add(
                "PACK", [m.value, m.number(1, 6, 3)], s, "PackOptions", valuesCount=2, axis=a
            ),
            BOTH,
            (1, 6, 3),
        )

    def several(m, name, inputs, shapes, table, **fields):
        outputs = [m.net.tensor(shape, m.dtype, **m.scale) for shape in shapes]
        m.net.operator(name, inputs, outputs, options=(table, fields))
        m.value, m.shape = outputs[1], shapes[1]
        m.net.graph.outputs = [m.value]

    case("UNPACK", lambda m: several(m, "UNPACK", [m.value], [(1, 7, 6)] * 3, "UnpackOptions", num=3, axis=3))
    case(
        "SPLIT",
        lambda m: several(
            m, "SPLIT", [m.net.constant(2, "int32"), m.value], [(1, 7, 2, 3)] * 3, "SplitOptions", numSplits=3
        ),
    )
    case(
        "SPLIT_V",
        lambda m: several(
            m,
            "SPLIT_V",
            [m.value, m.whole(2, 5), m.whole(1)],
            [(1, 2, 6, 3), (1, 5, 6, 3)],
            "SplitVOptions",
            numSplits=2,
        ),
    )
    case(
        "SLICE",
        lambda m: m.add(
            "SLICE", [m.value, m.whole(0, 1, 2, 0), m.whole(1, 4, -1, 2)], (1, 4, 4, 2), "SliceOptions"
        ),
    )
    cuts = {
        "a border": ((0, 1, 1, 0), (1, -1, 5, 3), (1, 1, 1, 1), {}, (1, 5, 4, 3)),
        "every second": ((0, 0, 0, 0), (1, 7, 6, 3), (1, 2, 2, 1), {}, (1, 4, 3, 3)),
        "masks": ((0, 3, 2, 1), (0, 0, 0, 0), (1, 1, 1, 1), {"beginMask": 3, "endMask": 15}, (1, 7, 4, 2)),
        "channels reversed": (
            (0, 0, 0, 0),
            (0, 0, 0, 0),
            (1, 1, 1, -1),
            {"beginMask": 15, "endMask": 15},
            (1, 7, 6, 3),
        ),
        "one place": ((0, 2, 0, 0), (1, 3, 6, 3), (1, 1, 1, 1), {"shrinkAxisMask": 2}, (1, 6, 3)),
    }
    for name, (begin, end, steps, masks, shape) in cuts.items():
        case(
            f"STRIDED_SLICE {name}",
            lambda m, b=begin, e=end, s=steps, k=masks, o=shape: m.add(
                "STRIDED_SLICE",
                [m.value, m.whole(*b), m.whole(*e), m.whole(*s)],
                o,
                "StridedSliceOptions",
                **k,
            ),
        )
    for axis, places, shape in ((3, (2, 1, 0), (1, 7, 6, 3)), (1, (0, 4), (1, 2, 6, 3))):
        case(
            f"GATHER {axis}",
            lambda m, a=axis, p=places, s=shape: m.add(
                "GATHER", [m.value, m.whole(*p)], s, "GatherOptions", axis=a
            ),
        )
    borders = np.array([[0, 0], [1, 2], [3, 0], [0, 0]])

    def border(m):
        return m.net.constant(borders, "int32")

    case("PAD", lambda m: m.add("PAD", [m.value, border(m)], (1, 10, 9, 3), "PadOptions"))
    case(
        "PADV2",
        lambda m: m.add("PADV2", [m.value, border(m), m.number()], (1, 10, 9, 3), "PadV2Options"),
        FLOAT,
    )
    for mode in (0, 1):
        case(
            f"MIRROR_PAD {mode}",
            lambda m, o=mode: m.add(
                "MIRROR_PAD", [m.value, border(m)], (1, 10, 9, 3), "MirrorPadOptions", mode=o
            ),
        )
    for name in ("RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR"):
        table = {"RESIZE_BILINEAR": "ResizeBilinearOptions"}.get(name, "ResizeNearestNeighborOptions")
        for sides in ((14, 12), (21, 12), (5, 4), (9, 13)):
            for corners, centres in ((False, False), (True, False), (False, True)):
                if centres and sides[0] % 7 and name.endswith("NEIGHBOR"):
                    continue  # refused
                case(
                    f"{name} {sides} {corners} {centres}",
                    lambda m, n=name, t=table, s=sides, a=corners, h=centres: m.add(
                        n, [m.value, m.whole(*s)], (1, *s, 3), t, alignCorners=a, halfPixelCenters=h
                    ),
                )
    for name in ("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"):
        dtypes = FLOAT if name in {"SUM", "REDUCE_PROD"} else BOTH
        for axes, keep, shape in (
            ((1, 2), False, (1, 3)),
            ((1, 2), True, (1, 1, 1, 3)),
            ((-1,), False, (1, 7, 6)),
            ((3,), True, (1, 7, 6, 1)),
        ):
            case(
                f"{name} {axes} {keep}",
                lambda m, n=name, a=axes, k=keep, s=shape: m.add(
                    n, [m.value, m.whole(*a)], s, "ReducerOptions", keepDims=k
                ),
                dtypes,
            )

    def blocks(m):
        cut = m.net.constant(np.array([[0, 1], [0, 0]]), "int32")
        m.add("SPACE_TO_BATCH_ND", [m.value, m.whole(2, 2), cut], (4, 4, 3, 3), "SpaceToBatchNDOptions")
        m.add("BATCH_TO_SPACE_ND", [m.value, m.whole(2, 2), cut], (1, 7, 6, 3), "BatchToSpaceNDOptions")

    case("SPACE_TO_BATCH_ND and back", blocks)
    case(
        "SPACE_TO_DEPTH",
        lambda m: m.add("SPACE_TO_DEPTH", [m.value], (1, 4, 3, 12), "SpaceToDepthOptions", blockSize=2),
        BOTH,
        (1, 8, 6, 3),
    )
    case(
        "DEPTH_TO_SPACE",
        lambda m: m.add("DEPTH_TO_SPACE", [m.value], (1, 8, 6, 2), "DepthToSpaceOptions", blockSize=2),
        BOTH,
        (1, 4, 3, 8),
    )


_shapes()
