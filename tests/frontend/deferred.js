/**
 * Return a promise that the test settles. Promise.withResolvers is newer than some of the Node.js that run the tests.
 *
 * @returns {{promise: Promise<void>, resolve: () => void, reject: (reason: unknown) => void}}
 */
export function deferred() {
  let resolve = () => {};
  /** @type {(reason: unknown) => void} */
  let reject = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
