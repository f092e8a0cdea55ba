"""`relance demo`: the whole product on invented data, with no token and no network."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.spoken import complain, reader

if TYPE_CHECKING:
    import asyncio

    from bot.application import House
    from bot.commands.demo_bot import Bot
    from bot.screens.render import Speaker
    from bot.simulator.server import Simulator
    from config.settings import Settings

HELP = "try the whole product with invented data and no Telegram token"
MARKER = ".relance-demo"
PORT = 8765
ENTER_SECONDS = 60.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `demo`."""
    parser.add_argument("--port", type=int, default=PORT, help="of the web chat (%(default)s)")
    parser.add_argument(
        "--folder", type=Path, default=Path("demo-data"), help="emptied at each start (demo-data)"
    )
    parser.add_argument("--seed", type=int, default=None, help="another seed, another ledger")
    parser.add_argument(
        "--once", action="store_true", help="stop as soon as the first alert has arrived"
    )


def run(args: argparse.Namespace) -> int:
    """Play the demo until Ctrl-C; 1 when the folder is not a demo's."""
    import asyncio
    import signal

    folder = args.folder.absolute()
    if not clear(folder):
        why = reader().say("{folder} is not empty and not a demo's folder", folder=folder)
        complain("demo", why)
        return 1

    async def until_told() -> int:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        return await play(args, folder, stop)

    return asyncio.run(until_told())


def clear(folder: Path) -> bool:
    """Make the demo's folder empty; False when it holds anything that is not a demo's."""
    import shutil

    folder.mkdir(parents=True, exist_ok=True)
    inside = list(folder.iterdir())
    if inside and not (folder / MARKER).is_file():
        return False
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    (folder / MARKER).touch()
    return True


async def play(args: argparse.Namespace, folder: Path, stop: asyncio.Event) -> int:
    """Set the stage, start the chat and the bot, let everybody in, and wait."""
    from bot.application import open_house
    from bot.commands.demo_bot import Bot

    said = reader()  # before the visitor's own settings are put away
    simulator = await _simulator(args.port)
    try:
        settings = _settings(folder, simulator)
        async with open_house(settings) as house:
            payloads = await _set_stage(house, folder, args.seed)
            async with Bot(settings, folder / "relance.log") as bot:
                if not await _let_in(simulator, payloads, bot, stop):
                    return _over(said, bot, stop)
                _tell(said, simulator, folder)
                await _bring_today(house, folder)
                if args.once:
                    return 0 if await _first_alert(simulator, bot, stop) else _over(said, bot, stop)
                await bot.until(stop)
                return _over(said, bot, stop)
    finally:
        await simulator.stop()


def _over(said: Speaker, bot: Bot, stop: asyncio.Event) -> int:
    if stop.is_set():
        return 0
    complain("demo", said.say("the bot has stopped; see {log}", log=bot.log))
    return 1


async def _simulator(port: int) -> Simulator:
    """Start the local Telegram on the wished port, or on a free one when it is taken."""
    from bot.demo.cast import BANNER_EN, BANNER_FR, STAFF
    from bot.simulator.server import Simulator

    simulator = Simulator()
    for one in STAFF:
        simulator.add_person(
            one.telegram_id,
            one.first_name,
            last_name=one.last_name,
            username=one.username,
            language_code=one.language,
            role=one.title,
        )
    simulator.set_banner(fr=BANNER_FR, en=BANNER_EN)
    try:
        await simulator.start(port)
    except OSError:
        await simulator.stop()
        await simulator.start(0)
    return simulator


def _settings(folder: Path, simulator: Simulator) -> Settings:
    """Decide everything here: no `.env` and no variable of the visitor's own installation."""
    import os

    from bot.demo.cast import COMPANY
    from config.settings import Settings

    for name in [name for name in os.environ if name.startswith("RELANCE_")]:
        del os.environ[name]
    values = {
        "bot_token": simulator.token,
        "bot_api_url": simulator.api_url,
        "bot_file_url": simulator.file_url,
        "data_dir": folder / "data",
        "database_url": f"sqlite:///{folder / 'data' / 'relance.db'}",
        "store_url": (folder / "store").as_uri().replace("file://", "folder://"),
        "company": COMPANY,
        "policy_file": write_policy(folder),
    }
    settings = Settings(_env_file=None, **values)  # type: ignore[arg-type]
    shift = _offset(settings)
    return settings.model_copy(update={"clock_offset": shift})


