"""One file per noun; every module's ``router`` is included by :mod:`gateway.app`."""
