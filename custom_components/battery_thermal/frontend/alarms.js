/** What is wrong with a battery bank, one entry for each kind. Pure. */

import { levelOf, measuredAreas } from "./areas.js";
import { driftsText } from "./drift.js";
import { heatText, overText } from "./over-range.js";

/**
 * @typedef {"warning" | "alarm"} Level
 *
 * @typedef {object} Alarm
 * @property {string} kind
 * @property {Level} level
 * @property {string} [entityId] the entity that it is the state of
 * @property {number | null} [since] seconds since the epoch
 * @property {false} [certain] it is raised for a value that may be over its limit
 * @property {boolean} [acknowledged] undefined: it cannot be
 *
 * @typedef {object} Banner
 * @property {string} text
 * @property {Level} level
 * @property {string} [entityId]
 * @property {string} [kind] of an alarm, as in the alarm log
 * @property {boolean} [acknowledged] undefined: it cannot be
 */

/**
 * The kinds, most urgent first, and the entities that say so, by their translation keys.
 *
 * @type {[string, Level, string][]}
 */
const KINDS = [
  ["unseen_heat", "alarm", "unseen_heat"],
  ["over_threshold", "alarm", "over_threshold"],
  ["area_limit", "alarm", "area_limit"],
  ["imbalance", "alarm", "imbalance_alarm"],
  ["imbalance", "warning", "imbalance_warning"],
  ["rise", "alarm", "rise_alarm"],
  ["rise", "warning", "rise_warning"],
  ["drift", "warning", "drift"],
  ["silent", "warning", "silent"],
  ["image_too_old", "warning", "image_too_old"],
];

/**
 * @param {Record<string, HassState | undefined>} states of a node's entities, by
 *   `domain.translation_key`
 * @returns {Alarm[]} those that are on, the highest level of each kind, alarms first
 */
export function alarmsOf(states) {
  /** @type {Map<string, Alarm>} */
  const found = new Map();
  for (const [kind, level, key] of KINDS) {
    const state = states[`binary_sensor.${key}`];
    if (state?.state !== "on" || found.has(kind)) continue;
    const changed = state.last_changed ? Date.parse(state.last_changed) / 1000 : null;
    const doubt = state.attributes?.certain === false ? { certain: /** @type {const} */ (false) } : {};
    const seen = state.attributes && "acknowledged" in state.attributes && { acknowledged: state.attributes.acknowledged };
    found.set(kind, { kind, level, entityId: state.entity_id, since: changed, ...doubt, ...seen });
  }
  return byLevel([...found.values()]);
}

/**
 * @param {Record<string, HassState | undefined>} states of a node's entities
 * @returns {Record<string, Level>} the level of each alarm, on or not, by its entity
 */
export function alarmLevels(states) {
  /** @type {Record<string, Level>} */
  const levels = {};
  for (const [, level, key] of KINDS) {
    const state = states[`binary_sensor.${key}`];
    if (state) levels[state.entity_id] = level;
  }
  return levels;
}

/**
 * @template {{level: Level}} T
 * @param {T[]} items
 * @returns {T[]} alarms before warnings, otherwise in the same order
 */
function byLevel(items) {
  const of = (/** @type {Level} */ level) => items.filter((item) => item.level === level);
  return [...of("alarm"), ...of("warning")];
}

/**
 * @typedef {object} Circumstances what the texts of the banners mention
 * @property {import("./nodes.js").ThermalImage | null | undefined} image of now
 * @property {import("./nodes.js").ThermalImage | null | undefined} seen the image that is looked at
 * @property {import("./nodes.js").Look} look
 * @property {number | null} threshold °C
 * @property {boolean} simulated
 * @property {HassState | undefined} rise the state of the rate of rise
 * @property {import("./home-assistant.js").Writer} write
 * @property {(seconds: number) => string} time
 * @property {(state: HassState) => string} format
 */

/**
 * @param {Alarm[]} alarms
 * @param {Circumstances} now
 * @param {import("./common/texts.js").Texts} texts
 * @returns {Banner[]} most urgent first
 */
export function bannersOf(alarms, now, texts) {
  const said = alarms.map(({ acknowledged, kind, level, entityId, since, certain = true }) => {
    const limit = limitOf(kind, now);
    const below = certain && limit !== null && limit.value <= limit.limit;
    const ending = below && isWhole(now.image);
    // What is hotter than it shows has no value that is over the limit.
    const known = below && !ending ? texts(`alarms.${kind}`) : alarmText(kind, ending ? "ending" : "values", now, texts);
    const text = certain ? known : texts("alarms.may_be", { text: known });
    // That of a drift is in its text: the alarm is raised days later.
    const from = since && kind !== "drift" && !ending ? texts("alarms.since", { text, time: now.time(since) }) : text;
    return { text: from, level, entityId, ...(acknowledged !== undefined && { kind, acknowledged }) };
  });
  return byLevel([...said, ...remarks(now, texts)]);
}

