"""Looking at a model file from elsewhere before Keras does: only what is on a list of our own passes."""

from __future__ import annotations

from desktop_app.core.library.inspection.loading import load_checked_model
from desktop_app.core.library.inspection.summary import NetworkSummary, inspect_archive

__all__ = ["NetworkSummary", "inspect_archive", "load_checked_model"]
