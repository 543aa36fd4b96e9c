// Keys for what stands on the page; without this everything works by mouse, touch and Tab.
"use strict";
(() => {
  const cases = [...document.querySelectorAll("[data-case]")];
  let at = -1;

  const mark = (to) => {
    at = to;
    cases.forEach((one, place) => one.classList.toggle("chosen", place === at));
  };

  const choose = (to) => {
    if (!cases.length) return;
    mark(Math.min(Math.max(to, 0), cases.length - 1));
    cases[at].focus({ preventScroll: true });
    cases[at].scrollIntoView({ block: "nearest" });
  };

  // What a key stands for: in the chosen case, or outside of all of them, and never in another one.
  const within = (key) => {
    const named = [...document.querySelectorAll(`[data-key="${key}"]`)];
    const own = (one) => one.closest("[data-case]") === (cases[at] ?? null);
    return named.find(own) ?? named.find((one) => !one.closest("[data-case]"));
  };

  // Decisions are two presses: the first puts the focus on the button, Enter presses it.
  const press = (key) => {
    const found = within(key);
    if (!found) return false;
    if (found.tagName === "BUTTON") found.focus();
    else found.click();
    return true;
  };

  const help = () => {
    const keys = document.getElementById("keys");
    if (!keys) return;
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select")) return;
    const { key } = event;
    if (key === "?") help();
    else if (key === "j" && cases.length) choose(at + 1);
    else if (key === "k" && cases.length) choose(at - 1);
    else if (!"jkopdesug".includes(key) || key.length !== 1 || !press(key)) return;
    event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    const place = cases.indexOf(event.target.closest("[data-case]"));
    if (place >= 0) mark(place);
  });

  if (cases.length) choose(0);
})();
