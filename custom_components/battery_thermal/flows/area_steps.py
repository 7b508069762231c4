"""Steps of the dialog of a node that add, change and remove areas."""

from collections.abc import Mapping
import re
from typing import Any, Final

import probatio as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
from homeassistant.util.ulid import ulid_now

from ..device.area_options import (
    CONF_DIFFERENCES,
    CONF_FIRST,
    CONF_KEY,
    CONF_KIND,
    CONF_NAME,
    CONF_POINTS,
    CONF_SECOND,
    MOST_DIFFERENCES,
    areas_of,
    differences_of,
    read_area,
    stored_area,
    with_area,
    with_areas,
)
from ..device.option_table import AREA_OPTIONS
from ..model.area import Area, AreaKind
from .node_form import fields, values_from_form, values_to_form

CONF_AREA: Final = "area"
CONF_AREAS: Final = "areas"

# Row and column, with or without a fraction.
_POINT: Final = re.compile(r"\s*(\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(\d{1,2}(?:\.\d+)?)\s*")


class AreaSteps(ConfigSubentryFlow):
    """Steps of the flow of a node that are about its areas."""

    _key: str | None = None
    """The key of the area that is changed."""

    async def async_step_add_area(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add an area."""
        return self._change("add_area", ulid_now(), {}, user_input)

    async def async_step_edit_area(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose the area to change."""
        if user_input is not None:
            self._key = user_input[CONF_AREA]
            return await self.async_step_area()
        return self.async_show_form(
            step_id="edit_area",
            data_schema=vol.Schema({vol.Required(CONF_AREA): _selector(self._areas)}),
        )

    async def async_step_area(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change an area."""
        area = next(area for area in self._areas if area.key == self._key)
        return self._change("area", area.key, self._shown(area), user_input)

    async def async_step_remove_areas(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Remove areas."""
        if user_input is not None:
            gone = user_input[CONF_AREAS]
            return self._finish(
                with_areas(
                    self._node.data, [it for it in self._areas if it.key not in gone]
                )
            )
        choice = _selector(self._areas, multiple=True)
        return self.async_show_form(
            step_id="remove_areas",
            data_schema=vol.Schema({vol.Required(CONF_AREAS, default=[]): choice}),
        )

    async def async_step_add_difference(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Choose two areas whose difference is a sensor."""
        errors = {}
        data = self._node.data
        stored = data.get(CONF_DIFFERENCES, [])
        if user_input is not None:
            if user_input[CONF_FIRST] == user_input[CONF_SECOND]:
                errors["base"] = "one_area_twice"
            elif len(differences_of(data)) >= MOST_DIFFERENCES:
                errors["base"] = "too_many_differences"
            else:
                added = {CONF_KEY: ulid_now(), **user_input}
                return self._finish({**data, CONF_DIFFERENCES: [*stored, added]})
        areas = [it for it in self._areas if it.kind is not AreaKind.IGNORE]
        choice = _selector(areas)
        schema = vol.Schema(
            {vol.Required(CONF_FIRST): choice, vol.Required(CONF_SECOND): choice}
        )
        # Without these, Home Assistant's frontend chooses the first one for both.
        two = dict(
            zip((CONF_FIRST, CONF_SECOND), (it.key for it in areas), strict=False)
        )
        return self.async_show_form(
            step_id="add_difference",
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(schema, user_input or two),
        )

    async def async_step_remove_differences(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Remove differences of areas."""
        data = self._node.data
        if user_input is not None:
            gone = user_input[CONF_DIFFERENCES]
            kept = [it for it in data[CONF_DIFFERENCES] if it[CONF_KEY] not in gone]
            return self._finish({**data, CONF_DIFFERENCES: kept})
        names = {area.key: area.name for area in self._areas}
        choice = SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(
                        value=it.key, label=f"{names[it.first]} − {names[it.second]}"
                    )
                    for it in differences_of(data)
                ],
                multiple=True,
            )
        )
        return self.async_show_form(
            step_id="remove_differences",
            data_schema=vol.Schema(
                {vol.Required(CONF_DIFFERENCES, default=[]): choice}
            ),
        )

    @property
    def _menu_of_areas(self) -> list[str]:
        """The steps about areas that can be chosen now."""
        steps = ["add_area"]
        if self._areas:
            steps += ["edit_area", "remove_areas"]
        if sum(area.kind is not AreaKind.IGNORE for area in self._areas) > 1:
            steps.append("add_difference")
        if differences_of(self._node.data):
            steps.append("remove_differences")
        return steps

    @property
    def _node(self) -> ConfigSubentry:
        return self._get_reconfigure_subentry()

    @property
    def _areas(self) -> tuple[Area, ...]:
        return areas_of(self._node.data)

    @property
    def _unit(self) -> str:
        return self.hass.config.units.temperature_unit

    def _change(
        self,
        step: str,
        key: str,
        before: Mapping[str, Any],
        user_input: dict[str, Any] | None,
    ) -> SubentryFlowResult:
        """Show the form of an area, or store what was entered."""
        errors = {}
        if user_input is not None:
            try:
                area = read_area(self._entered(user_input) | {CONF_KEY: key})
                return self._finish(with_area(self._node.data, area))
            except ValueError as error:
                errors["base"] = str(error)
        schema = vol.Schema(
            {
                vol.Required(CONF_NAME): TextSelector(),
                vol.Required(CONF_KIND, default=AreaKind.CELL): SelectSelector(
                    SelectSelectorConfig(
                        options=[str(kind) for kind in AreaKind],
                        translation_key="area_kind",
                        mode=SelectSelectorMode.DROPDOWN,
                    )
                ),
                vol.Required(CONF_POINTS, default=[]): TextSelector(
                    TextSelectorConfig(multiple=True)
                ),
                **fields(AREA_OPTIONS, self._unit),
            }
        )
        return self.async_show_form(
            step_id=step,
            errors=errors,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or before
            ),
        )

    def _entered(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Return an area as it is stored. Raises ValueError for a corner that is none."""
        numbers = {key: user_input[key] for key in AREA_OPTIONS if key in user_input}
        return {
            CONF_NAME: user_input[CONF_NAME],
            CONF_KIND: user_input[CONF_KIND],
            CONF_POINTS: [_point(text) for text in user_input[CONF_POINTS]],
            **values_from_form(AREA_OPTIONS, numbers, self._unit),
        }

    def _shown(self, area: Area) -> dict[str, Any]:
        """Return an area as its form shows it."""
        stored = stored_area(area)
        numbers = {key: stored[key] for key in AREA_OPTIONS if key in stored}
        return {
            CONF_NAME: area.name,
            CONF_KIND: str(area.kind),
            CONF_POINTS: [f"{row:g}, {column:g}" for row, column in area.points],
            **values_to_form(AREA_OPTIONS, numbers, self._unit),
        }

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        entry: ConfigEntry = self._get_entry()
        return self.async_update_and_abort(entry, self._node, data=data)


def _selector(areas: tuple[Area, ...] | list[Area], *, multiple: bool = False) -> Any:
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=area.key, label=area.name) for area in areas
            ],
            multiple=multiple,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def _point(text: str) -> tuple[float, float]:
    if match := _POINT.fullmatch(text):
        return float(match[1]), float(match[2])
    raise ValueError("not_a_corner")
