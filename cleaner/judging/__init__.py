"""From evidence to verdicts: columns, weights, scores, flags."""
