"""Ordinary tasks: what is to be done inside an agency, by whom, until when."""
