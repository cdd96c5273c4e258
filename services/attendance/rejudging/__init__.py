"""Days are judged anew after a policy, a calendar or a roster that rules them has changed."""
