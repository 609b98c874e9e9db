"""Tests of `desktop_app.workers.batch`."""
