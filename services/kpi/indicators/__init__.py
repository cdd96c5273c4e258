"""What is measured, as versioned data, and what one fact says about it."""
