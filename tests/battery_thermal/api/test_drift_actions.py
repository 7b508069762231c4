"""Tests of the action that lets cells learn anew what is usual."""

import pytest
from pytest_homeassistant_custom_component.common import MockUser

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import Context
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from tests.battery_thermal.test_cell_drift import act, drifted
from tests.battery_thermal.test_init import restart
from tests.battery_thermal.world import World


async def test_learn_baseline(bank: World) -> None:
    """One cell learns anew, or all do."""
    await drifted(bank)
    await act(bank, cells="A3")
    assert bank.state("binary_sensor", "drift").state == "off"
    assert bank.state("sensor", "cell_drift_2").state == STATE_UNKNOWN
    assert bank.state("sensor", "cell_drift_2").attributes["learned_days"] == 0
    assert bank.state("sensor", "cell_drift_0").attributes["learned_days"] == 10
    await act(bank)
    assert bank.state("binary_sensor", "drift").state == STATE_UNKNOWN
    await restart(bank)
    assert bank.state("binary_sensor", "drift").state == STATE_UNKNOWN


async def test_learn_baseline_refused(
    hass_read_only_user: MockUser, bank: World
) -> None:
    """Of cells that are not there, and by users who may not change the node."""
    with pytest.raises(ServiceValidationError, match="no cell B9") as error:
        await act(bank, cells=["A1", "B9"])
    assert error.value.translation_key == "no_such_cell"
    with pytest.raises(Unauthorized):
        await act(bank, Context(user_id=hass_read_only_user.id))
    await bank.configure(cells={})
    with pytest.raises(ServiceValidationError) as error:
        await act(bank)
    assert error.value.translation_key == "no_cells"
