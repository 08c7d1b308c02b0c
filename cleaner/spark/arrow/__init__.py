"""Stages that run on executors: record batches in, record batches out."""
