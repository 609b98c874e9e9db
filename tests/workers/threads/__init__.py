"""Tests of `desktop_app.workers.threads`."""
