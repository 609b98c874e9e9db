"""Networks whose features serve for photos of any kind: what a new model is trained on."""
