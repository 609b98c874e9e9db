"""Tests of `desktop_app.core.library.inspection.containers`."""
