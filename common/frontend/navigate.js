/** Ways from a card to other pages and dialogs of the frontend. */

/**
 * Follow a link without loading Home Assistant again; in another tab or window as the
 * browser does it.
 *
 * @param {MouseEvent} event a click on the link
 */
export function go(event) {
  const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  if (!href || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", href);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}

/**
 * Open the frontend's dialog about an entity, which has its history.
 *
 * @param {EventTarget} element where the event begins
 * @param {string} entityId
 */
export function moreInfo(element, entityId) {
  element.dispatchEvent(new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId } }));
}