def write_policy(folder: Path) -> Path:
    """Write the packaged policy with what the wholesaler says of itself in its letters."""
    from importlib import resources

    from bot.demo.letterhead import FROM, LETTERHEAD
    from config.policy import PACKAGED

    packaged = resources.files("config").joinpath(PACKAGED).read_text(encoding="utf-8")
    path = folder / PACKAGED
    path.write_text(packaged[: packaged.index(FROM)] + LETTERHEAD.lstrip(), encoding="utf-8")
    return path


def _offset(settings: Settings) -> float:
    from bot.application import build_clock
    from bot.demo.hours import offset
    from config.policy import load_policy
    from config.working_days import french_calendar

    now = build_clock(settings).now().local
    windows = [(one.start, one.end) for one in load_policy(None).gate.calling_windows]
    return offset(now, french_calendar().is_working, windows)


async def _set_stage(house: House, folder: Path, seed: int | None) -> dict[int, str]:
    """Write the ledger's files, live the past, and invite everybody."""
    from datetime import timedelta

    from bot.commands import demo_past
    from bot.demo.deeds import LAST_EXPORT_DAYS
    from bot.demo.exports import write_book, write_examples
    from bot.demo.situations import DEFAULT_SEED, write_ledger
    from bot.demo.tidings import write_known, write_news
    from storage.sync.folder import Folder

    today = house.clock.now().today
    ledger = write_ledger(today, DEFAULT_SEED if seed is None else seed)
    printed = today - timedelta(days=LAST_EXPORT_DAYS)
    former, present = (folder / "exports" / day.isoformat() for day in (printed, today))
    before = [*write_book(ledger, former, printed), *write_known(ledger, former)]
    write_book(ledger, present)
    write_news(ledger, present)
    write_examples(ledger, folder / "examples")
    Folder(house.settings.store_folder).prepare()
    await house.database.transact(demo_past.play_past, house, before)
    return await house.database.transact(demo_past.invite_everybody, house)


async def _let_in(
    simulator: Simulator, payloads: dict[int, str], bot: Bot, stop: asyncio.Event
) -> bool:
    """Let everybody open his invitation in the chat; False when the bot does not answer."""
    import asyncio

    from bot.simulator.client import Chat

    chat = Chat(simulator.url)

    def enter() -> None:
        for user, payload in payloads.items():
            chat.person(user).ask(f"/start {payload}", timeout=ENTER_SECONDS)

    entering = asyncio.create_task(asyncio.to_thread(enter))
    told = asyncio.create_task(stop.wait())
    died = asyncio.create_task(bot.until(stop))
    await asyncio.wait({entering, told, died}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    died.cancel()
    return entering.done() and entering.exception() is None


def _tell(said: Speaker, simulator: Simulator, folder: Path) -> None:
    from bot.demo.exports import TODAYS_OPEN, TODAYS_RECEIPTS

    examples = folder / "examples"
    lines = (
        said.say("Relance is running: open {address}", address=simulator.url),
        said.say("Drop exports into   {folder}", folder=folder / "store" / "in"),
        said.say(
            "  to begin with     {file}  (a promise is kept)", file=examples / TODAYS_RECEIPTS
        ),
        said.say("  and then          {file}  (an alert is raised)", file=examples / TODAYS_OPEN),
        said.say("What goes back      {folder}", folder=folder / "store" / "out"),
        said.say("Ctrl-C stops everything."),
    )
    print("\n".join(lines), flush=True)


async def _bring_today(house: House, folder: Path) -> None:
    from bot.commands import demo_past
    from bot.demo.exports import OPEN, RECEIPTS
    from bot.demo.tidings import NOTICES

    exports = folder / "exports" / house.clock.now().today.isoformat()
    files = [exports / name for name in (OPEN, RECEIPTS, NOTICES)]
    await house.database.transact(demo_past.bring_today, house, files)


async def _first_alert(simulator: Simulator, bot: Bot, stop: asyncio.Event) -> bool:
    """Wait until a rep has a card with buttons on his telephone."""
    import asyncio

    from bot.demo.cast import REPS
    from bot.simulator.client import Chat

    chat = Chat(simulator.url)

    def arrived() -> bool:
        shown = (m for rep in REPS for m in chat.person(rep.telegram_id).messages())
        return any(m.is_from_bot and len(m.buttons) > 1 for m in shown)

    for _ in range(int(ENTER_SECONDS * 4)):
        if stop.is_set() or not bot.alive:
            return False
        if await asyncio.to_thread(arrived):
            return True
        await asyncio.sleep(0.25)
    return False
