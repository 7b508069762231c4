/** Going from page to page. */

/**
 * Go where a link leads without loading Home Assistant again; in another tab or window as
 * the browser does it.
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
