/** The images of a day, fetched as somebody looks through them. Pure, except for `fetch`. */

/** Images that are kept: more than a day of slow ones, 5 kB each. */
const KEPT = 200;

/** Neighbours to both sides that are fetched while nobody waits for another one. */
const AHEAD = 4;

/**
 * @template T
 */
export class Album {
  /** @type {number[]} when the images were started, milliseconds since the epoch */
  times = [];
  /** @type {Map<number, T>} the most recently used ones last */
  #images = new Map();
  #fetch;
  #found;
  /** @type {number | null} what is looked at */
  #time = null;
  #busy = false;

  /**
   * @param {(time: number) => Promise<T>} fetch
   * @param {(time: number, image: T | null) => void} found called with the image that is
   *   looked at, as soon as it is there; null: the fetch failed
   */
  constructor(fetch, found) {
    this.#fetch = fetch;
    this.#found = found;
  }

  /**
   * Look at an image. One image is fetched at a time, and the next is the one that is looked
   * at by then: images that were passed quickly are not fetched.
   *
   * @param {number | null} time null: at none
   */
  look(time) {
    this.#time = time;
    const image = time === null ? undefined : this.#images.get(time);
    if (time !== null && image !== undefined) {
      this.#keep(time, image);
      this.#found(time, image);
    }
    this.#next();
  }

  async #next() {
    const time = this.#busy ? undefined : this.#wanted();
    if (time === undefined) return;
    this.#busy = true;
    let image = null;
    try {
      image = await this.#fetch(time);
      this.#keep(time, image);
    } catch {
      // A neighbour that failed is fetched again when it is looked at.
    }
    this.#busy = false;
    if (time === this.#time) this.#found(time, image);
    if (image !== null) this.#next();
    // What has failed would fail again; but not another image that is looked at meanwhile.
    else if (time !== this.#time && !(this.#time !== null && this.#images.has(this.#time))) this.#next();
  }

  /** What is to be fetched: what is looked at, then what is nearest to it. */
  #wanted() {
    if (this.#time === null) return undefined;
    const at = this.times.indexOf(this.#time);
    const near = Array.from({ length: AHEAD }, (_, index) => [at + index + 1, at - index - 1]).flat();
    const times = at < 0 ? [] : near.map((index) => this.times[index]);
    return [this.#time, ...times].find((time) => time !== undefined && !this.#images.has(time));
  }

  /**
   * @param {number} time
   * @param {T} image
   */
  #keep(time, image) {
    this.#images.delete(time);
    this.#images.set(time, image);
    if (this.#images.size > KEPT) this.#images.delete(/** @type {number} */ (this.#images.keys().next().value));
  }
}
