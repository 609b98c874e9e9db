"""What all measurements share: taking turns, figures against goals, other programs' engines, reports."""
