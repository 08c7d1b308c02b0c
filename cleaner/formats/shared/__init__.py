"""What several formats share: records, places in them, shards of lines, values of JSON as bytes."""
