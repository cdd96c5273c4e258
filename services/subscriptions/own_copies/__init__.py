"""Own copies of what the directory says about agencies, for filters by agency."""
