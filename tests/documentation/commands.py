"""Which test runs which command of the documentation."""

from typing import Final

#: Pages that tests/live/test_documentation.py goes through block by block, and what
#: comes of each block is looked at.
STEP_BY_STEP: Final = {
    "deploy/mosquitto/README.md",
    "docs/protocol.md",
    "docs/rest.md",
}

#: Commands that it runs by themselves, in the repository.
ALONE: Final = {
    ".venvs/demo/bin/python -m benchmarks --help",
    ".venvs/demo/bin/python -m simulator --help",
    "script/release mirrors",
    "script/release notes",
    "script/release notes --integration esp32_sensors",
}

#: Commands that run until they are ended, and what they say when they have begun.
ENDLESS: Final = {
    ".venvs/demo/bin/python -m simulator the-things-stack --numbering port"
    " --layout slow_32 --mqtt-port 11883 --http-port 11885": "key NNSXS.SIMULATOR",
}

#: Commands that something else of the suite runs: the file, and where in it.
ELSEWHERE: Final = {
    "script/demo": ("tests/live/demo/running.py", '"script" / "demo"'),
    "script/lint": (".ci/run", "script/lint"),
    "script/release": ("tests/live/test_release.py", '"script" / "release"'),
    "script/setup": ("script/test", "script/setup test"),
    # The command runs this test itself.
    "script/test": (".ci/run", "script/test"),
}

#: Commands that need what is not here, and what stands in for them.
NOT_HERE: Final = {
    "pip install mpremote": "tests/live/test_firmware.py",
    "mpremote cp config.py session.py mqtt.py board.py hardware.py main.py :": (
        "tests/live/test_firmware.py"
    ),
    "mpremote reset": "tests/live/test_firmware.py",
    "cp db.sqlite3 small.sqlite3": "tests/documentation/test_first_server.py",
    (
        'sqlite3 small.sqlite3 "DELETE FROM pres_status WHERE id NOT IN (SELECT id FROM'
        " (SELECT id, row_number() OVER (PARTITION BY sensor_id ORDER BY id DESC) AS"
        ' place FROM pres_status) WHERE place <= 10); VACUUM"'
    ): "tests/documentation/test_first_server.py",
}
