"""Tests of `desktop_app.workers.service`."""
