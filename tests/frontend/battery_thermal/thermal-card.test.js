/** The thermal card as a whole: which node it shows, and how its parts work together. */

import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { KEYS, details, find, mount, send, settle, textOf, update } from "../page.js";
import { GREY, cellOf, gridOf, imageOf, keyed, lookOf } from "./nodes-and-areas.js";

import "../../../custom_components/battery_thermal/frontend/cards.js";

beforeEach(() => localStorage.clear());
afterEach(() => document.querySelector("battery-thermal-card")?.remove());

/** @type {(more?: object) => any} */
const nodeOf = (more = {}) => ({
  control: true,
  threshold: 40,
  wanted: null,
  stage: "idle",
  pending: false,
  error: null,
  simulated: false,
  heard_at: 0,
  look: lookOf(gridOf()),
  image: imageOf({ areas: keyed([cellOf(29), cellOf(31, 2)]) }),
  ...more,
});

const ENTITIES = {
  "image.bank": "thermal",
  "sensor.maximum": "maximum",
  "binary_sensor.hot": "over_threshold",
  "fan.bank": "fan",
  "number.bank": "threshold",
  "select.bank": "mode",
};

/** A card in a house with one bank, whose events the test sends. */
async function cardOf(config = {}, more = {}) {
  /** @type {(event: object) => void} */
  let sendEvent = () => {};
  /** @type {() => void} */
  let lose = () => {};
  const attributes = { friendly_name: "x", unit_of_measurement: "°C" };
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server" },
    config: { time_zone: "Etc/UTC", unit_system: { temperature: "°C" } },
    devices: { d1: { id: "d1", name: "Bank", identifiers: [["battery_thermal", "a"]] } },
    entities: Object.fromEntries(
      Object.entries(ENTITIES).map(([entity_id, translation_key]) => [
        entity_id,
        { entity_id, translation_key, platform: "battery_thermal", device_id: "d1" },
      ]),
    ),
    states: Object.fromEntries(Object.keys(ENTITIES).map((entity_id) => [entity_id, { entity_id, state: "off", attributes }])),
    connection: {
      addEventListener: (/** @type {string} */ type, /** @type {() => void} */ listener) => {
        if (type === "disconnected") lose = listener;
      },
      subscribeMessage: async (/** @type {(event: object) => void} */ listener) => {
        sendEvent = listener;
        return async () => undefined;
      },
    },
    callWS: async (/** @type {any} */ { type }) => {
      if (type === "frontend/get_translations") return { resources: KEYS };
      if (type.endsWith("archive_index")) return { times: [1000], before: null, after: null };
      if (type.endsWith("archive_image")) return { image: imageOf({ maximum: 99 }), ambient: 7, threshold: 30 };
      return {};
    },
    callService: mock.fn(async () => undefined),
    formatEntityState: (/** @type {any} */ { state }) => state,
    ...more,
  };
  const card = await mount("battery-thermal-card", { hass });
  card.setConfig(config);
  await settle();
  return {
    card,
    hass,
    lose: async () => {
      lose();
      await settle();
    },
    sendNodes: async (/** @type {Record<string, any>} */ nodes) => {
      const colours = btoa(String.fromCharCode(...GREY));
      sendEvent({ snapshot: true, nodes, gone: [], palettes: { inferno: colours, arctic: colours } });
      await settle();
    },
    part: (/** @type {string} */ name) => find(card, `battery-thermal-${name}`),
    note: () => textOf(card, ".note"),
  };
}

test("it says why there is nothing to see", async () => {
  const it = await cardOf();
  assert.match(it.note(), /^card.loading/);
  await it.sendNodes({});
  assert.match(it.note(), /^card.no_node/);
  it.card.setConfig({ device: "other" });
  await settle();
  assert.match(it.note(), /^card.node_gone/);
  it.card.setConfig({ device: "d1" });
  await it.sendNodes({ a: nodeOf({ image: null }) });
  assert.match(it.note(), /^card.no_image/);
  assert.ok(it.part("settings"));
  assert.equal(it.part("picture"), null);
});

test("where no node is, an administrator is led to the settings", async () => {
  for (const [isAdmin, links] of /** @type {const} */ ([[true, 1], [false, 0]])) {
    const it = await cardOf({}, { user: { is_admin: isAdmin } });
    await it.sendNodes({});
    assert.equal(it.card.shadowRoot.querySelectorAll(".note a").length, links);
    it.card.remove();
  }
});

test("numbers come before the alarms, these before the picture", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  const order = [...it.card.shadowRoot.querySelectorAll("*")].map((element) => element.localName);
  const [figures, alarms, picture, settings] = ["figures", "banners", "picture", "settings"].map((name) =>
    order.indexOf(`battery-thermal-${name}`),
  );
  assert.ok(figures < alarms && alarms < picture && picture < settings);
  assert.deepEqual(it.part("figures").figures.map((/** @type {any} */ { value }) => value), ["31.0 °C", "A2 31.0 °C"]);
  assert.equal(textOf(it.card, "h2"), "Bank");
});

