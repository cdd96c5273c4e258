"""Kiosks: rotating codes that prove that somebody stood before an office's screen."""
