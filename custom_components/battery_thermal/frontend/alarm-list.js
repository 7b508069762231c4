/** The alarm log as a list: what, where, when, the peak, and who acknowledged it. */

import { acknowledge } from "./acknowledge.js";
import { AlarmPages } from "./alarm-pages.js";
import { define } from "./common/define.js";
import { base } from "./common/styles.js";
import { LitElement, css, html, nothing, repeat } from "./common/vendor/lit.js";
import { sinceFormat } from "./home-assistant.js";
import { overText } from "./over-range.js";

/** @typedef {import("./alarm-pages.js").LoggedAlarm} LoggedAlarm */

/** Images of an alarm: their keys, and the keys of their texts. */
const IMAGES = /** @type {const} */ ([["begin_image", "begin"], ["peak_image", "peak_image"], ["end_image", "end"]]);

/** Characters of a note, as the action takes them. */
const LONGEST_NOTE = 500;

/** Sends `alarm-image` with node and time (ms) of an image that the viewer wants to see. */
export class AlarmList extends LitElement {
  static styles = [
    base,
    css`
      ul { display: grid; }
      li { display: grid; gap: 4px; padding: 10px 0 10px 12px; border-inline-start: 4px solid var(--line); }
      li + li { border-top: 1px solid var(--line); }
      li[data-open][data-level="alarm"] { border-inline-start-color: var(--error-color); background: var(--alarm-fill); }
      li[data-open][data-level="warning"] {
        border-inline-start-color: var(--warning-line); background: var(--warning-fill);
      }
      .what { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: baseline; padding-inline-end: 8px; }
      .kind { font-weight: 500; }
      .level { padding: 0 6px; border-radius: 6px; font-size: 13px; }
      .level[data-level="warning"] { background: var(--warning-fill); }
      .level[data-level="alarm"] { background: var(--alarm-fill); }
      .when, .seen { font-size: 14px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
      .note { white-space: pre-line; overflow-wrap: anywhere; }
      .acts { display: flex; flex-wrap: wrap; gap: 8px; padding-inline-end: 8px; }
      .acts button { font-size: 14px; }
      .acts .main { border-color: var(--primary-color); }
      form { display: grid; gap: 8px; padding-inline-end: 8px; }
      textarea {
        width: 100%; min-height: 66px; padding: 8px 10px; font: inherit; color: inherit; background: none;
        border: 1px solid var(--line); border-radius: 10px; resize: vertical;
      }
      img { display: block; max-width: 100%; max-height: 320px; border-radius: 8px; }
      .more { margin-top: 8px; }
    `,
  ];
  static properties = {
    count: { attribute: false },
    hass: { attribute: false },
    names: { attribute: false },
    node: { attribute: false },
    picture: { attribute: false },
    state: { attribute: false },
    texts: { attribute: false },
    write: { attribute: false },
    writing: { state: true },
    failure: { state: true },
  };

  constructor() {
    super();
    /** How many are shown at first, and with each page more. */
    this.count = 10;
    /** @type {Hass} */
    this.hass = /** @type {any} */ (null);
    /** @type {Record<string, string>} names of the nodes by their ids, where they are to be shown */
    this.names = {};
    /** @type {string | undefined} whose alarms; undefined: those of all nodes */
    this.node = undefined;
    /** @type {{id: string, url: string} | null} a picture that is shown at its alarm */
    this.picture = null;
    /** Of the log: with another one it is asked for anew. */
    this.state = "";
    /** @type {import("./common/texts.js").Texts} */
    this.texts = () => "";
    /** @type {import("./home-assistant.js").Writer} */
    this.write = /** @type {any} */ (String);
    /** The id of the alarm for which a note is written; "": none. */
    this.writing = "";
    this.failure = "";
    this.pages = new AlarmPages(() => this.requestUpdate());
  }

  willUpdate() {
    this.pages.show(this.hass, this.node, this.count, this.state);
  }

  render() {
    const { pages, texts } = this;
    const { alarms, error, more } = pages;
    const note = error ? texts(error) || error : alarms ? (alarms.length ? "" : texts("alarm_log.empty")) : texts("alarm_log.loading");
    return html`
      <p class=${error ? "error" : "secondary"} role="status" ?hidden=${!note}>${note}</p>
      <ul>${repeat(alarms ?? [], ({ node, id }) => `${node} ${id}`, (alarm) => this.#entry(alarm))}</ul>
      ${more
        ? html`<button type="button" class="more" @click=${() => pages.showMore()}>${texts("alarm_log.more")}</button>`
        : nothing}
    `;
  }

