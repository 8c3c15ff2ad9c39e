/** Put dates, times and people into words. */

import { strings } from "./strings.js";

const dateFormat = new Intl.DateTimeFormat(strings.locale, {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});

/**
 * Write an ISO date as "6 December 2023"; what is not an ISO date stays as it is, and none is empty.
 *
 * @param {string | null | undefined} iso
 * @returns {string}
 */
export function dateInWords(iso) {
  if (!iso) return "";
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? iso : dateFormat.format(date);
}

/**
 * Write seconds as "12:05", or "1:02:05" from an hour on; none is empty.
 *
 * @param {number | null | undefined} seconds
 * @returns {string}
 */
export function clock(seconds) {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return "";
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

/**
 * Join the parts that are there with ", ".
 *
 * @param {...(string | null | undefined)} parts
 */
export const list = (...parts) => parts.filter(Boolean).join(", ");

/**
 * Write a role and an organisation; the organisation is left out where the role names it already.
 *
 * @param {string | null | undefined} role
 * @param {string | null | undefined} organisation
 */
export function post(role, organisation) {
  return role && organisation && role.toLowerCase().includes(organisation.toLowerCase()) ? role : list(role, organisation);
}

/**
 * Return the speaker's name, or words that say that it is not known.
 *
 * @param {{speaker: string | null}} said
 */
export const who = (said) => said.speaker ?? strings.attribution.unknownSpeaker;
