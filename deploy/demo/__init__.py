"""The demo city: Surakarta with real agencies and villages, and invented people."""
