"""Tries the installers in fresh systems; not part of the app."""
