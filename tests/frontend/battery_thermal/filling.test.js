import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { filled } from "../../../custom_components/battery_thermal/frontend/filling.js";

/** Made by the integration's own drawing, tests/battery_thermal/render/test_field.py. */
const cases = JSON.parse(readFileSync(new URL("filling.json", import.meta.url), "utf8"));

/** @type {(rows: ((number | null)[] | null)[]) => any} */
const image = (rows) => ({ rows, width: rows.find(Boolean)?.length ?? 2, mean: 20 });

for (const { name, rows, expected } of cases) {
  test(`${name}: filled as in the camera's picture`, () => {
    const found = filled(image(rows));
    assert.equal(found.length, expected.length);
    found.forEach((row, y) =>
      row.forEach((value, x) => assert.ok(Math.abs(value - expected[y][x]) < 1e-4, `row ${y}, column ${x}: ${value}`)),
    );
  });
}

test("missing lines may be absent", () => {
  assert.deepEqual(filled(image([[1, 2], null, [3, 4]])).map((row) => [...row]), [[1, 2], [2, 3], [3, 4]]);
});

test("an image without a pixel has its mean everywhere", () => {
  assert.deepEqual(filled(image([null])).map((row) => [...row]), [[20, 20]]);
});
