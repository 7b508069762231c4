/** The thermal card: a battery bank, as hot as it was seen last. */

import { showAlarms } from "./alarms.js";
import { BatteryCard } from "./battery-card.js";
import { CellTable } from "./cell-table.js";
import { h, setAttribute, setText } from "./dom.js";
import { feedOf } from "./feed.js";
import { thermalForm } from "./forms.js";
import { extremes, onSensor } from "./heat.js";
import {
  ageFormat,
  deviceOf,
  entityNameOf,
  nameOf,
  nodeDevices,
  statesOf,
  temperatureFormat,
  timeFormat,
} from "./home-assistant.js";
import { PALETTES, SCALES, LookChoice } from "./look-choice.js";
import { Picture } from "./picture.js";
import { fromUnit } from "./scale.js";
import { Settings } from "./settings.js";
import { thermal } from "./styles.js";
import { TimeSlider } from "./time-slider.js";
import { ValueTable } from "./value-table.js";

/** What is worth knowing of the way the node is heard, as far as it is enabled. */
const LINK = ["last_uplink", "spreading_factor", "rssi", "snr", "gateways", "airtime", "downlinks", "lost_lines"];

/** Milliseconds. Ages are in minutes. */
const AGES = 15_000;

export class ThermalCard extends BatteryCard {
  #drawn = [];

  constructor() {
    super();
    this.shadowRoot.adoptedStyleSheets.push(thermal);
  }

  static getConfigForm() {
    return thermalForm();
  }

  static getStubConfig(hass) {
    const [device] = nodeDevices(hass);
    return device ? { device: device.id } : {};
  }

  getCardSize() {
    return 8;
  }

  getGridOptions() {
    return this.config.small
      ? { columns: 6, rows: "auto", min_columns: 4 }
      : { columns: 12, rows: "auto", min_columns: 6 };
  }

  setConfig(config) {
    for (const [key, known] of [["palette", PALETTES], ["scale", SCALES]]) {
      if (config[key] && !known.includes(config[key])) throw new Error(`${key}: ${known.join(", ")}`);
    }
    super.setConfig(config);
  }

  follow() {
    this.feed = feedOf(this.hass.connection);
    const stop = this.feed.listen(() => this.changed());
    const timer = setInterval(() => this.changed(), AGES);
    this.picture?.resized.observe(this.picture.element);
    return () => {
      stop();
      clearInterval(timer);
      this.picture?.resized.disconnect();
      this.slider?.stop();
    };
  }

  create() {
    const { texts, config } = this;
    this.picture?.resized.disconnect();
    this.slider?.stop();
    this.#drawn = [];
    this.name = h("h2");
    this.age = h("span", { class: "secondary" });
    this.alarms = h("div", { class: "alarms", role: "status" });
    this.picture = new Picture(texts("card.picture"), (spot, pinned) => this.#showSpot(spot, pinned));
    this.picture.resized.observe(this.picture.element);
    this.spot = h("p", { class: "spot", role: "status" });
    this.bar = h("progress", { "aria-label": texts("card.progress") });
    this.lines = h("span", { class: "secondary" });
    this.progress = h("div", { class: "progress" }, this.bar, this.lines);
    this.figures = Object.fromEntries(
      ["hottest", "coldest", "mean", "ambient"].map((key) => [key, h("dd")]),
    );
    const figures = Object.entries(this.figures).map(([key, value]) =>
      h("div", {}, h("dt", {}, texts(`card.${key}`)), value),
    );
    this.look = new LookChoice(texts, config, () => this.changed());
    this.slider = new TimeSlider(texts, () => this.changed());
    this.settings = new Settings(texts);
    this.link = h("p", { class: "link secondary" });
    this.cells = new CellTable(texts);
    this.table = new ValueTable(texts);
    this.note = h("p", { class: "note secondary", role: "status" });
    this.body = h(
      "div",
      { class: config.small ? "body small" : "body" },
      h(
        "div",
        { class: "seen" },
        this.picture.element,
        this.spot,
        this.progress,
        ...(config.small ? [] : [this.slider.element]),
      ),
      h(
        "div",
        { class: "more" },
        h("dl", { class: "figures" }, ...figures),
        ...(config.small
          ? []
          : [
              this.look.element,
              this.settings.element,
              this.link,
              this.cells.element,
              this.table.element,
            ]),
      ),
    );
    this.card.append(
      h("div", { class: "head" }, this.name, this.age),
      this.alarms,
      this.note,
      this.body,
    );
  }

  /** The node that was chosen, or the first one. */
  #node() {
    const nodes = [...this.feed.nodes.values()];
    const { device } = this.config;
    return device ? nodes.find(({ id }) => deviceOf(this.hass, id)?.id === device) : nodes[0];
  }

