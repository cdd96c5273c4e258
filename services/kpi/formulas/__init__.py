"""The language of indicators: safe, typed formulas over facts; pure, exact, and sure to end.

The syntax is that of the Common Expression Language, read by the parser of ``cel-python``. Its
evaluator counts in binary floating point, so formulas are typed and computed here, in exact
rational numbers. There are no loops, no recursion and no nesting of one list in another: computing
costs the number of facts times the length of the formula, and both are bounded.
"""
