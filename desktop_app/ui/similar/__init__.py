"""The dialog with the pictures most like one picture."""
