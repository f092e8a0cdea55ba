"""Screens stay within Telegram's limits whatever is put into them."""

from __future__ import annotations

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.screens.access import ChooseLanguage
from bot.screens.posting import bare, editing, sending
from bot.screens.screen import Button, File, Screen, fit, visible_length
from bot.simulator.html_parser import parse_html
from bot.simulator.utf16 import utf16_length

LINES = st.lists(
    st.one_of(
        st.text(max_size=200).map(lambda text: html.escape(text.replace("\r", ""))),
        st.builds(
            lambda tag, text: f"<{tag}>{html.escape(text)}</{tag}>",
            st.sampled_from(["b", "i", "code", "blockquote"]),
            st.text(max_size=120),
        ),
        st.sampled_from(["<blockquote>", "</blockquote>", "😀" * 500, "&lt;" * 300, ""]),
    ),
    max_size=60,
)


def parsed(text: str) -> str:
    return parse_html(text)[0]


def balanced(lines: list[str]) -> str:
    """Keep one quotation open at most, closed in the end."""
    kept, inside = [], False
    for line in lines:
        if line == "<blockquote>" and inside:
            continue
        if "blockquote" in line and line not in {"<blockquote>", "</blockquote>"} and inside:
            continue
        if line == "</blockquote>" and not inside:
            continue
        inside = line == "<blockquote>" or (inside and line != "</blockquote>")
        kept.append(line)
    return "\n".join(kept) + ("</blockquote>" if inside else "")


@given(LINES, st.booleans())
@example(["x" * 5_000], False)
@example(["😀" * 5_000], False)
@example(["<b>" + "&amp;" * 5_000 + "</b>"], False)
@example(["<blockquote>", "😀" * 500] * 20, True)
def test_a_screen_fits_and_stays_valid(lines: list[str], captioned: bool) -> None:
    screen = fit(Screen(balanced(lines), photo="f" if captioned else None))
    shown = parsed(screen.text)
    assert utf16_length(shown) <= (1024 if captioned else 4096)
    assert screen.text.strip()


def test_a_long_list_loses_whole_lines_from_its_end() -> None:
    lines = [f"<b>{n}</b> Facture n° {n}" for n in range(2_000)]
    text = parsed(fit(Screen("\n".join(lines))).text)
    assert text.startswith("0 Facture n° 0\n1 Facture n° 1\n")
    assert text.endswith("\n…")
    last = int(text.split("\n")[-2].split()[0])
    assert text.split("\n")[-2] == f"{last} Facture n° {last}"
    assert utf16_length(text) > 4_000


def test_a_cut_closes_the_tags_it_leaves_open() -> None:
    long = "\n".join("ligne" for _ in range(1_500))
    text = fit(Screen(f'<blockquote expandable><b><a href="https://x.y">{long}</a></b>')).text
    assert text.endswith("</a></b></blockquote>\n…")
    assert utf16_length(parsed(text)) <= 4_096


def test_one_endless_line_is_cut_as_plain_words() -> None:
    text = fit(Screen("<b>" + "a &amp; b " * 1_000 + "</b>")).text
    assert "&amp;" in text
    assert text.endswith("…")
    assert parsed(text).startswith("a & b a & b")


def test_lengths_are_counted_after_parsing_in_utf16() -> None:
    assert visible_length("<b>é&amp;😀</b>") == 4


def test_too_many_buttons_leave_but_the_way_back_stays() -> None:
    row = tuple(Button(str(n), ChooseLanguage("fr")) for n in range(12))
    back = (Button("retour", ChooseLanguage("fr")),)
    screen = fit(Screen("x", (*[row] * 40, (), back)))
    assert sum(map(len, screen.rows)) <= 100
    assert max(map(len, screen.rows)) <= 8
    assert screen.rows[-1] == back


def test_an_empty_screen_says_at_least_something() -> None:
    assert fit(Screen("  \n ")).text == "…"


def test_a_message_is_protected_and_shows_no_preview_of_links() -> None:
    body = sending(Screen("bonjour"), 7)
    assert body == {
        "method": "sendMessage",
        "params": {
            "chat_id": 7,
            "parse_mode": "HTML",
            "protect_content": True,
            "text": "bonjour",
            "link_preview_options": {"is_disabled": True},
        },
    }


def test_what_is_to_be_forwarded_is_not_protected_and_may_be_silent() -> None:
    params = sending(Screen("bonjour", protected=False, silent=True), 7)["params"]
    assert params["protect_content"] is False
    assert params["disable_notification"] is True


def test_an_edit_replaces_text_and_buttons_and_falls_back_to_a_new_message() -> None:
    body = editing(Screen("b", ((Button("x", ChooseLanguage("fr")),),)), 7, 9)
    assert (body["method"], body["fallback"]) == ("editMessageText", True)
    assert body["params"]["message_id"] == 9
    keys = body["params"]["reply_markup"]["inline_keyboard"]
    assert keys == [[{"text": "x", "callback_data": "1la.fr"}]]
    assert editing(Screen("b"), 7, 9)["params"]["reply_markup"] == {"inline_keyboard": []}


def test_a_picture_or_a_file_is_a_message_of_its_own() -> None:
    photo = editing(Screen("p", photo="F1"), 7, 9)
    assert (photo["method"], photo["params"]["photo"]) == ("sendPhoto", "F1")
    free = editing(Screen("à transférer", protected=False), 7, 9)
    assert (free["method"], free["params"]["protect_content"]) == ("sendMessage", False)
    file = sending(Screen("f", file=File("a.csv", b"x;y", "text/csv")), 7)
    assert file["method"] == "sendDocument"
    assert file["file"] == {"name": "a.csv", "mime": "text/csv", "content_base64": "eDt5"}
    assert file["params"]["caption"] == "f"


def test_buttons_carry_a_tap_an_address_or_a_text_to_copy() -> None:
    rows = (
        (
            Button("u", url="https://x.y"),
            Button("c", copy="z" * 300),
            Button("d", ChooseLanguage("en"), style="danger"),
        ),
    )
    keys = sending(Screen("x", rows), 7)["params"]["reply_markup"]["inline_keyboard"][0]
    assert keys[0] == {"text": "u", "url": "https://x.y"}
    assert keys[1] == {"text": "c", "copy_text": {"text": "z" * 256}}
    assert keys[2]["style"] == "danger"


@pytest.mark.parametrize("label", ["", "  "])
def test_a_button_whose_label_came_out_empty_still_can_be_pressed(label: str) -> None:
    rows = ((Button(label, ChooseLanguage("fr")),),)
    assert sending(Screen("x", rows), 7)["params"]["reply_markup"]["inline_keyboard"][0][0]["text"]


def test_the_buttons_of_a_message_can_be_taken_away() -> None:
    body = bare(7, 9)
    assert body["method"] == "editMessageReplyMarkup"
    assert body["params"]["reply_markup"] == {"inline_keyboard": []}
