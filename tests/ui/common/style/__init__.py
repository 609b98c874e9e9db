"""Tests of `desktop_app.ui.common.style`."""
