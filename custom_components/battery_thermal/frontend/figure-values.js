/** Which temperatures are shown as figures, and what they are. Pure. */

import { maximumText } from "./alarms.js";
import { measuredAreas } from "./areas.js";
import { heatText } from "./over-range.js";

/**
 * @typedef {import("./figures.js").Figure} Figure
 *
 * @typedef {object} Sources
 * @property {Hass} hass
 * @property {import("./nodes.js").ThermalImage | null} image
 * @property {import("./nodes.js").Look} look
 * @property {import("./archive.js").Archived | null} past the image of the archive that is looked at
 * @property {import("./trends.js").Trends["points"]} points
 * @property {Record<string, HassState | undefined>} states of the node's entities
 * @property {import("./common/texts.js").Texts} texts
 * @property {import("./home-assistant.js").Writer} write
 */

/**
 * @param {Sources} sources
 * @returns {Figure[]} the hottest temperature, and the hottest cell
 */
export function mainFigures({ image, look, points, states, texts, write }) {
  if (!image) return [];
  const maximum = states["sensor.maximum"];
  /** @type {Figure[]} */
  const figures = [
    {
      key: "hottest",
      value: maximumText(image, write, texts),
      entityId: maximum?.entity_id,
      points: maximum && points[maximum.entity_id],
    },
  ];
  const hottest = hottestCell(image, look);
  if (hottest) {
    const { area, values } = hottest;
    const value = heatText(/** @type {number} */ (values.maximum), values, write, texts);
    figures.push({
      key: "hottest_cell",
      value: `${area.name} ${value}`,
      entityId: area.entity ?? states["sensor.hottest_cell"]?.entity_id,
    });
  }
  return figures;
}

/**
 * @param {import("./nodes.js").ThermalImage} image
 * @param {import("./nodes.js").Look} look
 */
function hottestCell(image, look) {
  const cells = measuredAreas(look.areas, image.areas).filter(
    ({ area, values }) => area.kind === "cell" && values.maximum !== null,
  );
  const celsius = (/** @type {(typeof cells)[0]} */ { values }) => /** @type {number} */ (values.maximum);
  return cells.reduce((hottest, one) => (!hottest || celsius(one) > celsius(hottest) ? one : hottest), cells[0]);
}

/**
 * @param {Sources} sources
 * @returns {Figure[]} what else is known
 */
export function extraFigures({ hass, image, past, states, write }) {
  const ambient = states["sensor.ambient"];
  // As warm as it was around the image that is looked at.
  const ofPast = past?.ambient === null || past?.ambient === undefined ? "–" : write(past.ambient, 0);
  const now = ambient ? hass.formatEntityState(ambient) : "–";
  const entityId = (/** @type {string} */ key) => states[`sensor.${key}`]?.entity_id;
  return [
    { key: "coldest", value: image ? write(image.minimum) : "–", entityId: entityId("minimum") },
    { key: "mean", value: image ? write(image.mean) : "–", entityId: entityId("mean") },
    { key: "ambient", value: past ? ofPast : now, entityId: entityId("ambient") },
  ];
}
