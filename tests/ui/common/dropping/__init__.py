"""Tests of `desktop_app.ui.common.dropping`."""
