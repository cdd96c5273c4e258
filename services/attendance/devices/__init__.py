"""The register of attendance machines: where they stand, from where they push, who is who."""
