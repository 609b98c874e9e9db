"""Tests of `desktop_app.workers.classify`."""
