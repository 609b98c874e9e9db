"""Data sets that come as archives: unpacked within limits, and kept."""
