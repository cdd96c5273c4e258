"""Copies of what the directory says about agencies and employees."""
