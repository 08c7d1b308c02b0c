"""What the commands read: options, locations, standard input."""
