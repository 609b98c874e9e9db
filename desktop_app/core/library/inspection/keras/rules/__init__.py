"""The layers that a model from elsewhere may have: pure computation on pictures, feature maps and vectors."""
