/** The nodes as Home Assistant sends them. Pure. */

/**
 * @typedef {object} AreaValues
 * @property {string} key of the area
 * @property {number | null} maximum °C
 * @property {number | null} mean
 * @property {number | null} deviation K over the median of all areas of its kind
 * @property {boolean} complete whether all of it has arrived
 * @property {boolean} [over_range] whether a pixel of it is above what the node can say
 * @property {boolean} [may_be_hotter] whether a pixel of it may be far hotter than its value
 *
 * @typedef {"cell" | "terminal" | "bus_bar" | "other" | "ignore"} AreaKind
 *
 * @typedef {object} Area
 * @property {string} key
 * @property {string} name
 * @property {AreaKind} kind
 * @property {import("./areas.js").Point[]} points on the sensor: two opposite corners of a
 *   rectangle, or the corners of a polygon
 * @property {number | null} emissivity null: that of the node; so are the limits
 * @property {number | null} highest °C
 * @property {number | null} warning K over the median of its kind
 * @property {number | null} alarm
 * @property {string | null} [entity] the entity of its maximum; null: disabled
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
 * @property {Area[]} areas in the owner's order
 * @property {import("./grid-frame.js").Grid | null} [grid] of which the cells were made
 * @property {boolean} areas_drawn whether the owner wants them in the picture
 * @property {[number, number]} imbalance K from which an area is worth a warning, an alarm
 * @property {import("./drift.js").Drift[]} [drift] the cells that drift
 * @property {[number, number, [number, number][]]} correction what else temperatures depend on
 *
 * @typedef {object} ThermalImage
 * @property {((number | null)[] | null)[]} rows °C, from the top as it is looked at; null:
 *   has not arrived
 * @property {number} width
 * @property {AreaValues[]} areas those that count
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
 * @property {number} [bound] K within which pixels and areas are of the node's own; not there
 *   if they are exact
 * @property {boolean} [over_range] whether the maximum is above what the node can say
 * @property {boolean} [may_be_hotter] whether something may be far hotter than its value
 * @property {[number, number][]} [over] row and column of the pixels that are
 * @property {[number, number][]} [doubtful] and of those that may be
 * @property {{hottest: import("./heat.js").Spot, coldest: import("./heat.js").Spot}} [extremes]
 *   where they are not the highest and the lowest of `rows`
 * @property {{lines_received: number, lines_expected: number}} [next] how far the image is
 *   whose lines replace those of this one
 *
 * @typedef {object} Node
 * @property {string} id of the subentry
 * @property {boolean} control whether the viewer may change settings
 * @property {number | null} threshold °C, the last one proven to have arrived
 * @property {{threshold: number, mode: string, fan: boolean} | null} wanted
 * @property {string} stage how far what is wanted has come
 * @property {boolean} pending
 * @property {string | null} error
 * @property {boolean} simulated whether the image is one of simulated uplinks of the server's console
 * @property {number | null} heard_at seconds since the epoch
 * @property {Omit<import("./alarm-pages.js").LoggedAlarm, "node" | "control">[]} [alarms] those that have not ended
 * @property {Look} look
 * @property {ThermalImage | null} image
 * @property {ThermalImage | null} [ended] the newest image that has ended
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
    const before = next.get(id);
    const ended = said.ended ?? endedIn(said.image);
    next.set(id, { ...before, ...said, id, ...(ended && { ended }) });
  }
  return next;
}

/**
 * @param {ThermalImage | null | undefined} image
 * @returns {ThermalImage | undefined} the image, if it has ended and no line of the next one is in it
 */
function endedIn(image) {
  return image?.closed && !image.next ? image : undefined;
}
