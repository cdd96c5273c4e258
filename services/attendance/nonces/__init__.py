"""Nonces that prove when an offline capture cannot have been made."""
