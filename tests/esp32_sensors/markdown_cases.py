"""Texts, and the Markdown that shows them."""

TEXTS = [
    ("Séjour 2", "Séjour 2"),
    ("[here](http://evil.example)", r"\[here\]\(http\:\/\/evil\.example\)"),
    ("www.evil.example", r"www\.evil\.example"),
    ("a@evil.example", r"a\@evil\.example"),
    ("![](x.png)", r"\!\[\]\(x\.png\)"),
    ("<img src=x>", r"\<img src\=x\>"),
    ("&lt;", r"\&lt\;"),
    ("*a* _b_ `c` ~d~", r"\*a\* \_b\_ \`c\` \~d\~"),
    ("a\n# b", r"a \# b"),
    ("\\", r"\\"),
    ("👨\u200d👩", "👨\u200d👩"),
    ("a\u202eb", "a b"),
]
