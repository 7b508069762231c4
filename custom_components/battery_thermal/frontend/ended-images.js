/** Which image a viewer sees who wants no lines of an image before it has ended. Pure. */

/** @typedef {import("./nodes.js").ThermalImage} ThermalImage */

/** K by which the maxima of two images of the same scene may differ, by the sensor's noise. */
const NOISE = 1;

/** @type {WeakMap<ThermalImage, ThermalImage>} what is shown instead of an image: the same object each time */
const instead = new WeakMap();

/**
 * @param {{image: ThermalImage | null, ended?: ThermalImage | null}} node
 * @param {boolean} onlyEnded whether lines of the next image are to be left out
 * @returns {ThermalImage | null} the image to show. What is clearly hotter, or may be, always shows.
 */
export function shownImage({ image, ended }, onlyEnded) {
  if (!onlyEnded || !image?.next || !ended) return image;
  if (image.maximum >= ended.maximum + NOISE || image.over_range || image.doubtful?.length) return image;
  const shown = instead.get(image) ?? { ...ended, next: image.next };
  instead.set(image, shown);
  return shown;
}
