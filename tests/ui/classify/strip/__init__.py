"""Tests of `desktop_app.ui.classify.strip`."""
