"""Choosing files and folders: by the system's dialog, else by one that stays smooth in large folders."""