/**
 * What an alarm about a temperature is about. It is still on while that is not over the limit: within the hysteresis,
 * after a limit was changed, and while the lines of a cooler image arrive.
 *
 * @param {string} kind
 * @param {Circumstances} now
 * @returns {{value: number, limit: number} | null} °C; null: not known, or an alarm of another kind
 */
function limitOf(kind, { image, look, threshold }) {
  /** @type {(value: number | null, of: {over_range?: boolean, may_be_hotter?: boolean}) => number} */
  const heat = (value, of) => (of.over_range || of.may_be_hotter ? Infinity : (value ?? Infinity));
  if (!image) return null;
  if (kind === "over_threshold") return threshold === null ? null : { value: heat(image.maximum, image), limit: threshold };
  const { area, values } = (kind === "area_limit" && worstArea(kind, image, look)) || {};
  if (!area || !values) return null;
  return { value: heat(values.maximum, values), limit: area.highest ?? -Infinity };
}

/**
 * @param {import("./nodes.js").ThermalImage | null | undefined} image
 * @returns {boolean} whether nothing in it may be hotter than it shows
 */
function isWhole(image) {
  return Boolean(image && !image.suspect && !image.missing_lines.length);
}

/**
 * @param {string} kind
 * @param {"values" | "ending"} form whether something is over the limit, or not any more
 * @param {Circumstances} now
 * @param {import("./common/texts.js").Texts} texts
 */
function alarmText(kind, form, { image, look, threshold, rise, write, format }, texts) {
  const hottest = image ? maximumText(image, write, texts) : "";
  if (kind === "over_threshold" && image && threshold !== null) {
    return texts(`alarms.over_threshold_${form}`, { value: hottest, threshold: write(threshold, 0) });
  }
  const worst = image && ["imbalance", "area_limit"].includes(kind) ? worstArea(kind, image, look) : undefined;
  if (worst) {
    const { area, values } = worst;
    const value = heatText(/** @type {number} */ (values.maximum), values, write, texts);
    /** @type {Record<string, string>} */
    const than =
      kind === "imbalance"
        ? { difference: write.difference(values.deviation ?? 0).replace("+", "") }
        : { limit: write(area.highest ?? 0) };
    return texts(`alarms.${kind}_${form}`, { area: area.name, value, ...than });
  }
  if (kind === "rise" && rise && !["unknown", "unavailable"].includes(rise.state)) {
    return texts("alarms.rise_values", { rate: format(rise) });
  }
  return (kind === "drift" && driftsText(look, write, texts)) || texts(`alarms.${kind}`);
}

/**
 * @param {string} kind
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./nodes.js").Look} look
 * @returns the area that an alarm is about: the farthest above its limit, or above the others
 */
function worstArea(kind, image, look) {
  const excess = (/** @type {ReturnType<typeof measuredAreas>[0]} */ { area, values }) =>
    kind === "area_limit"
      ? /** @type {number} */ (values.maximum) - (area.highest ?? Infinity)
      : (values.deviation ?? -Infinity) + 1000 * levelOf(values, { ...area, highest: null }, look.imbalance);
  const known = measuredAreas(look.areas, image.areas).filter(
    ({ area, values }) => values.maximum !== null && (kind === "imbalance" || area.highest !== null),
  );
  return known.reduce((worst, one) => (excess(one) > excess(worst) ? one : worst), known[0]);
}

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 */
export function maximumText(image, write, texts) {
  return heatText(image.maximum, image, write, texts);
}

/**
 * What there is to say of the image that is looked at, besides the alarms of entities.
 *
 * @param {Circumstances} now
 * @param {import("./common/texts.js").Texts} texts
 * @returns {Banner[]}
 */
function remarks({ seen: image, simulated, write }, texts) {
  /** @type {Banner[]} */
  const said = [];
  if (image?.over_range) {
    said.push({ text: texts("card.over_range", { value: overText(texts, write.unit) }), level: "alarm" });
  }
  if (image?.doubtful?.length) said.push({ text: texts("card.doubtful"), level: "alarm" });
  else if (image?.suspect) said.push({ text: texts("card.suspect"), level: "warning" });
  if (simulated) said.push({ text: texts("card.simulated"), level: "warning" });
  return said;
}

