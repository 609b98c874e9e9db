"""The Train pane: data, network, fit, and what came out of it."""
