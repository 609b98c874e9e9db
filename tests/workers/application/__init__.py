"""Tests of `desktop_app.workers.application`."""
