"""What `cleaner check` and `cleaner baseline` share: options, settings, the run, printing."""
