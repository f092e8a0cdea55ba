"""Scripted conversations: content files, a loader that refuses broken ones, a pure engine.

Public surface, by module:

- `library.load(folder=None) -> Mapping[str, Script]`: the scripts, sound or `BrokenScripts`
- `engine.start(script, facts, given=None) -> Turn`
- `engine.answer(script, call, input, facts, parsers=PLAIN_PARSERS) -> Turn`
- `inputs`: `Press(key, version)`, `Typed(text, typed_on)`, `Photo`, `Back`, `Leave`, `Resume`
- `call`: `Call`, `Turn(call, effects, notice, refusal)`, `State`, `Notice`, `to_json`, `from_json`
- `values`: `Facts(known, derive)`, `Option(key, value, label)`
- `show.show(script, call, facts) -> Shown`: texts, values to fill in, buttons, controls
- `effects`: `Effect(name, arguments)` and the closed list `EFFECTS`
- `facts`: `FACTS` and `OPTION_LISTS`, everything that a script may name
- `model.Outcome`; `words.words()`: labels of outcomes, phases, controls
- `parsers`: `Parser`, `Parsers`, `Refused(code)`, `PLAIN_PARSERS`, `parsers_for(locale)`
- `check.check(folder=None) -> tuple[Fault, ...]`; `graph.mermaid(script) -> str`
"""
