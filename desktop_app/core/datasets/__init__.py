"""From a folder of pictures, or an archive of one, to what a network is trained on."""
