/** How the user wants times and numbers to be written. */

/** @type {Record<string, "h12" | "h23" | undefined>} how the user counts hours */
const HOURS = { 12: "h12", 24: "h23" };

/**
 * @param {Hass} hass
 * @returns {"h11" | "h12" | "h23" | "h24" | undefined} how hours are counted: as the profile
 *   says, as the language does, or as the browser does
 */
export function hourCycleOf({ locale: { language, time_format: clock } }) {
  const ofLanguage = clock === "system" ? undefined : language;
  return HOURS[clock] ?? new Intl.DateTimeFormat(ofLanguage, { hour: "numeric" }).resolvedOptions().hourCycle;
}

/**
 * @param {Hass} hass
 * @returns {string | undefined} the user's time zone; undefined: the browser's
 */
export function zoneOf(hass) {
  return hass.locale.time_zone === "server" ? hass.config.time_zone : undefined;
}

/**
 * Languages that write numbers as the user wants them; Home Assistant's frontend has the
 * same table.
 *
 * @type {Record<string, string | undefined>}
 */
const NUMBERS = {
  comma_decimal: "en-US",
  decimal_comma: "de",
  space_comma: "fr",
  quote_decimal: "de-CH",
  none: "en-US",
};

/**
 * @param {HassLocale} locale
 * @returns {string | undefined} undefined: the browser's own
 */
export function numberLocale({ language, number_format: format }) {
  return format === "system" ? undefined : (NUMBERS[format] ?? language);
}

/**
 * Return the same function as long as the profile, the server's time zone and its units are the
 * same: it is slow to make, and an element that gets the same one is not drawn again.
 *
 * @template T
 * @param {(hass: Hass) => T} make
 * @returns {(hass: Hass) => T}
 */
export function kept(make) {
  /** @type {unknown[]} */
  let inputs = [];
  /** @type {T} */
  let format;
  return (hass) => {
    const now = [hass.locale, hass.config.time_zone, hass.config.unit_system?.temperature];
    if (now.some((it, index) => it !== inputs[index]) || !inputs.length) {
      inputs = now;
      format = make(hass);
    }
    return format;
  };
}
