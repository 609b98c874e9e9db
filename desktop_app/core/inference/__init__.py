"""Running networks: by OpenVINO where it is proven to answer alike, else by TensorFlow."""
