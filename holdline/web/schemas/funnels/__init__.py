"""Funnels and enrolments as the API shows them."""
