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

const RECORDING = /\.(?:mp3|m4a|aac|oga|ogg|opus|wav|flac|mp4|m4v|webm|ogv|mov)$/i;

/**
 * Return the address from which a recording plays at a time; null where the address is no recording, or the time is
 * not known. A file takes a media fragment (W3C, Media Fragments URI 1.0), as Vimeo does, YouTube its own parameter.
 *
 * @param {string | null | undefined} address
 * @param {number | null | undefined} seconds
 * @returns {string | null}
 */
export function mediaLink(address, seconds) {
  const outside = outsideLink(address);
  if (!outside || seconds === null || seconds === undefined) return null;
  const url = new URL(outside);
  const at = Math.max(0, Math.floor(seconds));
  if (/^(?:www\.|m\.)?youtube\.com$|^youtu\.be$/.test(url.hostname)) url.searchParams.set("t", `${at}s`);
  else if (/^(?:www\.|player\.)?vimeo\.com$/.test(url.hostname)) url.hash = `t=${at}s`;
  else if (RECORDING.test(url.pathname)) url.hash = `t=${at}`;
  else return null;
  return url.href;
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

/**
 * Return where to sign in, and then to come back to the page that is shown.
 *
 * @param {string} signIn  A path of this server.
 */
export const signInAddress = (signIn) => {
  const { pathname, search, hash } = window.location;
  return `${signIn}?${new URLSearchParams({ next: pathname + search + hash })}`;
};
