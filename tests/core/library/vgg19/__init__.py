"""Tests of `desktop_app.core.library.vgg19`."""
