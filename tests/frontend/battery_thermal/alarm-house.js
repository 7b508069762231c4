/** What the tests of the alarm log share: alarms, and a house that has them in its log. */

import { mock } from "node:test";

import { KEYS } from "../page.js";

export const AT = Date.UTC(2026, 2, 1, 12);

/** @type {(number: number, more?: object) => any} */
export const alarmOf = (number, more = {}) => ({
  id: `rise-${number}`,
  node: "a",
  control: true,
  kind: "rise",
  quantity: "rate",
  level: "warning",
  area: null,
  area_key: null,
  certain: true,
  peak: 2,
  peak_at: AT,
  over_range: false,
  since: AT,
  ended_at: null,
  begin_image: null,
  peak_image: null,
  end_image: null,
  acknowledged: false,
  acknowledged_at: null,
  acknowledged_by: null,
  note: null,
  ...more,
});

/**
 * A house whose log has some alarms, the newest first.
 *
 * @param {any[]} alarms
 */
export function houseOf(alarms) {
  /** @type {{alarms: any[], error: any}} */
  const answers = { alarms, error: null };
  /** @type {any} */
  const hass = {
    language: "en",
    locale: { language: "en", time_format: "24", number_format: "language", time_zone: "server" },
    config: { time_zone: "Etc/UTC", unit_system: { temperature: "°C" } },
    devices: {
      d1: { id: "d1", name: "Bank", identifiers: [["battery_thermal", "a"]] },
      d2: { id: "d2", name: "Shed", identifiers: [["battery_thermal", "b"]] },
    },
    entities: {},
    states: {},
    callService: mock.fn(async () => undefined),
    callWS: mock.fn(async (/** @type {any} */ { type, path, count, before, node }) => {
      if (type === "frontend/get_translations") return { resources: KEYS };
      if (type === "auth/sign_path") return { path: `${path}?signed` };
      if (answers.error) throw answers.error;
      const of = answers.alarms.filter((one) => !node || one.node === node);
      const begin = before ? of.findIndex(({ id }) => id === before) + 1 : 0;
      const page = of.slice(begin, begin + count);
      return { alarms: page, next: page.length === count ? page[page.length - 1].id : null };
    }),
  };
  const asked = () => hass.callWS.mock.calls.map((/** @type {any} */ { arguments: [it] }) => it).filter((/** @type {any} */ { type }) => type.endsWith("/alarms"));
  return { answers, asked, hass };
}
