"""The figures of reports, as plain values that can be recounted by hand."""
