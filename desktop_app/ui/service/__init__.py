"""The local API's dialog."""
