"""Tests of `desktop_app.ui.batch.overview`."""
