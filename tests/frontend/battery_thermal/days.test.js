import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, dayOf } from "../../../custom_components/battery_thermal/frontend/days.js";

const HOUR = 3_600_000;
const hours = (/** @type {string} */ day, /** @type {string} */ zone) => {
  const [start, end] = boundsOf(day, zone);
  return (end - start) / HOUR;
};

test("a day begins at midnight of the user's zone", () => {
  assert.deepEqual(
    boundsOf("2026-11-21", "Asia/Kolkata").map((time) => new Date(time).toISOString()),
    ["2026-11-20T18:30:00.000Z", "2026-11-21T18:30:00.000Z"],
  );
});

test("days with another number of hours", () => {
  assert.equal(hours("2026-03-29", "Europe/Lisbon"), 23);
  assert.equal(hours("2026-10-25", "Europe/Lisbon"), 25);
  assert.equal(hours("2026-10-26", "Europe/Lisbon"), 24);
});

test("the day of a time, and back", () => {
  for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns", "UTC", undefined]) {
    for (let time = Date.UTC(2026, 9, 20, 0, 30); time < Date.UTC(2026, 10, 5); time += 7 * HOUR) {
      const [start, end] = boundsOf(dayOf(time, zone), zone);
      assert(start <= time && time < end, `${zone} ${new Date(time).toISOString()}`);
    }
  }
});
