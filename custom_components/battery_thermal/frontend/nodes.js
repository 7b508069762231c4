/**
 * What is known of the nodes, made of what Home Assistant tells. Pure.
 */

/**
 * @typedef {object} Cell
 * @property {number | null} maximum °C
 * @property {number | null} mean
 * @property {number | null} deviation K over the median of all cells
 * @property {boolean} complete whether all of it has arrived
 *
 * @typedef {object} Grid
 * @property {string[]} names row by row
 * @property {number[]} row_edges 0..1 of the picture's height
 * @property {number[]} column_edges
 * @property {boolean} drawn whether the owner wants them in the picture
 * @property {[number, number]} imbalance K from which a cell is worth a warning, an alarm
 *
 * @typedef {object} Look how the owner wants the picture
 * @property {string} palette
 * @property {string} scale
 * @property {number} low °C
 * @property {number} high
 * @property {number} minimum_span K
 * @property {boolean} marks
 * @property {number} quarters of a turn, clockwise
 * @property {boolean} mirror left to right, before it is turned
 * @property {Grid | null} cells
 * @property {[number, number, [number, number][]]} correction what else temperatures depend on
 *
 * @typedef {object} ThermalImage
 * @property {((number | null)[] | null)[]} rows °C, from the top as it is looked at; null:
 *   has not arrived
 * @property {number} width
 * @property {Cell[]} cells
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
 * @property {Look} look
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
