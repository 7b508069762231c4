/** Bundle what common/frontend/vendor/lit.entry.mjs names into lit.js beside it, and pin its SHA-256 in package.json. */

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../", import.meta.url);
const FOLDER = new URL("common/frontend/vendor/", ROOT);

/** @returns {Promise<string>} the module, as the pinned packages and the pinned bundler make it */
export async function bundle() {
  const require = createRequire(new URL(".venvs/node/", ROOT));
  const { version } = JSON.parse(await readFile(new URL(".venvs/node/node_modules/lit/package.json", ROOT), "utf8"));
  const { outputFiles } = await require("esbuild").build({
    entryPoints: [fileURLToPath(new URL("lit.entry.mjs", FOLDER))],
    bundle: true,
    format: "esm",
    legalComments: "inline",
    minify: true,
    nodePaths: [fileURLToPath(new URL(".venvs/node/node_modules", ROOT))],
    banner: { js: `// lit ${version} (BSD-3-Clause, see LICENSE), bundled by script/vendor.` },
    target: "es2021",
    write: false,
  });
  return outputFiles[0].text;
}

/** @param {string} text */
export const sha256 = (text) => createHash("sha256").update(text).digest("hex");

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await bundle();
  await writeFile(new URL("lit.js", FOLDER), text);
  const packageFile = new URL("package.json", ROOT);
  const description = JSON.parse(await readFile(packageFile, "utf8"));
  description.vendored = { "common/frontend/vendor/lit.js": sha256(text) };
  await writeFile(packageFile, `${JSON.stringify(description, null, 2)}\n`);
}
