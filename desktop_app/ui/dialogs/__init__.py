"""The dialogs of the window's menus, and the crash dialog."""