  update() {
    const { hass, texts } = this;
    const node = this.#node();
    const device = node && deviceOf(hass, node.id);
    this.write = temperatureFormat(hass);
    this.card.toggleAttribute("data-stale", this.feed.known && !this.feed.live);
    setText(this.name, this.config.title ?? (nameOf(device) || texts("card.title")));
    if (node && !this.config.small) this.slider.show(hass, node, this.feed.live);
    const past = node && this.slider.shown;
    const image = past ? past.image : node?.image;
    this.note.hidden = Boolean(image);
    setText(this.note, texts(this.#emptyBecause(node)));
    this.body.hidden = !node;
    for (const part of [this.picture.element, this.spot, this.progress]) part.hidden = !image;
    setText(this.age, image ? this.#when(image) : "");
    setAttribute(this.age, "data-past", Boolean(past));
    // What is not there is in no alarm.
    if (!node) return showAlarms(this.alarms, []);
    const states = statesOf(hass, device);
    this.#showAlarms(states.alarms, image);
    this.settings.show(hass, node, states, this.write);
    const link = LINK.map((key) => states[`sensor.${key}`]).filter((it) => it && !["unknown", "unavailable"].includes(it.state));
    setText(this.link, link.map((it) => this.#linkText(it)).join(" · "));
    setText(this.figures.ambient, this.#ambientText(past, states["sensor.ambient"]));
    // Before the first image: the controls are of use already.
    const { palette, scale } = this.look.choose(node.look);
    if (image) this.#showImage(node, image, { palette, scale, threshold: past?.threshold ?? node.threshold });
  }

  #emptyBecause(node) {
    if (!this.feed.known) return "card.loading";
    if (node) return "card.no_image";
    return this.config.device ? "card.node_gone" : "card.no_node";
  }

  /** As warm as it was around the image that is looked at. */
  #ambientText(past, now) {
    if (past) return past.ambient === null ? "–" : this.write(past.ambient, 0);
    return now ? this.hass.formatEntityState(now) : "–";
  }

  #when(image) {
    const { hass, texts } = this;
    const time = timeFormat(hass)(image.updated_at);
    return `${time} (${ageFormat(hass)(image.updated_at)}), ${texts(`settings.${image.mode}`)}`;
  }

  #linkText(state) {
    const limit = state.attributes.limit;
    const name = entityNameOf(this.hass, state);
    const value = this.hass.formatEntityState(state);
    return `${name}: ${value}${limit === undefined || limit === null ? "" : ` / ${limit}`}`;
  }

  #showAlarms(alarms, image) {
    const suspect = image?.suspect ? [{ text: this.texts("card.suspect"), level: "warning" }] : [];
    showAlarms(this.alarms, [...alarms, ...suspect]);
  }

  #showImage(node, image, { palette, scale, threshold }) {
    const { config, hass } = this;
    const { look } = node;
    const inputs = [image, palette, scale, threshold, look, config, hass.config, hass.locale, hass.themes];
    if (inputs.every((it, index) => it === this.#drawn[index])) return;
    this.#drawn = inputs;
    this.turned = look.quarters || look.mirror ? look : null;
    this.image = image;
    this.picture.show(image, {
      palette,
      scale,
      threshold,
      low: this.#celsius(config.low) ?? look.low,
      high: this.#celsius(config.high) ?? look.high,
      minimumSpan: look.minimum_span,
      marks: look.marks,
      grid: look.cells?.drawn ? look.cells : null,
      palettes: this.feed.palettes,
      write: this.write,
    });
    const spots = extremes(image);
    setText(this.figures.hottest, this.write(image.maximum));
    setText(this.figures.coldest, this.write(image.minimum));
    setText(this.figures.mean, spots ? this.write(image.mean) : "–");
    setAttribute(this.bar, "max", image.lines_expected);
    setAttribute(this.bar, "value", image.lines_received);
    const missing = image.missing_lines;
    const key = !missing.length ? "complete" : image.closed ? "lines_missing" : "lines";
    setText(
      this.lines,
      this.texts(`card.${key}`, {
        received: image.lines_received,
        expected: image.lines_expected,
        missing: missing.map((line) => line + 1).join(", "),
      }),
    );
    this.bar.hidden = image.closed;
    this.cells.show(look.cells, image.cells, this.write, (celsius) => this.picture.colourOf(celsius));
    this.table.show(image, this.write);
  }

  /** The card's own ends of the scale are in the house's unit, as in other cards. */
  #celsius(value) {
    return typeof value === "number" ? fromUnit(value, this.write.unit) : null;
  }

  #showSpot(spot, pinned) {
    setText(this.spot, spot ? this.#spotText(spot) : this.texts("card.touch"));
    setAttribute(this.spot, "data-pinned", pinned);
  }

  #spotText({ row, column, value }) {
    const counted = (place) => ({ row: place.row + 1, column: place.column + 1 });
    const place = counted({ row, column });
    const blocks = this.image.mode === "fast";
    const text =
      value === null
        ? this.texts("card.spot_missing", place)
        : this.texts(blocks ? "card.spot_block" : "card.spot", { ...place, value: this.write(value) });
    // The hottest pixel of a block may be any of it.
    if (!this.turned || blocks) return text;
    // Dead pixels are named by where they are on the sensor.
    const sensor = onSensor({ row, column }, this.image, this.turned);
    return `${text} ${this.texts("card.spot_sensor", counted(sensor))}`;
  }
}
