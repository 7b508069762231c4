/** Versions of firmware: order, the newest, and who is behind. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { compareVersions, newerVersion, newestVersions } from "../../../custom_components/esp32_sensors/frontend/firmware.js";

/** @type {(name: string, version: string) => any} */
const boardWith = (name, version) => ({ firmware: { name, version } });

test("versions are in the order of their numbers, and what is before a release is older", () => {
  const inOrder = ["0.9", "1.0.0-beta2", "1.0.0-beta10", "1.0.0rc1", "1.0", "1.0.1", "v1.2", "1.10.0", "2024.12"];
  for (const [place, older] of inOrder.entries()) {
    for (const newer of inOrder.slice(place + 1)) {
      assert.ok(Number(compareVersions(older, newer)) < 0, `${older} ${newer}`);
      assert.ok(Number(compareVersions(newer, older)) > 0, `${newer} ${older}`);
    }
  }
  for (const [one, other] of [["1", "1.0.0"], ["v1.0", "1.0+build7"], ["1.0-a", "1.0-a"]]) {
    assert.equal(compareVersions(one, other), 0, `${one} ${other}`);
  }
});

test("what is no version is compared with nothing", () => {
  for (const version of ["", "main", "3fa9c1e", "1..2", "1.0 2"]) {
    assert.equal(compareVersions(version, "1.0"), null, version);
    assert.equal(compareVersions("1.0", version), null, version);
  }
});

test("a board is behind when others of the same firmware have a newer version", () => {
  const boards = [
    boardWith("A", "1.9"),
    boardWith("A", "1.10"),
    boardWith("A", "1.2"),
    boardWith("A", "main"),
    boardWith("B", "0.1"),
    /** @type {any} */ ({ firmware: null }),
  ];
  const newest = newestVersions(boards);
  assert.deepEqual([...newest], [["A", "1.10"], ["B", "0.1"]]);
  assert.deepEqual(boards.map((board) => newerVersion(board, newest)), ["1.10", null, "1.10", null, null, null]);
  assert.equal(newerVersion(boardWith("C", "1"), newest), null);
});
