"""How many rows of a Parquet file are read at one time: so few that no file unfolds to more than fits in memory."""

from __future__ import annotations

from typing import Any

MOST, FEWEST = 512, 8
"""Rows read at one time: batches of more save nothing, of fewer take time (8 rows of 2 kB: 2 µs a row)."""
WINDOW = 256 << 20
"""Bytes that the rows of a batch may have, were each as large as all that their group holds."""
BOMB = 200
"""How many times smaller no text is compressed; what is gets read row by row."""


def rows_at_once(group: Any) -> int:
    """Return how many rows of a row group to read at one time.

    Args:
        group: its metadata. A value that a dictionary holds once may stand in every row, so it counts for each.
    """
    columns = [group.column(number) for number in range(group.num_columns)]
    size = int(sum(column.total_uncompressed_size for column in columns))
    if size > WINDOW and size > BOMB * sum(column.total_compressed_size for column in columns):
        return 1
    return max(FEWEST, min(MOST, WINDOW // max(size, 1)))
