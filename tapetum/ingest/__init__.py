"""From bytes to batches: sources, decoders, the pipeline."""
