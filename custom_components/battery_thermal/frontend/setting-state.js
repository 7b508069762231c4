/** How far a wanted setting of the node has come, as text. Pure. */

/** @typedef {"fan" | "threshold" | "mode"} Key */

/**
 * @typedef {object} Progress
 * @property {"proven" | "unknown" | "pending" | "failed"} state
 * @property {string} text
 */

/**
 * @param {Key} key
 * @param {import("./nodes.js").Node} node
 * @param {number | string | boolean | null | undefined} known what the node is known to do
 * @param {import("./home-assistant.js").Write} write
 * @param {import("./common/texts.js").Texts} texts
 * @param {boolean} [changed] whether another value is shown, which was not sent yet: then the text says which one is confirmed
 * @returns {Progress}
 */
export function progressOf(key, node, known, write, texts, changed = false) {
  const wanted = node.wanted?.[key];
  const { stage, error } = node;
  /** @type {Progress["state"]} */
  let state = "proven";
  if (wanted === undefined) state = known === null || known === undefined ? "unknown" : "proven";
  // With the fan on automatic the node runs it or not: either is what was asked for.
  else if (key === "fan" && !wanted) state = "proven";
  else if (known !== wanted) state = stage === "failed" ? "failed" : "pending";
  if (changed && state === "proven") {
    const proven = key === "fan" ? (wanted ?? false) : (known ?? undefined);
    return { state, text: texts("settings.how_proven_value", { value: wantedText(key, proven, write, texts) }) };
  }
  // Each message says whether the fan runs, and which mode the node is in; none says the threshold.
  if (state === "unknown" && key !== "threshold") return { state, text: texts("settings.how_unheard") };
  return {
    state,
    text: texts(`settings.how_${state}`, {
      wanted: wantedText(key, wanted, write, texts),
      step: state === "pending" ? texts(`settings.step_${stage === "idle" ? "waiting" : stage}`) : "",
      // What the network server says of a downlink is in its own words.
      error: (error && texts(`settings.error_${error}`)) || error || "",
    }),
  };
}

/**
 * @param {Key} key
 * @param {number | string | boolean | undefined} wanted
 * @param {import("./home-assistant.js").Write} write
 * @param {import("./common/texts.js").Texts} texts
 */
function wantedText(key, wanted, write, texts) {
  if (wanted === undefined) return "";
  if (key === "threshold") return write(Number(wanted), 0);
  if (key === "mode") return texts(`settings.${wanted}`);
  return texts(wanted ? "settings.fan_always" : "settings.fan_automatic");
}

/**
 * @param {boolean | null} running null: not known
 * @param {boolean} always whether the owner wants the fan always on
 * @param {import("./common/texts.js").Texts} texts
 * @returns {string} whether the fan runs, and why
 */
export function fanText(running, always, texts) {
  if (running === null) return texts("settings.how_unheard");
  if (!running) return texts("settings.fan_off");
  return texts(always ? "settings.fan_on_always" : "settings.fan_on_hot");
}
