"""Builds the installers; needs the project's tools, not part of the app."""