test("a small card has figures, alarms and picture only", async () => {
  const it = await cardOf({ small: true, title: "Below deck" });
  await it.sendNodes({ a: nodeOf() });
  for (const name of ["figures", "banners", "picture"]) assert.ok(it.part(name), name);
  for (const name of ["archive", "settings", "areas", "look", "values"]) assert.equal(it.part(name), null, name);
  assert.deepEqual([textOf(it.card, "h2"), it.card.getGridOptions().columns], ["Below deck", 6]);
  it.card.setConfig({});
  assert.deepEqual([it.card.getGridOptions().columns, it.card.getCardSize()], [12, 8]);
});

test("an alarm that begins shows at once", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  assert.deepEqual(it.part("banners").banners, []);
  const hot = { entity_id: "binary_sensor.hot", state: "on", attributes: {} };
  await update(it.card, { hass: { ...it.hass, states: { ...it.hass.states, "binary_sensor.hot": hot } } });
  assert.deepEqual(it.part("banners").banners.map((/** @type {any} */ { level }) => level), ["alarm"]);
});

test("an image of the archive takes the place of the newest one, until that is wanted again", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  const archive = it.part("archive");
  archive.archive.look(1000);
  await settle();
  assert.equal(it.part("picture").image.maximum, 99);
  assert.equal(find(it.card, ".age").hasAttribute("data-past"), true);
  assert.equal(it.part("picture").paint.threshold, 30);
  archive.archive.reset();
  await settle();
  assert.equal(it.part("picture").image.maximum, 31);
  // A tap on a curve asks for its image, which may be of another day.
  /** @type {number[]} */
  const times = [];
  archive.archive.goTo = (/** @type {number} */ time) => times.push(time);
  it.part("areas").dispatchEvent(new CustomEvent("image-asked", { detail: 1000, bubbles: true, composed: true }));
  assert.deepEqual(times, [1000]);
});

test("the progress of the next image, and none when all lines are there", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  assert.equal(find(it.card, "progress").hidden, true);
  await it.sendNodes({ a: nodeOf({ image: imageOf({ next: { lines_received: 3, lines_expected: 24 } }) }) });
  assert.deepEqual([find(it.card, "progress").hidden, find(it.card, "progress").value], [false, 3]);
});

test("a palette that was chosen paints the picture and the cells", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  const { paint } = it.part("picture");
  assert.equal(it.part("areas").paint, paint);
  const select = find(it.part("look"), "select");
  select.value = "arctic";
  await send(select, "change");
  assert.notEqual(it.part("picture").paint, paint);
  assert.equal(it.part("areas").paint, it.part("picture").paint);
});

test("settings are asked for by actions of the entities, and a refusal is returned in words", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  assert.equal(await it.card.act("fan", "turn_on", {}, "fan.bank"), "");
  assert.deepEqual(it.hass.callService.mock.calls[0].arguments, ["fan", "turn_on", {}, { entity_id: "fan.bank" }, false]);
  it.hass.callService.mock.mockImplementation(async () => Promise.reject({ message: "No." }));
  assert.equal(await it.card.act("fan", "turn_on", {}, "fan.bank"), "No.");
  it.hass.callService.mock.mockImplementation(async () => Promise.reject({}));
  assert.match(await it.card.act("fan", "turn_on", {}, "fan.bank"), /^settings.failed/);
});

test("the age opens the picture's entity, and what is stale looks so", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  const asked = details(it.card, "hass-more-info");
  await send(find(it.card, ".age"), "click");
  assert.deepEqual(asked, [{ entityId: "image.bank" }]);
  await it.lose();
  assert.equal(find(it.card, "ha-card").hasAttribute("data-stale"), true);
});

test("an unknown palette is said with those that there are, once they are known", async () => {
  const asked = mock.fn(async (/** @type {any} */ _message) => ({
    resources: { "component.battery_thermal.config_panel.card.no_palette": "No {palette}: {palettes}" },
  }));
  const it = await cardOf({ palette: "green" }, { callWS: asked, language: "xx" });
  const said = () => textOf(it.card, "ha-card").match(/No .*/)?.[0];
  assert.equal(said(), undefined);
  await it.sendNodes({});
  assert.equal(said(), "No green: inferno, arctic");
  assert.equal(find(it.card, "[role=alert]").textContent, "No green: inferno, arctic");
  it.card.setConfig({ palette: "inferno" });
  await settle();
  assert.equal(said(), undefined);
});

test("an unknown scale is refused, and a new card shows the first node", async () => {
  const { constructor } = document.createElement("battery-thermal-card");
  /** @type {any} */
  const Kind = constructor;
  const { hass } = await cardOf();
  assert.throws(() => new Kind().setConfig({ scale: "green" }), /scale: automatic/);
  assert.deepEqual([Kind.getStubConfig(hass), Kind.getStubConfig({ ...hass, devices: {} })], [{ device: "d1" }, {}]);
});

