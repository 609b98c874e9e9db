"""Tests of `desktop_app.core.batch.results`."""
