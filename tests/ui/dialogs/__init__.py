"""Tests of `desktop_app.ui.dialogs`."""
