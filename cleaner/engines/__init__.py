"""Who carries out a run: local processes, or a cluster of machines."""
