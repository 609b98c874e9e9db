"""All backbones."""

from __future__ import annotations

from desktop_app.core.library.backbones.lite import LITE_BETTER, LITE_BOTH, LITE_SMALL
from desktop_app.core.library.backbones.vgg19 import VGG19

BACKBONES = {backbone.backbone_id: backbone for backbone in (LITE_BOTH, LITE_BETTER, LITE_SMALL, VGG19)}
"""The backbones by id, in the order in which they are offered."""
