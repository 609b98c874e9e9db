"""Tests of `desktop_app.core.training.records`."""
