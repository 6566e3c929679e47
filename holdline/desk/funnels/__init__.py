"""Funnels that run: who enters, what follows when, what customers answer and press, and how it ends."""
