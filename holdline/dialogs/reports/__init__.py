"""What a report counts: plain values, so that every number can be counted again by hand."""
