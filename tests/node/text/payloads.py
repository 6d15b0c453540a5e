"""Script payloads as they are tried on servers, and a judge that reads HTML the way a browser does."""

from selectolax.lexbor import LexborHTMLParser

PAYLOADS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<script\x0c>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "</p><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror='alert(1)'>",
    '<svg onload="alert(1)"><animate onbegin=alert(1)></svg>',
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
    "<embed src='javascript:alert(1)'>",
    "<base href='javascript:/a/-alert(1)///////'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<p style='position:fixed;inset:0'>over</p>",
    "<p class='app-header l-dialog'>looks like ours</p>",
    "<p id='main'>clobber</p>",
    "<a name='body' id='forms'>x</a>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java&#x0A;script&colon;alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='/settings/delete'>x</a>",
    "<a href='https://e.example' onclick='alert(1)' target='_self' rel='opener'>x</a>",
    "<a href='https://e.example\"onmouseover=alert(1)//'>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select><option><script>alert(1)</script></select>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<textarea></textarea><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<title></title><img src=x onerror=alert(1)>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<h1 title='>'><img src=x onerror=alert(1)></h1>",
    "<h2 onclick=alert(1)>x</h2 onclick=alert(1)>",
    "<div '><script>alert(1)</script>'>",
    "<td =\"><a href='javascript:alert(1)'>\">x",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "[x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#115;cript:alert(1))",
    "[x](https://e.example 'a\" onclick=\"alert(1)')",
    '![x](x"onerror=alert(1)//)',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    '```"onclick=alert(1)\n</code><script>alert(1)</script>',
]

_ELEMENTS = frozenset(
    "html head body p br span a del s u b strong i em code pre blockquote ul ol li ruby rt rp".split()  # noqa: SIM905
)
_ATTRIBUTES = {
    "a": {"href", "class", "rel", "target", "translate"},
    "span": {"class", "translate"},
    "p": {"class"},
    "li": {"value"},
    "ol": {"start", "reversed"},
}
_CLASSES = frozenset(
    {"mention", "hashtag", "h-card", "u-url", "p-name", "p-author", "ellipsis", "invisible", "quote-inline"}
)
_SCHEMES = ("http://", "https://", "mailto:", "gemini://", "gopher://", "xmpp:", "magnet:")


def dangers_in(html: str) -> list[str]:
    """Everything in `html` that a post has no need of."""
    root = LexborHTMLParser(html).root
    found = []
    for node in root.traverse() if root is not None else ():
        name = node.tag or ""
        if name not in _ELEMENTS:
            found.append(f"<{name}>")
        for attribute, value in node.attributes.items():
            if attribute not in _ATTRIBUTES.get(name, ()):
                found.append(f"{name} {attribute}={value}")
            if attribute == "href" and not (value or "").lower().startswith(_SCHEMES):
                found.append(f"href={value}")
            if attribute == "class" and not _CLASSES.issuperset((value or "").split()):
                found.append(f"class={value}")
    return found
