/** The linter of the dashboards' modules and their tests; script/lint runs it with what .venvs/node has. */

import { createRequire } from "node:module";

const require = createRequire(new URL(".venvs/node/", import.meta.url));
const js = require("@eslint/js");
const globals = require("globals");

export default [
  { ignores: [".*/**", "dist/**", "**/vendor/lit.js"] },
  js.configs.recommended,
  {
    files: ["common/frontend/**/*.js", "custom_components/*/frontend/**/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.browser },
    rules: {
      // Safari 15 and Chromium 90 must be able to read the modules.
      "no-restricted-syntax": ["error", { selector: "StaticBlock", message: "Safari has it since 16.4." }],
      "no-console": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Texts are never read as HTML." },
        { property: "outerHTML", message: "Texts are never read as HTML." },
        { property: "insertAdjacentHTML", message: "Texts are never read as HTML." },
      ],
    },
  },
  {
    // An older browser must be able to read these two, to show a message.
    files: ["common/frontend/start.js", "custom_components/*/frontend/main.js", "custom_components/*/frontend/common/start.js"],
    languageOptions: { ecmaVersion: 2020 },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
  {
    files: ["tests/frontend/**/*.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
  {
    rules: {
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-shadow": "error",
      "no-throw-literal": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "prefer-template": "error",
    },
  },
];
