"""Funnels and enrolments."""
