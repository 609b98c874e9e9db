"""What is around the window: one instance, devices, licences, updates."""
