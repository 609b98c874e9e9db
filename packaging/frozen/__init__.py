"""What makes the installers; needs the project's tools, is no part of the app."""
