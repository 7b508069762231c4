/**
 * Texts of the dashboards in the language of the viewer, from the integration's
 * translations under `config_panel`. Texts that dialogs have as well, such as the names of
 * choices, are those of other categories of translations.
 */

const OWN = "config_panel";

/** Milliseconds: after a fetch that failed, and until the page has its `hass`. */
const FETCH_AGAIN = 1000;
const LOOK_AGAIN = 50;

/**
 * @callback Texts
 * @param {string} key `group.name`; `category.…` for a text of another category
 * @param {Record<string, string | number>} [values] for the placeholders; `count` chooses
 *   `group.name_one`, `group.name_other` or another plural form of the language, where
 *   there are such
 * @returns {string} "": there is no text of this name
 */

/** @type {Map<string, Promise<Record<string, string>>>} fetched, or on their way */
const fetches = new Map();

/**
 * Fetch the texts of an integration, again and again until they are there. The frontend's
 * own function cannot be used: while one card waits, or after a connection was lost, it
 * resolves for the others before the texts are there.
 *
 * @param {Hass} hass
 * @param {string} domain
 * @param {string[]} [others] the other categories to fetch
 * @returns {Promise<Texts>}
 */
export async function loadTexts(hass, domain, others = []) {
  for (;;) {
    try {
      const fetched = [OWN, ...others].map(async (category) => [category, await translations(hass, category, domain)]);
      return textsOf(Object.fromEntries(await Promise.all(fetched)), hass.language, domain);
    } catch {
      await sleep(FETCH_AGAIN);
    }
  }
}

/**
 * Return what went wrong, in the language of the viewer.
 *
 * @param {Hass} hass
 * @param {any} error the answer of Home Assistant
 * @returns {Promise<string>} "": it does not say
 */
export async function errorText(hass, error) {
  const { translation_domain: domain, translation_key: key, translation_placeholders: values } = error ?? {};
  /** @type {string | undefined} */
  let text;
  if (domain && key) {
    const found = await translations(hass, "exceptions", domain).catch(() => /** @type {Record<string, string>} */ ({}));
    text = found[`component.${domain}.exceptions.${key}.message`];
  }
  return text ? filled(text, values) : (error?.message ?? "");
}

/** @returns {Promise<Hass>} the current object of Home Assistant's root element */
export async function rootHass() {
  for (;;) {
    const hass = document.querySelector("home-assistant")?.hass;
    if (hass?.callWS && hass.language) return hass;
    await sleep(LOOK_AGAIN);
  }
}

/**
 * Whose rules choose between singular and plural, for each language with texts; in all others the texts are English. Home
 * Assistant's "pt" is European, "pt" alone is Brazilian, which has 0 in the singular.
 *
 * @type {Record<string, string | undefined>}
 */
export const PLURALS = { en: "en", fr: "fr", pt: "pt-PT" };

/**
 * @param {Record<string, Record<string, string>>} found texts by their paths, of each category
 * @param {string} language
 * @param {string} domain
 * @returns {Texts}
 */
function textsOf(found, language, domain) {
  const plural = new Intl.PluralRules(PLURALS[language] ?? "en");
  return (key, values) => {
    const forms = values?.count === undefined ? [] : [`_${plural.select(Number(values.count))}`, "_other"];
    const [first] = key.split(".");
    const [category, place] = first in found ? [first, key] : [OWN, `${OWN}.${key}`];
    const paths = [...forms, ""].map((form) => `component.${domain}.${place}${form}`);
    const known = paths.find((path) => path in found[category]);
    return filled(known === undefined ? "" : found[category][known], values);
  };
}

/**
 * @param {Hass} hass
 * @param {string} category
 * @param {string} integration
 * @returns {Promise<Record<string, string>>} texts by their paths
 */
function translations(hass, category, integration) {
  const { language } = hass;
  const key = `${language} ${category} ${integration}`;
  let fetch = fetches.get(key);
  if (!fetch) {
    fetch = hass
      .callWS({ type: "frontend/get_translations", language, category, integration })
      .then(({ resources }) => resources);
    fetches.set(key, fetch);
    fetch.catch(() => fetches.delete(key));
  }
  return fetch;
}

/**
 * @param {string} text
 * @param {Record<string, string | number>} [values] for the placeholders
 */
const filled = (text, values = {}) => text.replace(/\{(\w+)\}/g, (all, name) => String(values?.[name] ?? all));
const sleep = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
