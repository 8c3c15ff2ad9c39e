/** Who is signed in, and the way out; where people can sign in and have not, the way in. */

import { signOut, whoIsThere } from "./api.js";
import { announce, el, need } from "./dom.js";
import { signInAddress } from "./links.js";
import { forgetEverything } from "./memory.js";
import { Trouble } from "./problem.js";
import { strings } from "./strings.js";

const words = strings.person;
const place = need("person", HTMLElement);
const main = need("main", HTMLElement);

/** Show who is signed in; nothing where nobody is asked who they are. */
export async function showPerson() {
  try {
    const { name, way, sign_in: signIn } = await whoIsThere();
    if (name) {
      place.replaceChildren(el("span", { class: "person-name", dir: "auto", title: words.signedIn(name) }, words.signedIn(name)));
      // Whom a proxy vouches for, the proxy would let in again at once.
      if (way === "session") place.append(el("button", { type: "button", class: "link-button", onclick: leave }, words.signOut));
    } else if (!way && signIn) place.replaceChildren(el("a", { href: signInAddress(signIn) }, words.signIn));
    place.hidden = place.childElementCount === 0;
  } catch (cause) {
    // Who is there is a courtesy: where it cannot be had, whatever else fails says why.
    if (!(cause instanceof Trouble)) throw cause;
  }
}

async function leave() {
  if (!(await signOut())) {
    announce(words.failed);
    place.firstElementChild?.replaceChildren(words.failed);
    return;
  }
  forgetEverything();
  place.hidden = true;
  document.body.classList.remove("has-answer", "has-beside");
  document.getElementById("beside")?.replaceChildren();
  const title = el("h1", { tabindex: "-1" }, words.outTitle);
  main.replaceChildren(el("div", { class: "reader-head" }, title, el("p", {}, words.outDetail),
    el("p", {}, el("a", { href: "/", class: "button" }, words.again))));
  document.title = words.outTitle;
  title.focus();
}
