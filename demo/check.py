"""``script/demo --check``: checks of the product through Home Assistant's interfaces."""

from functools import partial
import re

from .board_checks import BoardChecks
from .browser import Scheme, find_chromium, open_browser
from .node_checks import NodeChecks
from .proof import Proofs, demand
from .registry import Registry
from .show import Show

CELL_ENTITIES = (
    ("sensor", "hottest_cell"),
    ("binary_sensor", "imbalance_warning"),
    ("binary_sensor", "imbalance_alarm"),
)
"""Entities of the node once its cells are configured."""

COMPLAINT = re.compile(r" (WARNING|ERROR|CRITICAL) ")
OWN = re.compile(r"(esp32_sensors|battery_thermal)(?! which has not been tested)")
"""Names of the integrations in a log line, except in the notice for all custom integrations."""
RAISED = re.compile(
    r"custom_components/(esp32_sensors|battery_thermal)/|Exception in \w+ when handling msg on "
)
"""Part of a traceback through an integration, whoever logged it: errors in message handlers are logged by MQTT."""


def complaints(log: str) -> list[str]:
    """Return the log lines with errors of either integration."""
    return [
        line
        for line in log.splitlines()
        if RAISED.search(line) or (COMPLAINT.search(line) and OWN.search(line))
    ]


LOOKS: tuple[tuple[bool, Scheme], ...] = ((False, "light"), (True, "dark"))
"""Whether the screen is a phone's, and the colour scheme."""


async def pages(show: Show) -> str:
    """Open all pages in a browser, on a desktop and on a phone."""
    folder = show.folder / "screenshots"
    async with open_browser(show.home_assistant) as browser:
        for phone, scheme in LOOKS:
            async with browser.view(phone=phone, scheme=scheme) as view:
                for page in show.pages:
                    await view.open(page)
                    _, dashboard, path = page.split("/")
                    name = path
                    if dashboard == "battery-thermal":
                        # The path of a node's page has an id that differs in each folder.
                        welcome = path == "welcome"
                        name = "battery-welcome" if welcome else "thermal"
                    look = f"{'phone' if phone else 'desktop'}-{scheme}"
                    await view.screenshot(folder / f"{name}-{look}.png")
                    broken = await view.broken_cards()
                    demand(not broken, f"cards that cannot be shown: {broken}")
                demand(not view.errors, f"errors of the page: {view.errors}")
    return f"screenshots in {folder}"


async def nothing_to_complain_of(show: Show) -> None:
    """Search the log for warnings and errors of either integration; check the QoS of messages to the boards."""
    found = complaints(show.home_assistant.log())
    demand(not found, "\n".join(found))
    otherwise = {
        mac: dict(board.not_as_agreed)
        for mac, board in show.world.boards.items()
        if board.not_as_agreed
    }
    demand(not otherwise, f"boards have received (topic, QoS, retained): {otherwise}")


async def check(show: Show, *, browser: bool = True) -> int:
    """Run all checks, with those in a browser if requested; return 0 on success, else 1."""
    proofs = Proofs()
    wanted = [(show.world.node_id, *entity) for entity in CELL_ENTITIES]
    registry = await Registry.load_with(show.home_assistant, wanted)
    boards, node = BoardChecks(show, registry), NodeChecks(show, registry)
    print("Proofs:")
    for claim, proof in (
        ("five boards are online", boards.boards_online),
        ("an LED switched in Home Assistant is on in the board", boards.led_switched),
        (
            "the switch shows what the board's led/status says",
            boards.led_status_is_the_truth,
        ),
        ("a push shows as binary sensor and event", boards.button_pushed),
        ("light values follow", boards.light_follows),
        ("a board cut off goes unavailable by its last will", boards.cut_off),
        ("a new session; the old one is ignored", boards.old_session_ignored),
        ("a fast image arrives line by line, 480 x 640, true", node.fast_image),
        ("ambient follows", node.ambient_follows),
        ("threshold 60 reaches the node", node.threshold_reaches_node),
        ("the fan reaches the node", node.fan_reaches_node),
        ("the mode reaches the node", node.mode_reaches_node),
        ("a cell that gets hot raises the alarms", node.hot_cell),
        ("a slow image arrives line by line, 480 x 640, true", node.slow_image),
        ("a compact picture arrives in one message, true", node.compact_picture),
    ):
        await proofs.prove(claim, proof)
    if browser and find_chromium():
        await proofs.prove(
            "the dashboards show it all without an error", partial(pages, show)
        )
    elif browser:
        print(
            "  --    the dashboard in a browser: not tried, Chromium is not installed"
        )
    await proofs.prove("nothing to complain of", partial(nothing_to_complain_of, show))
    print(f"{proofs.passed} proven, {len(proofs.failed)} failed")
    return 1 if proofs.failed else 0
