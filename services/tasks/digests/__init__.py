"""The daily e-mail: what a person was told and has not read, once a day."""
