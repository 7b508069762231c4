"""The archive in Home Assistant's media browser: by node and day, and the reports.

Pictures are drawn on request, with the current palette. Reports are pages, which the
media browser does not show: there they are images.
"""

from datetime import datetime
from typing import Final, override

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components.media_player.const import MediaClass, MediaType
from homeassistant.components.media_player.errors import BrowseError
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
    Unresolvable,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util

from .api.archive_view import HOTTEST_URL, PICTURE_URL, bounds_of_day, picture_path
from .api.lookup import async_node_subentries
from .api.permissions import allowed, asking_user
from .api.report_files import is_report_of, report_title, reports_of
from .api.report_view import IMAGE_TYPE, IMAGE_URL
from .archive import ArchiveError
from .const import DOMAIN
from .device.archive_search import ImageSummary, async_summaries
from .device.node_archive import NodeArchive
from .device.node_options import node_options
from .render.scale import OVER_SIGN, in_unit, over_range_text, written_number

_NAME: Final = "Battery Thermal"
_REPORTS: Final = "reports"
_TITLE: Final = f"component.{DOMAIN}.config_panel.report.reports"
_THUMBNAIL: Final = "?width=180&height=240"


async def async_get_media_source(hass: HomeAssistant) -> MediaSource:
    """Return the archive as a source of media."""
    return ArchiveSource(hass)


class ArchiveSource(MediaSource):
    """Identifiers are `node`, `node/day` and `node/day/stamp`, a time in ms.

    With `reports` in place of the day, the name of a file follows.
    """

    name = _NAME

    def __init__(self, hass: HomeAssistant) -> None:
        """Initialize the source."""
        super().__init__(DOMAIN)
        self._hass = hass

    def _nodes(self) -> dict[str, ConfigSubentry]:
        """Return the nodes that the user may see, by the ids of their subentries.

        A node without permission is treated as one that does not exist.
        """
        nodes = async_node_subentries(self._hass)
        if (user := asking_user()) is None:
            return nodes
        return {
            node_id: node
            for node_id, node in nodes.items()
            if allowed(self._hass, user.permissions, node_id, POLICY_READ)
        }

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        """Return the URL of the picture of an image, or of a report."""
        node_id, _, rest = item.identifier.partition("/")
        day, _, stamp = rest.partition("/")
        node = self._nodes().get(node_id)
        if node and day == _REPORTS and is_report_of(stamp, node_id):
            return PlayMedia(IMAGE_URL.format(node_id=node_id, name=stamp), IMAGE_TYPE)
        if node is None or not stamp.isdecimal():
            raise Unresolvable(
                translation_domain=DOMAIN, translation_key="no_such_image"
            )
        style = node_options(node.data).style
        return PlayMedia(
            PICTURE_URL.format(node_id=node_id, stamp=stamp), style.content_type
        )

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        """Return the nodes, the days of a node, or the images of a day."""
        nodes = self._nodes()
        if not item.identifier:
            return _folder(
                None,
                _NAME,
                [_folder(node_id, node.title) for node_id, node in nodes.items()],
            )
        node_id, _, day = item.identifier.partition("/")
        if (node := nodes.get(node_id)) is None:
            raise _no_such_image()
        if day == _REPORTS:
            return await self._async_reports(node_id)
        archive = NodeArchive(self._hass, node_id)
        try:
            if not day:
                reports = await self._async_reports(node_id)
                days = [one.isoformat() for one in await archive.async_days()]
                return _folder(
                    node_id,
                    node.title,
                    ([reports] if reports.children else [])
                    + [
                        _folder(
                            f"{node_id}/{day}",
                            day,
                            thumbnail=HOTTEST_URL.format(node_id=node_id, day=day)
                            + _THUMBNAIL,
                        )
                        for day in days
                    ],
                )
            options = node_options(node.data)
            summaries = await async_summaries(archive, options, *_bounds(day))
        except ArchiveError as error:
            raise BrowseError(
                translation_domain=DOMAIN,
                translation_key=error.key,
                translation_placeholders={"error": str(error)},
            ) from error
        content_type = options.style.content_type
        return _folder(
            item.identifier,
            f"{node.title}, {day}",
            [
                _image_item(node_id, self._title(summary), summary, content_type)
                for summary in summaries
            ],
        )

    async def _async_reports(self, node_id: str) -> BrowseMediaSource:
        """Return the folder of a node's reports."""
        language = self._hass.config.language
        texts = await async_get_translations(
            self._hass, language, "config_panel", {DOMAIN}
        )
        names = await self._hass.async_add_executor_job(reports_of, self._hass, node_id)
        return _folder(
            f"{node_id}/{_REPORTS}",
            texts[_TITLE],
            [_report_item(node_id, name) for name in names],
        )

    def _title(self, summary: ImageSummary) -> str:
        """Return time and maximum of an image: "20:00, 42.1 °C", in French "20:00, 42,1 °C"."""
        unit = self._hass.config.units.temperature_unit
        if summary.over_range:
            maximum = over_range_text(unit, OVER_SIGN)
        else:
            degrees = in_unit(summary.maximum, unit)
            language = self._hass.config.language
            maximum = f"{written_number(degrees, 1, language)} {unit}"
        return f"{dt_util.as_local(summary.started_at):%H:%M}, {maximum}"


def _bounds(day: str) -> tuple[datetime, datetime]:
    """Return begin and end of a day in local time."""
    try:
        return bounds_of_day(day)
    except (ValueError, OverflowError) as error:
        raise _no_such_image() from error


def _no_such_image() -> BrowseError:
    return BrowseError(translation_domain=DOMAIN, translation_key="no_such_image")


def _folder(
    identifier: str | None,
    title: str,
    children: list[BrowseMediaSource] | None = None,
    thumbnail: str | None = None,
) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=identifier,
        media_class=MediaClass.DIRECTORY,
        media_content_type=MediaType.IMAGE,
        title=title,
        can_play=False,
        can_expand=True,
        children=children,
        thumbnail=thumbnail,
    )


def _report_item(node_id: str, name: str) -> BrowseMediaSource:
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{node_id}/{_REPORTS}/{name}",
        media_class=MediaClass.URL,
        media_content_type=IMAGE_TYPE,
        title=report_title(name),
        can_play=True,
        can_expand=False,
    )


def _image_item(
    node_id: str, title: str, summary: ImageSummary, content_type: str
) -> BrowseMediaSource:
    time = summary.started_at
    day = dt_util.as_local(time).date().isoformat()
    stamp = round(time.timestamp() * 1000)
    return BrowseMediaSource(
        domain=DOMAIN,
        identifier=f"{node_id}/{day}/{stamp}",
        media_class=MediaClass.IMAGE,
        media_content_type=content_type,
        title=title,
        can_play=True,
        can_expand=False,
        thumbnail=picture_path(node_id, time) + _THUMBNAIL,
    )
