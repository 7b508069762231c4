/**
 * Texts of the dashboards, in the language of whoever looks: those of the integration's
 * translations, under `config_panel`.
 *
 * `battery_thermal` has the same file but for the domain: each integration is installed
 * without the other.
 */

const DOMAIN = "esp32_sensors";

/** A text that is there when all are, and for how long to wait for it. */
const PROBE = "editor.title";
const TRIES = 100;
const TRY_AGAIN = 50;

/**
 * @callback Texts
 * @param {string} key `group.name`
 * @param {Record<string, string | number>} [values] for the placeholders; `count` chooses
 *   `group.name_one`, `group.name_other` or what else the language has, where there are
 *   such
 * @returns {string}
 */

/**
 * Fetch the texts; Home Assistant's frontend keeps them.
 *
 * @param {any} hass
 * @returns {Promise<Texts>}
 */
export async function loadTexts(hass) {
  let localize = await hass.loadBackendTranslation("config_panel", DOMAIN);
  // It returns before they are there when another card is just fetching them.
  for (let tries = 0; !localize(path(PROBE)) && tries < TRIES; tries++) {
    await sleep(TRY_AGAIN);
    localize = (await rootHass()).localize;
  }
  const plural = new Intl.PluralRules(hass.language);
  return (key, values) => {
    const forms = values?.count === undefined ? [] : [`_${plural.select(values.count)}`, "_other"];
    for (const form of forms) {
      const text = localize(path(key + form), values);
      if (text) return text;
    }
    return localize(path(key), values);
  };
}

/** @returns {Promise<any>} Home Assistant's own object, as it is now. */
export async function rootHass() {
  for (;;) {
    const hass = document.querySelector("home-assistant")?.hass;
    if (hass?.loadBackendTranslation && hass.language) return hass;
    await sleep(TRY_AGAIN);
  }
}

const path = (key) => `component.${DOMAIN}.config_panel.${key}`;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
