"""What tries the installers in fresh systems; is no part of the app."""
