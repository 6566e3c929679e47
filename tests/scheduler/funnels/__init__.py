"""Funnels that run, step by step: the clock moves by hand."""
