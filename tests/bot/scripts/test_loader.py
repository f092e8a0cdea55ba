"""The loader: every kind of broken script is refused, with the file, the step and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.scripts.library import BrokenScripts, build, load, sources
from bot.scripts.reading import Fault
from bot.scripts.reason import Reason
from tests.bot.scripts.builders import END, SAY, a_script, faults_of, headed, label, scripts_of

GO = f'choose = [ {{ key = "go", label = {label("Va", "Go")}, then = "end" }} ]'
SOUND = f"[steps.one]\n{SAY}\n{GO}\n{END}"


def one(text: str) -> str:
    return f"[steps.one]\n{text}\n{END}"


def test_a_sound_script_has_no_fault() -> None:
    assert a_script(SOUND).start == "one"


def test_a_file_that_is_not_toml_is_refused() -> None:
    scripts, faults = build({"small.toml": b"id = ", "latin.toml": b'id = "\xe9"'})
    assert scripts == {}
    assert [fault.file for fault in faults] == ["latin.toml", "small.toml"]
    assert all(fault.reason.startswith("not TOML") for fault in faults)


def test_the_id_is_the_name_of_the_file() -> None:
    _, faults = scripts_of(big=headed(SOUND, name="small"))
    assert Fault("big.toml", "", Reason("id 'small' is not the file's name")) in faults


CASES = {
    "dead end: no `then`": one(f'{SAY}\nask = "text"\nas = "a"'),
    "dead end: choice go leads nowhere": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('Va', 'Go')} }} ]"
    ),
    "unknown step 'nowhere'": one(f'{SAY}\nask = "text"\nas = "a"\nthen = "nowhere"'),
    "dead end: every button may be missing": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('Va', 'Go')}, then = \"end\", "
        'when = { value = "days_late", above = 3 } } ]'
    ),
    "unknown fact 'moon'": one(
        f'{SAY}\nask = "text"\nas = "a"\n'
        'then = [ { when = { value = "moon", is = 1 }, to = "end" }, { to = "end" } ]'
    ),
    "unknown fact 'moon' ": one(
        f'{SAY}\nask = "text"\nas = "a"\n'
        'then = [ { when = { value = "days_late", above = "moon" }, to = "end" }, { to = "end" } ]'
    ),
    "unknown fact {moon} in a text": one(f'say = {{ fr = "{{moon}}", en = "{{moon}}" }}\n{GO}'),
    "{promise_too_late} is yes or no: it cannot be written in a text": one(
        f'say = {{ fr = "{{promise_too_late}}", en = "{{promise_too_late}}" }}\n{GO}'
    ),
    "say: no en translation": one(f'say = {{ fr = "Bonjour" }}\n{GO}'),
    "say: no fr translation": one(f'say = {{ fr = " ", en = "Hello" }}\n{GO}'),
    "say: the translations do not name the same facts": one(
        f'say = {{ fr = "{{rep}}", en = "Hello" }}\n{GO}'
    ),
    "say: a brace that is not a {name}": one(f'say = {{ fr = "{{ a", en = "b" }}\n{GO}'),
    "say: fr text of 1501 characters, at most 1500": one(
        f'say = {{ fr = "{"a" * 1501}", en = "a" }}\n{GO}'
    ),
    "choice go: fr text of 41 characters, at most 40": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('a' * 41, 'b')}, then = \"end\" }} ]"
    ),
    "say: the last wording must have no condition": one(
        'say = [ { fr = "a", en = "a", when = { value = "days_late", missing = true } } ]\n' + GO
    ),
    "say must be a table": one(f"say = [ 3 ]\n{GO}"),
    "say: unknown word 'de'": one(f'say = {{ fr = "a", en = "a", de = "a" }}\n{GO}'),
    "when: one test among is, is_not, above, missing": one(
        f'{SAY}\nask = "text"\nas = "a"\n'
        'then = [ { when = { value = "rep", below = 1 }, to = "end" }, { to = "end" } ]'
    ),
    "when: missing cannot be compared with 'yes'": one(
        f'{SAY}\nask = "text"\nas = "a"\n'
        'then = [ { when = { value = "rep", missing = "yes" }, to = "end" }, { to = "end" } ]'
    ),
    "then: every way but the last has a condition, the last has none": one(
        f'{SAY}\nask = "text"\nas = "a"\nthen = [ {{ to = "end" }}, {{ to = "end" }} ]'
    ),
    "9 choices, at most 8": one(
        f"{SAY}\nchoose = ["
        + ", ".join(
            f"{{ key = \"k{rank}\", label = {label(f'L{rank}')}, then = \"end\" }}"
            for rank in range(9)
        )
        + "]"
    ),
    "two choices 'go'": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('Va')}, then = \"end\" }}, "
        f"{{ key = \"go\", label = {label('Viens')}, then = \"end\" }} ]"
    ),
    "two buttons 'Va'": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('Va')}, then = \"end\" }}, "
        f"{{ key = \"come\", label = {label('Va', 'Come')}, then = \"end\" }} ]"
    ),
    "choice 'done' is the name of a control": one(
        f"{SAY}\nchoose = [ {{ key = \"done\", label = {label('Va')}, then = \"end\" }} ]"
    ),
    "choose: key 'Go!' is not 1 to 24 small letters, digits and _": one(
        f"{SAY}\nchoose = [ {{ key = \"Go!\", label = {label('Va')}, then = \"end\" }} ]"
    ),
    "choice go: unknown tone 'pink'": one(
        f"{SAY}\nchoose = [ {{ key = \"go\", label = {label('Va')}, then = \"end\", "
        'tone = "pink" } ]'
    ),
    "unknown list 'cats'": one(
        f'{SAY}\nchoose_from = "cats"\noption = {label("a")}\nas = "a"\n'
        'optional = true\nthen = "end"'
    ),
    "option: the list has no field 'rep'": one(
        f'{SAY}\nchoose_from = "date_chips"\noption = {label("{rep}")}\nas = "a"\n'
        'optional = true\nthen = "end"'
    ),
    "choose_from needs `as` and `option`": one(
        f'{SAY}\nchoose_from = "date_chips"\noptional = true\nthen = "end"'
    ),
    "ask needs `as`": one(f'{SAY}\nask = "text"\nthen = "end"'),
    "many is for choose_from and photos": one(
        f'{SAY}\nask = "text"\nas = "a"\nmany = true\nthen = "end"'
    ),
    "optional is for ask and choose_from": one(f"{SAY}\n{GO}\noptional = true"),
    "waits for the person and says nothing": one(GO),
    "waits for the person and ends the conversation": one(f'{SAY}\n{GO}\noutcome = "sent"'),
    "waits for the person and has an effect, set, keep or forget": one(
        f'{SAY}\n{GO}\neffect = [ {{ do = "confirmation" }} ]'
    ),
    "says something that nobody can answer": one(f'{SAY}\nthen = "end"'),
    "ends the conversation and goes on": one('then = "end"\noutcome = "sent"'),
    "answer 'rep' would hide the fact of that name": one(
        f'{SAY}\nask = "text"\nas = "rep"\nthen = "end"'
    ),
    "find_in: 'end' is no step with choices": one(f'{SAY}\n{GO}\nfind_in = ["end"]'),
    "unknown effect 'fireworks'": one('effect = [ { do = "fireworks" } ]\nthen = "end"'),
    "effect contact needs 'outcome'": one('effect = [ { do = "contact" } ]\nthen = "end"'),
    "effect confirmation takes no 'colour'": one(
        'effect = [ { do = "confirmation", with = { colour = "red" } } ]\nthen = "end"'
    ),
    "effect contact: outcome cannot be 'bliss'": one(
        'effect = [ { do = "contact", with = { outcome = "bliss" } } ]\nthen = "end"'
    ),
    "effect snooze_alert: 'until' may not have been answered": one(
        'effect = [ { do = "snooze_alert", from = { until = "until" } } ]\nthen = "end"'
    ),
    "fr: never say 'je me permets'": one(
        f'say = {{ fr = "> Je me permets d\'appeler", en = "> Hello" }}\n{GO}'
    ),
    "unknown phase 'lunch'": one(f'{SAY}\n{GO}\nphase = "lunch"'),
    "unknown ask 'riddle'": one(f'{SAY}\nask = "riddle"\nas = "a"\nthen = "end"'),
    "step: unknown word 'eval'": one(f'{SAY}\n{GO}\neval = "1 + 1"'),
    "find_in must be a list of texts": one(f'{SAY}\n{GO}\nfind_in = "end"'),
    "optional must be true or false": one(
        f'{SAY}\nask = "text"\nas = "a"\noptional = 1\nthen = "end"'
    ),
    "choose must be a list": one(f"{SAY}\nchoose = 3"),
    "as must be a text": one(f'{SAY}\nask = "text"\nas = 3\nthen = "end"'),
    "set: a must be a text, a whole number, true or false": one(
        'set = { a = 1.5 }\nthen = "end"'
    ),
    "goes round without asking anything": one('then = "two"\n[steps.two]\nthen = "one"'),
}  # fmt: skip


@pytest.mark.parametrize("reason", CASES)
def test_a_broken_step_is_refused_with_its_reason(reason: str) -> None:
    assert ("one", reason.strip()) in faults_of(CASES[reason])


def test_an_unknown_outcome_is_refused() -> None:
    assert ("end", "unknown outcome 'bliss'") in faults_of(SOUND.replace("sent", "bliss"))


def test_a_step_that_cannot_be_reached_is_refused() -> None:
    lost = f"[steps.lost]\n{SAY}\n{GO}"
    assert faults_of(SOUND + lost) == {("lost", "cannot be reached")}


def test_a_loop_that_never_ends_is_refused() -> None:
    loop = f"[steps.one]\n{SAY}\n{GO.replace('end', 'one')}"
    assert ("one", "no outcome can be reached") in faults_of(loop)


def test_a_start_that_does_not_exist_is_refused() -> None:
    assert ("", "unknown step 'one' at the start") in faults_of(END)


def test_a_bad_step_name_is_refused() -> None:
    assert ("One", "a step's name is 1 to 24 small letters, digits and _") in faults_of(
        SOUND.replace("steps.one", "steps.One")
    )


def test_a_fault_of_the_whole_file_names_no_step() -> None:
    assert ("", "the file: unknown word 'colour'") in faults_of(SOUND, top='colour = "red"')
    assert ("", "takes must be a list of texts") in faults_of(SOUND, top='takes = "red"')
    assert ("", "start must be a text") in {
        (fault.step, fault.reason)
        for fault in scripts_of(small=headed(SOUND).replace('start = "one"', "start = 1"))[1]
    }


FORM = headed(
    f"""
