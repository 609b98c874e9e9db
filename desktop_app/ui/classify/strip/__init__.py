"""The strip of pictures below the result."""
