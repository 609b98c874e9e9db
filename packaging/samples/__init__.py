"""Models the scenes of the sample pictures and renders them like photographs."""