[steps.one]
{SAY}
ask = "text"
as = "why"
then = "@agreed"
[steps.alone]
outcome = "sent"
""",
    name="form",
    top='[returns]\nagreed = "alone"\n',
)


def around(include: str, more: str = "") -> str:
    return headed(
        f'[steps.one]\n{SAY}\nchoose = [ {{ key = "go", label = {label("Va")}, then = "form" }} ]'
        f"\n{END}{more}",
        top=include,
    )


def test_a_form_is_one_file_used_alone_and_inside_another() -> None:
    scripts, faults = scripts_of(form=FORM, small=around('[include.form]\nagreed = "end"\n'))
    assert faults == ()
    assert set(scripts["form"].steps) == {"one", "alone"}
    assert set(scripts["small"].steps) == {"one", "end", "form.one"}


def test_a_form_that_changes_changes_the_digest_of_those_that_include_it() -> None:
    include = around('[include.form]\nagreed = "end"\n')
    before, _ = scripts_of(form=FORM, small=include)
    after, _ = scripts_of(form=FORM.replace("Bonjour", "Bonsoir"), small=include)
    assert before["small"].digest != after["small"].digest


@pytest.mark.parametrize(
    ("include", "reason"),
    [
        ('[include.form]\ndone = "end"\n', "include form: returns must be exactly ['agreed']"),
        ("[include.form]\n", "include form: returns must be exactly ['agreed']"),
        ('[include.ghost]\nagreed = "end"\n', "include ghost: no such script"),
    ],
)
def test_an_inclusion_must_answer_every_return(include: str, reason: str) -> None:
    _, faults = scripts_of(form=FORM, small=around(include))
    assert Fault("small.toml", "", Reason(reason)) in faults


def test_a_script_cannot_contain_itself() -> None:
    include = "[include.small]\n"
    _, faults = scripts_of(small=around(include).replace('"form"', '"small"'))
    assert (
        Fault("small.toml", "", Reason("include small: a script cannot contain itself")) in faults
    )


def test_a_broken_script_is_refused_with_every_fault(tmp_path: Path) -> None:
    (tmp_path / "snooze.toml").write_text("id = 3", encoding="utf-8")
    with pytest.raises(BrokenScripts) as refusal:
        load(tmp_path)
    assert {fault.file for fault in refusal.value.faults} == {"snooze.toml"}
    assert len(refusal.value.faults) > 1


def test_a_folder_changes_only_the_files_that_it_holds(tmp_path: Path) -> None:
    text = sources()["snooze.toml"].decode()
    (tmp_path / "snooze.toml").write_text(text.replace("Reporter", "Différer"), encoding="utf-8")
    mine, packaged = load(tmp_path), load()
    assert set(mine) == set(packaged)
    assert mine["snooze"].digest != packaged["snooze"].digest
    assert mine["call"] == packaged["call"]


def test_the_scripts_are_read_once() -> None:
    assert load() is load()
