/** What a host page has set on its element: words, language, addresses. Read anew each time: a page may change them. */

/** Where this script came from is where it asks, unless told otherwise. */
const ORIGIN = document.currentScript instanceof HTMLScriptElement ? new URL(document.currentScript.src || "/", document.baseURI).origin : "";

/** @type {Record<string, Partial<typeof STRINGS["en-GB"]>>} */
const languages = STRINGS;

/**
 * Return the language of the widget's own words: that of the page, if there are words in it.
 *
 * @param {Element} element
 */
function languageOf(element) {
  const wanted = (element.closest("[lang]")?.getAttribute("lang") ?? "").toLowerCase();
  const known = Object.keys(languages);
  const [short] = wanted.split("-");
  return known.find((lang) => lang.toLowerCase() === wanted) ?? known.find((lang) => lang.split("-")[0] === short) ?? "en-GB";
}

/**
 * Say something in the page's words, if it has any, else in its language, else in English.
 *
 * @param {Element} element
 * @param {StringKey} key
 * @param {Record<string, string | number>} [values]
 */
function sayFor(element, key, values = {}) {
  const attribute = `text-${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const words = element.getAttribute(attribute) ?? languages[languageOf(element)]?.[key] ?? STRINGS["en-GB"][key];
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {Element} element
 * @param {string} path  On the server that is asked.
 */
function addressFor(element, path) {
  const endpoint = webAddress(element.getAttribute("endpoint")?.trim() || ORIGIN, document.baseURI);
  if (!endpoint) throw new Error("turnwise-chat: the attribute `endpoint` is no http or https address");
  return new URL(endpoint.pathname.replace(/\/$/, "") + path, endpoint.origin);
}

/**
 * Return the reader's address for a link of the server; null for whatever leads elsewhere.
 *
 * @param {Element} element
 * @param {string} link
 * @returns {string | null}
 */
function readerLinkFor(element, link) {
  if (typeof link !== "string" || !link.startsWith("/transcripts/")) return null;
  const address = addressFor(element, link);
  return address.pathname.startsWith(addressFor(element, "/transcripts/").pathname) ? address.href : null;
}

/** @param {Element} element  Empty where the page gives no tokens. */
const tokenUrlOf = (element) =>
  (element.hasAttribute("token-url") ? new URL(element.getAttribute("token-url") ?? "", document.baseURI).href : "");

/**
 * @param {Element} element
 * @returns {Asked["filters"]}
 */
function filtersOf(element) {
  const collections = (element.getAttribute("collection") ?? "").split(",").map((name) => name.trim()).filter(Boolean);
  return collections.length ? { collections } : {};
}
