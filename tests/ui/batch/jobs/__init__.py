"""Tests of `desktop_app.ui.batch.jobs`."""
