/** Decide which addresses may become links: a transcript's own words never choose a scheme. */

/**
 * Return an outside address if it is http or https, else null.
 *
 * @param {string | null | undefined} address
 * @returns {string | null}
 */
export function outsideLink(address) {
  if (!address) return null;
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * Return a reader link if it stays on this site's reader, else null.
 *
 * @param {string | null | undefined} link
 * @param {string} [origin]
 * @returns {string | null}
 */
export function readerLink(link, origin = window.location.origin) {
  if (!link) return null;
  try {
    const url = new URL(link, origin);
    const ours = url.origin === origin && url.pathname.startsWith("/transcripts/");
    return ours ? url.pathname + url.search + url.hash : null;
  } catch {
    return null;
  }
}

/**
 * Return the reader's address of a transcript, and of a turn in it.
 *
 * @param {string} id
 * @param {number} [turn]
 */
export const transcriptAddress = (id, turn) =>
  `/transcripts/${encodeURIComponent(id)}${turn === undefined ? "" : `#turn-${turn}`}`;

/**
 * Return the transcript id that a reader's path names; null when it names none or is wrongly encoded.
 *
 * @param {string} pathname
 * @returns {string | null}
 */
export function transcriptIdOf(pathname) {
  const encoded = /^\/transcripts\/(.+)$/.exec(pathname)?.[1];
  try {
    return encoded ? decodeURIComponent(encoded) : null;
  } catch {
    return null;
  }
}