  /** @param {LoggedAlarm} alarm */
  #entry(alarm) {
    const { names, picture, texts } = this;
    const { area, certain, ended_at: ended, id, kind, level, node, note } = alarm;
    const name = texts(`alarm_log.kind_${kind}`) || kind;
    return html`
      <li data-level=${level} ?data-open=${ended === null}>
        <div class="what">
          <span class="kind">${name}</span>
          ${area ? html`<span>${area}</span>` : nothing}
          <span class="level" data-level=${level}>${texts(`areas.${level}`)}</span>
          ${names[node] ? html`<span class="secondary">${names[node]}</span>` : nothing}
        </div>
        <div class="when secondary">${this.#when(alarm)}</div>
        ${certain ? nothing : html`<div class="when secondary">${texts("alarm_log.may_be")}</div>`}
        ${this.#seen(alarm)}
        ${note ? html`<div class="note">${note}</div>` : nothing}
        ${this.writing === id ? this.#form(alarm, name) : this.#acts(alarm, name)}
        ${picture?.id === id ? html`<img alt=${name} src=${picture.url} />` : nothing}
      </li>
    `;
  }

  /** @param {LoggedAlarm} alarm */
  #when({ since, ended_at: ended, peak_at: peakAt, ...alarm }) {
    const { texts } = this;
    const time = (/** @type {number} */ at) => sinceFormat(this.hass)(at / 1000);
    const span =
      ended === null
        ? texts("alarm_log.open", { since: time(since) })
        : texts("alarm_log.ended", { since: time(since), ended: time(ended) });
    const value = this.#value(alarm);
    return value && peakAt !== null ? `${span} · ${texts("alarm_log.peak", { value, time: time(peakAt) })}` : span;
  }

  /** @param {Pick<LoggedAlarm, "over_range" | "peak" | "quantity">} alarm */
  #value({ over_range: isOver, peak, quantity }) {
    const { texts, write } = this;
    if (peak === null) return "";
    if (quantity === "temperature") return isOver ? overText(texts, write.unit) : write(peak);
    const difference = write.difference(peak).replace("+", "");
    return quantity === "rate" ? `${difference}/min` : difference;
  }

  /** @param {LoggedAlarm} alarm */
  #seen({ acknowledged_at: at, acknowledged_by: name }) {
    if (at === null) return nothing;
    const time = sinceFormat(this.hass)(at / 1000);
    const key = name ? "acknowledged_by" : "acknowledged";
    return html`<div class="seen">${this.texts(`alarm_log.${key}`, { name: name ?? "", time })}</div>`;
  }

  /**
   * @param {LoggedAlarm} alarm
   * @param {string} name of its kind
   */
  #acts(alarm, name) {
    const { texts } = this;
    const images = IMAGES.filter(([key]) => alarm[key] !== null);
    const mayAcknowledge = alarm.control && !alarm.acknowledged;
    if (!images.length && !mayAcknowledge) return nothing;
    return html`
      <div class="acts">
        ${mayAcknowledge
          ? html`<button
              type="button"
              class="main"
              aria-label=${texts("alarm_log.acknowledge_kind", { kind: name })}
              @click=${(/** @type {Event} */ event) => this.#write(event, alarm.id)}
            >
              <ha-icon icon="mdi:bell-check-outline"></ha-icon>${texts("alarm_log.acknowledge")}
            </button>`
          : nothing}
        ${images.map(([key, text]) => {
          const title = texts(`alarm_log.${text}`);
          return html`<button
            type="button"
            aria-label=${texts("alarm_log.show", { name: title })}
            @click=${() => this.#show(alarm, /** @type {number} */ (alarm[key]))}
          >
            <ha-icon icon="mdi:image-outline"></ha-icon>${title}
          </button>`;
        })}
      </div>
    `;
  }

  /**
   * @param {LoggedAlarm} alarm
   * @param {string} name of its kind
   */
  #form(alarm, name) {
    const { texts } = this;
    return html`
      <form
        @submit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          this.#acknowledge(event, alarm);
        }}
      >
        <textarea
          aria-label="${texts("alarm_log.note")}: ${name}"
          maxlength=${LONGEST_NOTE}
          placeholder=${texts("alarm_log.note_help")}
        ></textarea>
        <div class="acts">
          <button type="submit" class="main">${texts("alarm_log.save")}</button>
          <button type="button" @click=${(/** @type {Event} */ event) => this.#write(event, "")}>${texts("alarm_log.cancel")}</button>
        </div>
        <p class="error" role="alert" ?hidden=${!this.failure}>${this.failure}</p>
      </form>
    `;
  }

  /**
   * Show the form of an alarm, or hide it. What had the focus goes away: what takes its place in the entry gets it.
   *
   * @param {Event} event of an element in the entry
   * @param {string} id of the alarm; "": none
   */
  #write(event, id) {
    return this.#writeIn(/** @type {Element} */ (event.target).closest("li"), id);
  }

  /**
   * @param {Element | null} entry
   * @param {string} id
   */
  async #writeIn(entry, id) {
    this.writing = id;
    this.failure = "";
    await this.updateComplete;
    /** @type {HTMLElement | null | undefined} */ (entry?.querySelector("textarea, .acts button"))?.focus();
  }

  /**
   * @param {Event} event of the form
   * @param {LoggedAlarm} alarm
   */
  async #acknowledge(event, { id, node }) {
    // An event has no target any more when it was dispatched.
    const entry = /** @type {Element} */ (event.target).closest("li");
    const note = this.renderRoot.querySelector("textarea")?.value.trim();
    this.failure = await acknowledge(this.hass, this.texts, node, { alarm: id, ...(note && { note }) });
    if (this.failure) return;
    await this.pages.refresh();
    await this.#writeIn(entry, "");
  }

  /**
   * @param {LoggedAlarm} alarm
   * @param {number} time of the image
   */
  #show({ id, node }, time) {
    this.dispatchEvent(new CustomEvent("alarm-image", { detail: { id, node, time } }));
  }
}

define({ "battery-thermal-alarm-list": AlarmList });
