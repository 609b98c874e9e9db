"""The one way to run work in the background, and what brings results and errors back."""
