"""What the forms about disputes ask for: a decision, a question, an answer, and what they know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.use_cases import conversation_facts, dispute_deciding, dispute_files
from bot.use_cases.dispute_deciding import Ruling, Taken
from bot.use_cases.disputes import Photo
from bot.use_cases.effects import DISPUTE_STEP, TASK, carries_out, money
from bot.use_cases.refusals import NotYours, Outdated
from credit.dispute import DisputeReason, DisputeState, remedy

if TYPE_CHECKING:
    from bot.use_cases.conversation_facts import Subject
    from bot.use_cases.effects import Arguments, Scene

RULING, QUESTION, ANSWER = "dispute_ruling", "dispute_question", "dispute_answer"
SCRIPTS = (RULING, QUESTION, ANSWER)


def _subject(scene: Scene) -> int:
    if scene.subject_id is None:
        raise Outdated
    return scene.subject_id


def _kept(scene: Scene, taken: Taken) -> None:
    """Remember what was done, so that it can be undone."""
    scene.keep(DISPUTE_STEP, taken.step)
    for task in taken.tasks:
        scene.keep(TASK, task)


@carries_out("decide_dispute")
def decide(scene: Scene, arguments: Arguments) -> None:
    """Decide the dispute that the form is about."""
    amount = arguments.get("amount")
    ruling = Ruling(
        DisputeState(arguments["ruling"]),
        money(amount) if amount else None,
        str(arguments.get("note") or ""),
    )
    work, origin, person = scene.work, scene.origin, scene.person
    _kept(
        scene,
        dispute_deciding.decide(work, origin, person, _subject(scene), ruling, scene.rules),
    )


@carries_out("ask_about_dispute")
def ask(scene: Scene, arguments: Arguments) -> None:
    """Ask the rep about the dispute."""
    work, origin, person = scene.work, scene.origin, scene.person
    question = str(arguments["note"])
    _kept(scene, dispute_deciding.ask(work, origin, person, _subject(scene), question, scene.rules))


@carries_out("answer_about_dispute")
def answer(scene: Scene, arguments: Arguments) -> None:
    """Answer what was asked about the dispute, with photos."""
    photos = [
        Photo(str(one["file_id"]), str(one["unique_id"])) for one in arguments.get("photos") or ()
    ]
    work, origin, person = scene.work, scene.origin, scene.person
    text = str(arguments["note"])
    _kept(scene, dispute_deciding.answer(work, origin, person, _subject(scene), text, photos))


def _about(subject: Subject) -> Mapping[str, object]:
    """Read the dispute that a form is about; nothing when it is gone, or not the person's."""
    try:
        found = dispute_files.show(
            subject.work, subject.person, subject.subject_id or 0, subject.now
        )
    except NotYours:
        return {}
    return {
        "currency": found.amount.currency,
        "dispute_contested": found.amount,
        "dispute_number": found.row.number,
        "dispute_by": found.author,
        "dunning_resumes_on": dispute_files.resumption(
            found.row.reason, subject.now.today, subject.rules
        ),
        "dispute_at_stake": dispute_files.at_stake(found, subject.rules),
        "dispute_remedy": remedy(DisputeReason(found.row.reason)).value,
        "dispute_pause": dispute_files.pause(
            found.row.reason, subject.rules, invoice=found.row.item_id is not None
        ),
        "dispute_question": found.steps[-1].text if found.steps else None,
    }


for _script in SCRIPTS:
    conversation_facts.BUILDERS[_script] = _about
