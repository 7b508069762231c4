/**
 * Texts of the dashboards, in the language of whoever looks: those of the integration's
 * translations, under `config_panel`.
 *
 * `esp32_sensors` has the same file but for the domain: each integration is installed
 * without the other.
 */

const DOMAIN = "battery_thermal";

/** Milliseconds: after a fetch that failed, and until the page has its `hass`. */
const FETCH_AGAIN = 1000;
const LOOK_AGAIN = 50;

/**
 * @callback Texts
 * @param {string} key `group.name`
 * @param {Record<string, string | number>} [values] for the placeholders; `count` chooses
 *   `group.name_one`, `group.name_other` or what else the language has, where there are
 *   such
 * @returns {string} "": there is none of this name
 */

/** @type {Map<string, Promise<Record<string, string>>>} fetched, or on their way */
const fetches = new Map();

/**
 * Fetch the texts, again and again until they are there. The frontend's own function does
 * not serve: while one card waits, or after a connection has dropped, it tells the others
 * that all is there already.
 *
 * @param {any} hass
 * @returns {Promise<Texts>}
 */
export async function loadTexts(hass) {
  for (;;) {
    try {
      const found = await translations(hass, "config_panel", DOMAIN);
      return textsOf(found, hass.language);
    } catch {
      await sleep(FETCH_AGAIN);
    }
  }
}

/**
 * Say what has gone wrong in the language of whoever looks, whoever has refused it.
 *
 * @param {any} hass
 * @param {any} error what Home Assistant has answered
 * @returns {Promise<string>} "": it does not say
 */
export async function errorText(hass, error) {
  const { translation_domain: domain, translation_key: key, translation_placeholders: values } = error ?? {};
  let text;
  if (domain && key) {
    const found = await translations(hass, "exceptions", domain).catch(() => ({}));
    text = found[`component.${domain}.exceptions.${key}.message`];
  }
  return text ? filled(text, values) : (error?.message ?? "");
}

/** @returns {Promise<any>} Home Assistant's own object, as it is now. */
export async function rootHass() {
  for (;;) {
    const hass = document.querySelector("home-assistant")?.hass;
    if (hass?.callWS && hass.language) return hass;
    await sleep(LOOK_AGAIN);
  }
}

function textsOf(found, language) {
  const plural = new Intl.PluralRules(language);
  return (key, values) => {
    const forms = values?.count === undefined ? [] : [`_${plural.select(values.count)}`, "_other"];
    const paths = [...forms, ""].map((form) => `component.${DOMAIN}.config_panel.${key}${form}`);
    return filled(found[paths.find((path) => path in found)] ?? "", values);
  };
}

function translations(hass, category, integration) {
  const { language } = hass;
  const key = `${language} ${category} ${integration}`;
  if (!fetches.has(key)) {
    const fetch = hass
      .callWS({ type: "frontend/get_translations", language, category, integration })
      .then(({ resources }) => resources);
    fetches.set(key, fetch);
    fetch.catch(() => fetches.delete(key));
  }
  return fetches.get(key);
}

const filled = (text, values = {}) => text.replace(/\{(\w+)\}/g, (all, name) => values?.[name] ?? all);
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
