/** How the page may move for this person. */

/** @returns {ScrollBehavior} */
export const movement = () => (window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
