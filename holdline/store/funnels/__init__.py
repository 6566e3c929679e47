"""Funnels: their versions, the enrolments, and the steps that these took."""
