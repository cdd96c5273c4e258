"""Absences: leave, sickness, duty and permission, of whole days or hours."""
