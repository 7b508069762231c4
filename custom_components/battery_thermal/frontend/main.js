/** Entry of the dashboards' code: loads the cards, or a message where the browser is too old. */

import { start } from "./common/start.js";

start(
  () => import("./cards.js"),
  ["battery-thermal-card", "battery-thermal-alarms", "battery-thermal-welcome"],
  { "ll-strategy-dashboard-battery-thermal": () => import("./strategy.js").then(({ BatteryStrategy }) => BatteryStrategy) },
);
