"""Panes of the window by their title, so that their order is in one test only."""

from __future__ import annotations


def place(window, title):
    """Where a pane is in the rail."""
    return [entry.title for entry in window._entries].index(title)


def open_pane(window, title):
    """Turn to a pane, and have it made at once."""
    pane = window._panes.made(place(window, title))
    window.show_pane(place(window, title))
    return pane


def shown(window):
    """Title of the pane that the user has turned to."""
    return window._entries[window._panes.shown].title
