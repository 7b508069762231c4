/** Elements are defined once, and again in a registry that takes the place of the first. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { deferred } from "../deferred.js";

import { define } from "../../../common/frontend/define.js";

/** A registry of elements, and what a test needs of it. */
function registryOf() {
  /** @type {Map<string, unknown>} */
  const defined = new Map();
  const started = deferred();
  return {
    defined,
    started,
    registry: {
      get: (/** @type {string} */ tag) => defined.get(tag),
      define: (/** @type {string} */ tag, /** @type {unknown} */ element) => {
        assert.ok(!defined.has(tag), `${tag} was defined twice`);
        defined.set(tag, element);
      },
      whenDefined: () => started.promise,
    },
  };
}

test("elements are defined in the registry that is there, and in the one that replaces it", async () => {
  /** @type {any} */
  const card = class {};
  const [first, second] = [registryOf(), registryOf()];
  Object.assign(globalThis, { customElements: first.registry });
  define({ "a-card": card });
  assert.equal(first.defined.get("a-card"), card);
  Object.assign(globalThis, { customElements: second.registry });
  first.started.resolve();
  await first.started.promise;
  assert.equal(second.defined.get("a-card"), card);
});

test("no element is defined twice where no registry was replaced", async () => {
  const { defined, started, registry } = registryOf();
  Object.assign(globalThis, { customElements: registry });
  /** @type {any} */
  const card = class {};
  defined.set("a-card", card);
  define({ "a-card": card, "b-card": card });
  started.resolve();
  await started.promise;
  assert.deepEqual([...defined.keys()], ["a-card", "b-card"]);
});
