"""Tags inside text: which are markup and go, and which are words between angle brackets and stay."""

import html
import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HTML = re.compile(
    r"</?(?:a|abbr|article|b|blockquote|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|"
    r"header|hr|i|iframe|img|ins|li|main|mark|nav|ol|p|pre|q|s|section|small|span|strong|sub|summary|sup|table|tbody|td|"
    r"th|thead|time|tr|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_CUE = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^<>]*)?>|<\d[\d:.]*>|\{\\[^{}]*\}", re.IGNORECASE)


def without_html(text: str) -> str:
    """Return text without HTML tags and comments; a line break becomes white space."""
    return _HTML.sub("", _BREAK.sub(" ", _COMMENT.sub("", text)))


def without_cue_tags(text: str) -> str:
    """Return the text of a cue without the tags of WebVTT and SRT, character references resolved."""
    return html.unescape(_CUE.sub("", _BREAK.sub(" ", text)))
