"""Tests of `desktop_app.core.images.science`."""
