/** Fan, threshold and mode of the node: what is known, what is wanted, and how far that is. */

import { define } from "./common/define.js";
import { moreInfo } from "./common/navigate.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, live, nothing } from "./common/vendor/lit.js";
import { inUnit } from "./scale.js";
import { fanText, progressOf } from "./setting-state.js";

/** @typedef {import("./setting-state.js").Key} Key */

/**
 * Asks an entity of the node for a setting.
 *
 * @callback Act
 * @param {string} domain
 * @param {string} action
 * @param {Record<string, unknown>} data
 * @param {string} entityId
 * @returns {Promise<string>} what went wrong; "": nothing
 */

/** @type {Key[]} */
const KEYS = ["fan", "threshold", "mode"];
const MODES = ["slow", "fast"];
/** The entities that change the settings, by `domain.translation_key`. */
const ENTITIES = { fan: "fan.fan", threshold: "number.threshold", mode: "select.mode" };

export class Settings extends LitElement {
  static styles = [
    base,
    css`
      .settings { display: grid; gap: 12px; border-top: 1px solid var(--line); padding-top: 12px; }
      .setting { display: grid; grid-template-columns: 6em 1fr; gap: 4px 12px; align-items: center; }
      .controls { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
      input { width: 6em; }
      [role="group"] { display: flex; gap: 8px; flex-wrap: wrap; }
      .runs { grid-column: 2; justify-content: flex-start; border: none; padding: 0; }
      .how { grid-column: 2; font-size: 13px; color: var(--secondary-text-color); }
      .how[data-state="pending"]::before { content: "… "; }
      .how[data-state="proven"]::before { content: "✓ "; }
      .how[data-state="failed"] { color: var(--error-text); }
      .all { justify-self: start; border-color: var(--primary-color); }
    `,
  ];
  static properties = {
    act: { attribute: false },
    draft: { state: true },
    errors: { state: true },
    node: { attribute: false },
    states: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Act} */
    this.act = async () => "";
    /** @type {{fan?: boolean, threshold?: string, mode?: string}} what was chosen and is not sent yet */
    this.draft = {};
    /** @type {string[]} */
    this.errors = [];
    /** @type {import("./nodes.js").Node} */
    this.node = /** @type {any} */ (null);
    /** @type {Record<string, HassState | undefined>} of the node's entities */
    this.states = {};
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
    this.unit = "";
  }

  willUpdate() {
    const unit = this.states[ENTITIES.threshold]?.attributes.unit_of_measurement ?? "";
    // What was typed is in another unit by now.
    if (unit !== this.unit && this.draft.threshold !== undefined) this.draft = { ...this.draft, threshold: undefined };
    this.unit = unit;
  }

  render() {
    const { texts } = this;
    const changed = this.#changed();
    return html`
      <section class="settings" aria-label=${texts("settings.title")}>
        ${this.#fan(changed)} ${this.#threshold(changed)} ${this.#mode(changed)}
        <button
          type="button"
          class="all"
          ?hidden=${changed.length < 2}
          @click=${() => this.#send(changed)}
        >
          ${texts("settings.set_all")}
        </button>
        <p class="error" role="alert" ?hidden=${!this.errors.length}>${this.errors.join(" ")}</p>
      </section>
    `;
  }

  /** @param {Key[]} changed */
  #fan(changed) {
    const { node, states, texts } = this;
    const state = states[ENTITIES.fan];
    // Neither while the node is silent, nor before its first message.
    const running = state?.state === "on" || (state?.state === "off" ? false : null);
    const asked = node.wanted?.fan ?? false;
    const shown = this.draft.fan ?? asked;
    const options = [false, true].map((on) => this.#option("fan", on, shown, on ? "fan_always" : "fan_automatic"));
    return this.#row(
      "fan",
      html`<span role="group" aria-label=${texts("settings.fan")}>${options}</span>${this.#set("fan", changed)}`,
      running,
      changed,
      html`<button type="button" class="runs" ?disabled=${!state} @click=${() => state && moreInfo(this, state.entity_id)}>
        <ha-icon icon=${running ? "mdi:fan" : running === null ? "mdi:help-circle-outline" : "mdi:fan-off"}></ha-icon>
        ${fanText(running, asked, texts)}
      </button>`,
    );
  }

  /** @param {Key[]} changed */
  #threshold(changed) {
    const { texts } = this;
    const state = this.states[ENTITIES.threshold];
    const may = this.#may("threshold");
    return this.#row(
      "threshold",
      html`
        <input
          type="number"
          step=${this.unit === "°F" ? "any" : "1"}
          min=${state?.attributes.min ?? nothing}
          max=${state?.attributes.max ?? nothing}
          aria-label=${texts("settings.threshold")}
          ?disabled=${!may}
          .value=${live(this.draft.threshold ?? this.#knownThreshold())}
          @input=${(/** @type {InputEvent} */ event) => {
            this.draft = { ...this.draft, threshold: /** @type {HTMLInputElement} */ (event.target).value };
          }}
          @keydown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.#send(["threshold"])}
        />
        <span class="secondary">${this.unit}</span>
        <button type="button" ?disabled=${!may} @click=${() => this.#send(["threshold"])}>${texts("settings.set")}</button>
      `,
      this.node.threshold,
      changed,
    );
  }

  /** @param {Key[]} changed */
  #mode(changed) {
    const { states, texts } = this;
    const state = states[ENTITIES.mode];
    const shown = this.draft.mode ?? state?.state;
    const options = MODES.map((mode) => this.#option("mode", mode, shown, mode));
    return this.#row(
      "mode",
      html`<span role="group" aria-label=${texts("settings.mode")}>${options}</span>${this.#set("mode", changed)}`,
      // Not "unknown" or "unavailable".
      MODES.find((mode) => mode === state?.state),
      changed,
    );
  }

  /**
   * @param {"fan" | "mode"} key
   * @param {boolean | string} value
   * @param {boolean | string | undefined} shown the one that is chosen
   * @param {string} text key of its name
   */
  #option(key, value, shown, text) {
    return html`
      <button
        type="button"
        aria-pressed=${value === shown ? "true" : "false"}
        ?disabled=${!this.#may(key)}
        @click=${() => (this.draft = { ...this.draft, [key]: value })}
      >
        ${this.texts(`settings.${text}`)}
      </button>
    `;
  }

  /**
   * Show the button that sends one setting, where there is something to send.
   *
   * @param {"fan" | "mode"} key
   * @param {Key[]} changed
   */
  #set(key, changed) {
    return html`<button type="button" class="set" ?hidden=${!changed.includes(key)} @click=${() => this.#send([key])}>
      ${this.texts("settings.set")}
    </button>`;
  }

  /**
   * @param {Key} key
   * @param {unknown} controls
   * @param {number | string | boolean | null | undefined} known what the node is known to do
   * @param {Key[]} changed
   * @param {unknown} [state]
   */
  #row(key, controls, known, changed, state = nothing) {
    const how = progressOf(key, this.node, known, this.write, this.texts, changed.includes(key));
    // On automatic there is nothing to confirm.
    const silent = key === "fan" && (how.state === "unknown" || (how.state === "proven" && !this.node.wanted?.fan));
    return html`
      <div class="setting" data-setting=${key}>
        <span class="what">${this.texts(`settings.${key}`)}</span>
        <span class="controls">${controls}</span>
        ${state}
        <span class="how" data-state=${how.state} ?hidden=${silent}>${how.text}</span>
      </div>
    `;
  }

  /** @param {Key} key */
  #may(key) {
    const state = this.states[ENTITIES[key]];
    return this.node.control && state !== undefined && state.state !== "unavailable";
  }

  /** @returns {string} the wanted threshold, or the known one, in the unit of its entity */
  #knownThreshold() {
    const celsius = this.node.wanted?.threshold ?? this.node.threshold;
    // Whole °C, which may be tenths of a °F.
    return celsius === null || celsius === undefined ? "" : String(Math.round(10 * inUnit(celsius, this.unit)) / 10);
  }

  /** @returns {Key[]} what was chosen and differs from what is wanted or known */
  #changed() {
    const { draft, node, states } = this;
    const mode = node.wanted?.mode ?? states[ENTITIES.mode]?.state;
    return KEYS.filter((key) => {
      if (draft[key] === undefined) return false;
      if (key === "fan") return draft.fan !== (node.wanted?.fan ?? false);
      return key === "mode" ? draft.mode !== mode : draft.threshold !== this.#knownThreshold();
    });
  }

  /**
   * Send some settings. The integration merges those that are asked for at once into one message.
   *
   * @param {Key[]} keys
   */
  async #send(keys) {
    this.errors = [];
    const field = /** @type {HTMLInputElement | null} */ (this.renderRoot.querySelector("input"));
    if (keys.includes("threshold") && field) {
      if (field.value === "") {
        this.errors = [this.texts("settings.threshold_missing")];
        field.focus();
        return;
      }
      if (!field.reportValidity()) return;
    }
    const sent = this.draft;
    const errors = await Promise.all(keys.map((key) => this.#call(key, field?.value ?? "")));
    // What was chosen meanwhile stays.
    const done = keys.filter((key) => this.draft[key] === sent[key]);
    this.draft = { ...this.draft, ...Object.fromEntries(done.map((key) => [key, undefined])) };
    this.errors = errors.filter((text, index) => text && errors.indexOf(text) === index);
  }

  /**
   * @param {Key} key
   * @param {string} threshold what is in its field
   * @returns {Promise<string>}
   */
  #call(key, threshold) {
    const { draft, node } = this;
    const entityId = /** @type {HassState} */ (this.states[ENTITIES[key]]).entity_id;
    if (key === "fan") {
      const on = draft.fan ?? node.wanted?.fan ?? false;
      return this.act("fan", on ? "turn_on" : "turn_off", {}, entityId);
    }
    if (key === "mode") return this.act("select", "select_option", { option: draft.mode }, entityId);
    return this.act("number", "set_value", { value: Number(threshold) }, entityId);
  }
}

define({ "battery-thermal-settings": Settings });
