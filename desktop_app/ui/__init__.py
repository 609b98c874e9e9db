"""What a person sees: widgets that emit requests and show results."""
