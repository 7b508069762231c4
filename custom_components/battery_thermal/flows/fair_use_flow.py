"""Options flow of an application: the fair use limits of its nodes."""

from typing import Any

import probatio as vol

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)

from ..const import CONF_BUDGET, CONF_FAIR_USE
from ..device.entry_options import downlink_budget, fair_use_of
from ..lorawan.factory import server_type_of
from ..lorawan.fair_use import FairUse


class FairUseOptionsFlow(OptionsFlow):
    """Ask for the limits of radio use. The entry's update listener reloads it."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether limits are to be respected, and for the number of downlinks."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        entry = self.config_entry
        current = {
            CONF_FAIR_USE: fair_use_of(entry) is not None,
            CONF_BUDGET: downlink_budget(entry),
        }
        fair_use = server_type_of(entry.data).fair_use
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(_schema(fair_use), current),
            description_placeholders={
                "airtime": f"{fair_use.airtime:.0f}",
                "downlinks": str(fair_use.downlinks),
            },
        )


def _schema(fair_use: FairUse) -> vol.Schema:
    budget = NumberSelectorConfig(
        min=1, max=fair_use.downlinks, step=1, mode=NumberSelectorMode.BOX
    )
    return vol.Schema(
        {
            vol.Required(CONF_FAIR_USE): BooleanSelector(),
            vol.Required(CONF_BUDGET): NumberSelector(budget),
        }
    )
