"""Tests of `desktop_app.ui.training.model`."""