test("an alarm is acknowledged at its banner, and its image is shown in the archive", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  it.part("banners").dispatchEvent(new CustomEvent("acknowledge", { detail: "over_threshold" }));
  await settle();
  const [{ arguments: made }] = it.hass.callService.mock.calls;
  assert.deepEqual(made.slice(0, 4), ["battery_thermal", "acknowledge_alarm", { kind: "over_threshold" }, { device_id: "d1" }]);
  const slider = it.part("archive");
  slider.scrollIntoView = mock.fn();
  it.part("alarm-fold").dispatchEvent(new CustomEvent("alarm-image", { detail: { id: "x", node: "a", time: 1000 } }));
  await settle();
  assert.equal(slider.archive.time, 1000);
  assert.equal(slider.scrollIntoView.mock.callCount(), 1);
});

test("an administrator draws areas, which are saved and shown while the node is loaded anew", async () => {
  const it = await cardOf({}, { user: { is_admin: true } });
  await it.sendNodes({ a: nodeOf() });
  assert.equal(it.part("area-layer"), null);
  await send(find(it.card, ".draw"), "click");
  const layer = it.part("area-layer");
  assert.equal(layer.parentElement, it.part("picture"));
  assert.equal(it.part("picture").look.areas_drawn, false);
  assert.equal(find(it.card, ".draw"), null);
  const draft = { ...layer.draft, chosen: "0", removed: ["1"] };
  layer.dispatchEvent(new CustomEvent("draft-changed", { detail: draft }));
  await settle();
  assert.equal(it.part("area-editor").draft, draft);
  const place = () => it.part("area-editor").parentElement.className;
  assert.equal(place(), "seen");
  await update(it.card, { wide: true });
  assert.equal(place(), "more");
  it.part("area-editor").dispatchEvent(new CustomEvent("draft-changed", { detail: { ...draft, chosen: null } }));
  const { callWS } = it.hass;
  it.hass.callWS = async (/** @type {any} */ message) =>
    message.type.endsWith("save_areas") ? { areas: nodeOf().look.areas.slice(0, 1) } : callWS(message);
  it.part("area-editor").dispatchEvent(new CustomEvent("areas-save"));
  await settle();
  assert.equal(it.part("area-layer"), null);
  // The node is gone for a moment.
  await it.sendNodes({});
  assert.equal(it.part("picture").look.areas.length, 1);
  await it.sendNodes({ a: nodeOf() });
  assert.equal(it.part("picture").look.areas.length, 2);
  await send(find(it.card, ".draw"), "click");
  await send(find(it.part("area-editor"), ".grid"), "click");
  assert.equal(it.part("area-layer"), null);
  it.part("grid-layer").dispatchEvent(
    new CustomEvent("draft-changed", { detail: { ...it.part("grid-layer").draft, frame: null } }),
  );
  await settle();
  assert.equal(it.part("grid-layer"), null);
  it.part("area-editor").dispatchEvent(new CustomEvent("areas-cancel"));
  await settle();
  assert.equal(it.part("area-editor"), null);
});

test("the focus goes into the editor of areas, and back to the button that opened it", async () => {
  const it = await cardOf({}, { user: { is_admin: true } });
  await it.sendNodes({ a: nodeOf() });
  const inCard = () => it.card.shadowRoot.activeElement;
  for (const end of ["areas-cancel", "areas-save"]) {
    find(it.card, ".draw").focus();
    await send(find(it.card, ".draw"), "click");
    await settle();
    const editor = it.part("area-editor");
    assert.equal(inCard(), editor);
    assert.equal(editor.shadowRoot.activeElement.localName, "h3");
    editor.dispatchEvent(new CustomEvent(end));
    await settle();
    assert.equal(inCard(), find(it.card, ".draw"), end);
  }
  // Who has gone elsewhere meanwhile stays there.
  await send(find(it.card, ".draw"), "click");
  await settle();
  const elsewhere = document.body.appendChild(document.createElement("button"));
  elsewhere.focus();
  it.part("area-editor").dispatchEvent(new CustomEvent("areas-cancel"));
  await settle();
  assert.equal(document.activeElement, elsewhere);
  elsewhere.remove();
});

test("others do not draw areas, and nobody does on a small card", async () => {
  for (const [config, isAdmin] of /** @type {const} */ ([[{}, false], [{ small: true }, true]])) {
    const it = await cardOf(config, { user: { is_admin: isAdmin } });
    await it.sendNodes({ a: nodeOf() });
    assert.equal(find(it.card, ".draw"), null);
    it.card.remove();
  }
});

test("a place that is tapped shows its curve, until it is closed", async () => {
  const it = await cardOf();
  await it.sendNodes({ a: nodeOf() });
  const tap = async (/** @type {object | null} */ place) => {
    it.part("picture").dispatchEvent(new CustomEvent("place-pinned", { detail: place }));
    await settle();
  };
  await tap({ row: 0, column: 1 });
  // An image of three rows: the middle of a third of the sensor.
  assert.deepEqual(it.part("place").place, [5, 16]);
  it.part("place").dispatchEvent(new CustomEvent("curve-closed"));
  await settle();
  assert.equal(it.part("place"), null);
  await tap({ row: 0, column: 1 });
  await tap(null);
  assert.equal(it.part("place"), null);
  it.card.setConfig({ small: true });
  await tap({ row: 0, column: 1 });
  assert.equal(it.part("place"), null);
});
