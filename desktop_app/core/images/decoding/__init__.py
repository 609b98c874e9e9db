"""The bytes of a picture to an array of pixels."""
