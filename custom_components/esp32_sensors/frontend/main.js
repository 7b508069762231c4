/** Entry of the dashboards' code: loads the cards, or a message where the browser is too old. */

import { start } from "./common/start.js";

start(
  () => import("./cards.js"),
  ["esp32-sensors-live", "esp32-sensors-history", "esp32-sensors-welcome"],
  { "ll-strategy-dashboard-esp32-sensors": () => import("./strategy.js").then(({ Esp32Strategy }) => Esp32Strategy) },
);
