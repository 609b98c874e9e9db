"""From an RGB array to the top labels."""
