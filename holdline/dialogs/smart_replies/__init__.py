"""Automatic answers to free text: which reply answers what a customer wrote, if any does."""
