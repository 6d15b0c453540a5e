"""How things become HTML: templates and what they are given, charts, words, times, and the files beside them."""
