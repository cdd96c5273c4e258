"""The embedded database's own process, and what makes it cheaper there (decision 0016).

SecantusDB stays as it is installed. :mod:`.process` replaces three of its functions before it
serves, for the one version they were written against; any other version runs as it is, slower and
just as durable.
"""
