"""Automation: teams, rules, tag rules."""
