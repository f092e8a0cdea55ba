"""The HTML subset: what is read, what is refused and where."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.simulator.entities import tidy
from bot.simulator.html_parser import HtmlError, parse_html
from bot.simulator.html_writer import safe_html
from bot.simulator.utf16 import utf16_length
from bot.simulator.values import Entity

BAD_SURROGATE = (
    "Text contains invalid Unicode characters after decoding HTML entities, "
    "check for unmatched surrogate code units"
)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("&#57311;", BAD_SURROGATE),
        ("&#xDFDF", BAD_SURROGATE),
        ("é 😀<b", "Unclosed start tag at byte offset 7"),
        ("<", "Unclosed start tag at byte offset 0"),
        ("a < b >", 'Unsupported start tag "" at byte offset 2'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("x<DIV class=a>", 'Unsupported start tag "div" at byte offset 1'),
        ("<i  =a>", 'Empty attribute name in the tag "i" at byte offset 0'),
        ('<a href="x"y"">z</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<i a", 'Unclosed start tag "i" at byte offset 0'),
        ("<i a = ", 'Unclosed start tag "i" at byte offset 0'),
        ("<i a=b_c>", "Unexpected end of name token at byte offset 5"),
        ('<a href="&lt;>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>é</b", "Unclosed end tag at byte offset 5"),
        ("<b>é</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
        ('<tg-time unix="5" format="no">a</tg-time>', "Invalid date format used"),
    ],
)
def test_a_broken_text_is_refused_with_telegrams_words(source: str, reason: str) -> None:
    with pytest.raises(HtmlError) as refusal:
        parse_html(source)
    assert str(refusal.value) == reason


def one(kind: str, offset: int, length: int, **more: str | int) -> tuple[Entity, ...]:
    return (Entity(kind, offset, length, **more),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("", "", ()),
        ("&ge;&lt;&gt;&amp;&quot;&nbsp;", '&ge;<>&"&nbsp;', ()),
        ("&lt&#62&#x1F600;", "<>😀", ()),
        ("&#12345678901;&#0;", "&#12345678901;&#0;", ()),
        ("😀<b>😀</b>", "😀😀", one("bold", 2, 2)),
        ("<STRONG>x</strong >", "x", one("bold", 0, 1)),
        ("<em>x</>", "x", one("italic", 0, 1)),
        ("<ins>x</ins>", "x", one("underline", 0, 1)),
        ("<strike>x</strike>", "x", one("strikethrough", 0, 1)),
        ("<b></b>x", "x", ()),
        ("<tg-spoiler>x</tg-spoiler>", "x", one("spoiler", 0, 1)),
        ('<span class="tg-spoiler">x</span>', "x", one("spoiler", 0, 1)),
        ("<blockquote expandable>x</blockquote>", "x", one("expandable_blockquote", 0, 1)),
        ("<blockquote cite=''>x</blockquote>", "x", one("blockquote", 0, 1)),
        ('<pre><code class="language-py">x</code></pre>', "x", one("pre", 0, 1, language="py")),
        (
            "<a href='http://a.fr?x=1&amp;y'>x</a>",
            "x",
            one("text_link", 0, 1, url="http://a.fr/?x=1&y"),
        ),
        ("<a>a.fr</a>", "a.fr", one("text_link", 0, 4, url="http://a.fr/")),
        ("<a href='javascript:x()'>x</a>", "x", ()),
        ("<a href='tg://user?id=7'>x</a>", "x", one("text_mention", 0, 1, user_id=7)),
        (
            '<tg-time unix="1790000000" format="wd">x</tg-time>',
            "x",
            one("date_time", 0, 1, unix_time=1790000000, date_time_format="wd"),
        ),
    ],
)
def test_a_text_is_read_as_telegram_reads_it(
    source: str, text: str, entities: tuple[Entity, ...]
) -> None:
    assert parse_html(source) == (text, entities)


def test_nested_tags_come_outer_first() -> None:
    _, entities = parse_html("<i>a<b>b<code>c</code></b></i>")
    assert [(e.type, e.offset, e.length) for e in entities] == [
        ("italic", 0, 3),
        ("bold", 1, 2),
        ("code", 2, 1),
    ]


def test_spaces_around_are_trimmed_and_offsets_follow() -> None:
    text, entities = tidy(*parse_html(" \n <b> a </b> \n"))
    assert (text, entities) == ("a", one("bold", 0, 1))


TAGS = ("b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler")
LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TREES = st.recursive(
    LETTERS.map(lambda text: (escaped(text), text)),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, max_size=3)).map(
        lambda node: (
            f"<{node[0]}>{''.join(source for source, _ in node[1])}</{node[0]}>",
            "".join(text for _, text in node[1]),
        )
    ),
    max_leaves=8,
)


class Reader(HTMLParser):
    """Reads safe HTML back with the standard library's parser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TREES)
def test_well_formed_text_is_read_back_whole(tree: tuple[str, str]) -> None:
    source, expected = tree
    text, entities = parse_html(source)
    assert text == expected
    for entity in entities:
        assert 0 <= entity.offset < entity.end <= utf16_length(text)


@given(st.text(alphabet="<>/&;=\"' abi#x1é😀\n\0-", max_size=60))
@example("<b x='")
@example("&#")
@example("</")
def test_no_text_breaks_the_parser_and_offsets_point_at_the_tag(source: str) -> None:
    try:
        text, entities = parse_html(source)
    except HtmlError as refusal:
        words = str(refusal)
        if "name token" not in words and " at byte offset " in words:
            offset = int(words.partition(" at byte offset ")[2].partition(",")[0])
            assert source.encode()[offset : offset + 1] == b"<"
    else:
        assert all(entity.end <= utf16_length(text) for entity in entities)


SPANS = st.builds(
    Entity,
    st.sampled_from(["bold", "italic", "code", "pre", "blockquote", "spoiler", "text_link", "url"]),
    st.integers(0, 12),
    st.integers(1, 12),
    url=st.sampled_from(['https://a.fr/?"><script>', "javascript:alert(1)", "tg://x", ""]),
)


@given(LETTERS, st.lists(SPANS, max_size=6))
def test_safe_html_has_only_harmless_tags_even_where_entities_overlap(
    text: str, spans: list[Entity]
) -> None:
    end = utf16_length(text)
    inside = tuple(span for span in spans if span.end <= end)
    page = safe_html(text, inside)
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.text.replace("\r", "") == text.replace("\r", "")
    assert not reader.open
    assert reader.seen <= {"b", "i", "code", "pre", "blockquote", "span", "a"}
    assert "javascript:" not in page or "javascript:" in text
