"""One command on one machine: embedded infrastructure, every process, ordered stop."""
