"""Tests of `desktop_app.ui.training.run`."""
