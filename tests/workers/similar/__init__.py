"""Tests of `desktop_app.workers.similar`."""
