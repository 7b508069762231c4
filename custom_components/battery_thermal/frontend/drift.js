/** Cells that become warmer or cooler over days, in words. Pure. */

const DAY = 86_400;
const MOST = 3;

/**
 * @typedef {object} Drift of one cell
 * @property {string} key of the cell
 * @property {number} amount K over what is usual for it; negative: it has cooled
 * @property {number} since seconds since the epoch
 */

/**
 * @param {Drift} drift
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 * @param {string} [cell] the name, for a sentence of its own
 * @returns {string} as "warmed by 2.1 K in 12 days"
 */
export function driftText({ amount, since }, write, texts, cell = "") {
  const count = Math.max(Math.round((Date.now() / 1000 - since) / DAY), 1);
  const value = write.difference(Math.abs(amount)).replace("+", "");
  const key = amount < 0 ? "cooled" : "warmed";
  return texts(cell ? `alarms.${key}` : `areas.${key}`, { cell, value, count });
}

/**
 * @param {import("./nodes.js").Look} look
 * @param {import("./home-assistant.js").Writer} write
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string} a sentence for each cell that drifts, at most three; "": none does
 */
export function driftsText({ areas, drift = [] }, write, texts) {
  const nameOf = (/** @type {string} */ key) => areas.find((area) => area.key === key)?.name;
  const said = drift.slice(0, MOST).map((one) => driftText(one, write, texts, nameOf(one.key)));
  return [...said, ...(drift.length > MOST ? ["…"] : [])].join("; ");
}
