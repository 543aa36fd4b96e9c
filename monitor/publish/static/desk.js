// Keys for what stands on the page; without this everything works by mouse, touch and Tab.
"use strict";
(() => {
  const cases = [...document.querySelectorAll("[data-case]")];
  let at = -1;

  const choose = (to) => {
    if (!cases.length) return;
    at = Math.min(Math.max(to, 0), cases.length - 1);
    cases.forEach((one, place) => one.classList.toggle("chosen", place === at));
    cases[at].focus({ preventScroll: true });
    cases[at].scrollIntoView({ block: "nearest" });
  };

  const within = (key) => {
    const inside = at >= 0 && cases[at].querySelector(`[data-key="${key}"]`);
    return inside || document.querySelector(`[data-key="${key}"]`);
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

  if (cases.length) choose(0);
})();
