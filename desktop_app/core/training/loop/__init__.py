"""The epochs of a training: session, optimizer, callbacks, phases."""
