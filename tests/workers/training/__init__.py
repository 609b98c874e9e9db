"""Tests of `desktop_app.workers.training`."""
