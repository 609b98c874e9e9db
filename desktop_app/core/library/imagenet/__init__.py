"""The ImageNet networks in the box: from the published weights to model folders."""
