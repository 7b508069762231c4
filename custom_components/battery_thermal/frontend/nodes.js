/**
 * What is known of the nodes, made of what Home Assistant tells. Pure.
 */

/**
 * @typedef {object} ThermalImage
 * @property {((number | null)[] | null)[]} rows °C, from the top; null: has not arrived
 * @property {number} width
 * @property {"slow" | "fast"} mode
 * @property {number} lines_received
 * @property {number} lines_expected
 * @property {number[]} missing_lines
 * @property {number} started_at seconds since the epoch
 * @property {number} updated_at
 * @property {boolean} closed
 * @property {boolean} suspect
 * @property {number} minimum °C
 * @property {number} maximum
 * @property {number} mean
 *
 * @typedef {object} Node
 * @property {string} id of the subentry
 * @property {boolean} control whether the viewer may change settings
 * @property {number | null} threshold °C, the last one proven to have arrived
 * @property {{threshold: number, mode: string, fan: boolean} | null} wanted
 * @property {string} stage how far what is wanted has come
 * @property {boolean} pending
 * @property {string | null} error
 * @property {ThermalImage | null} image
 */

/**
 * Take in an event of `battery_thermal/subscribe_nodes`.
 *
 * @param {ReadonlyMap<string, Node>} nodes stays as it is
 * @param {{nodes: Record<string, any>, gone: string[], snapshot?: boolean}} event
 * @returns {Map<string, Node>}
 */
export function applyEvent(nodes, event) {
  const next = new Map(event.snapshot ? [] : nodes);
  for (const id of event.gone) next.delete(id);
  for (const [id, said] of Object.entries(event.nodes)) {
    next.set(id, { ...next.get(id), ...said, id });
  }
  return next;
}
