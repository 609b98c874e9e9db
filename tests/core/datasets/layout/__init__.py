"""Tests of `desktop_app.core.datasets.layout`."""
