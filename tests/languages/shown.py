"""Check that everything that the tests make Home Assistant show has a text.

Home Assistant shows a key, or nothing, if a text is missing, and other tests do not
detect it. So every flow step, exception, issue and entity of these integrations is
looked up while all other tests run.
"""

from collections.abc import Iterable, Mapping
from functools import wraps
import re
from typing import Any

import pytest

from homeassistant.config_entries import (
    ConfigEntriesFlowManager,
    ConfigSubentryFlowManager,
    OptionsFlowManager,
)
from homeassistant.data_entry_flow import FlowManager, FlowResultType, section
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.entity import Entity

from .texts import DOMAINS, placeholders, texts

#: Signs of Markdown, and links, that no backslash precedes. An underscore within a word is none.
MARKDOWN = re.compile(r"(?<!\\)(?:[][<>*`]|\b_|_\b)|://")

#: Placeholders that are meant to be links, and are nothing else: one that shows its own
#: address, and those to files.
_FILE = r'<a href="/api/esp32_sensors/[\w./?=-]+" target="_blank">[a-z_.]+</a>'
LINKS = {
    "console": re.compile(r"\[(https?://[a-z0-9.:/-]+)\]\(\1\)"),
    "downloads": re.compile(f"{_FILE}(, {_FILE})*"),
}


class Shown:
    """Texts that are missing for something that was shown."""

    def __init__(self) -> None:
        """Initialize without missing texts."""
        self.missing: set[str] = set()

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Check everything that is shown from now on."""
        self._after(monkeypatch, HomeAssistantError, "__init__", self._exception)
        self._after(monkeypatch, ir.IssueRegistry, "async_get_or_create", self._issue)
        self._after(monkeypatch, Entity, "add_to_platform_start", self._entity)
        handle = FlowManager._async_handle_step

        async def watched(manager: Any, flow: Any, *args: Any) -> Any:
            result = await handle(manager, flow, *args)
            self._step(manager, flow, result)
            return result

        monkeypatch.setattr(FlowManager, "_async_handle_step", watched)

    def _after(
        self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, look: Any
    ) -> None:
        original = getattr(owner, name)

        @wraps(original)
        def watched(it: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(it, *args, **kwargs)
            look(it, *args, **kwargs)
            return result

        monkeypatch.setattr(owner, name, watched)

    def _demand(
        self, domain: str, paths: Iterable[str], given: Mapping[str, Any] | None = None
    ) -> None:
        """Record a text that is missing, or has a placeholder without a value."""
        for path in paths:
            if (text := texts(domain).get(path)) is None:
                self.missing.add(f"{domain}: {path}")
            elif unfilled := placeholders(text) - set(given or {}):
                self.missing.add(f"{domain}: {path} wants {unfilled}")

    def _markdown(self, domain: str, path: str, given: dict[str, Any] | None) -> None:
        """Record characters that Markdown would interpret in a text that is rendered as Markdown."""
        for name in placeholders(texts(domain).get(path, "")):
            value = str((given or {}).get(name, ""))
            if name in LINKS and LINKS[name].fullmatch(value):
                continue
            if MARKDOWN.search(value):
                self.missing.add(f"{domain}: {path} has Markdown in {name}")

    def _exception(self, error: HomeAssistantError, *_: Any, **__: Any) -> None:
        if (domain := error.translation_domain) in DOMAINS:
            path = f"exceptions.{error.translation_key}.message"
            self._demand(domain, [path], error.translation_placeholders)

    def _issue(self, _: Any, domain: str, *__: Any, **issue: Any) -> None:
        if domain in DOMAINS:
            path = f"issues.{issue['translation_key']}"
            paths = [f"{path}.title"]
            if not issue["is_fixable"]:
                paths.append(f"{path}.description")
                self._markdown(domain, paths[-1], issue["translation_placeholders"])
            self._demand(domain, paths, issue["translation_placeholders"])

    def _entity(self, entity: Entity, hass: Any, platform: Any, *_: Any) -> None:
        domain, key = platform.platform_name, entity.translation_key
        # An entity without a text has the name of its device class.
        if domain in DOMAINS and key and entity.device_class is None:
            path = f"entity.{platform.domain}.{key}.name"
            self._demand(domain, [path], entity.translation_placeholders)

    def _step(self, manager: FlowManager, flow: Any, result: Any) -> None:
        domain, path = _place(manager, flow)
        if domain not in DOMAINS:
            return
        given = {"name": "", **(result.get("description_placeholders") or {})}
        step = f"{path}.step.{result.get('step_id')}"
        match result["type"]:
            case FlowResultType.FORM:
                self._demand(domain, [f"{step}.title"], given)
                schema = result["data_schema"]
                self._fields(domain, step, schema.schema if schema else {})
                errors = (result["errors"] or {}).values()
                self._demand(domain, [f"{path}.error.{it}" for it in errors], given)
            case FlowResultType.MENU:
                options = result["menu_options"]
                paths = [f"{step}.menu_options.{option}" for option in options]
                # A menu has none of them, or one for each option.
                more = [f"{step}.menu_option_descriptions.{it}" for it in options]
                if any(path in texts(domain) for path in more):
                    paths += more
                self._demand(domain, paths, given)
            case FlowResultType.SHOW_PROGRESS:
                action = f"{path}.progress.{result['progress_action']}"
                self._demand(domain, [action], given)
            case FlowResultType.SHOW_PROGRESS_DONE:
                return  # The next step is shown instead.
            case FlowResultType.ABORT if result["reason"] != "single_instance_allowed":
                self._demand(domain, [f"{path}.abort.{result['reason']}"], given)
        self._markdown(domain, f"{step}.description", given)
        for optional in f"{step}.description", f"{step}.title":
            if optional in texts(domain):
                self._demand(domain, [optional], given)

    def _fields(self, domain: str, step: str, schema: dict[Any, Any]) -> None:
        for field, kind in schema.items():
            if isinstance(kind, section):
                path = f"{step}.sections.{field}"
                self._demand(domain, [f"{path}.name", f"{path}.description"])
                self._fields(domain, path, kind.schema.schema)
            else:
                fields = "data", "data_description"
                self._demand(domain, [f"{step}.{it}.{field}" for it in fields])


def _place(manager: FlowManager, flow: Any) -> tuple[str, str]:
    """Return the integration and the path of the texts of a flow."""
    if isinstance(manager, ConfigEntriesFlowManager):
        return flow.handler, "config"
    if isinstance(manager, OptionsFlowManager):
        entry = manager.hass.config_entries.async_get_known_entry(flow.handler)
        return entry.domain, "options"
    if isinstance(manager, ConfigSubentryFlowManager):
        entry, kind = flow.handler
        domain = manager.hass.config_entries.async_get_entry(entry).domain
        return domain, f"config_subentries.{kind}"
    # All other flows are repair flows, whose issue no longer exists once it was fixed.
    issue = ir.async_get(manager.hass).async_get_issue(flow.handler, flow.issue_id)
    return (
        flow.handler if issue else "",
        f"issues.{issue and issue.translation_key}.fix_flow",
    )
