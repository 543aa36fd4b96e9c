// Search over changes.json for hosts that only hand out files. Where the server searches, its answer stands already.
(function () {
  "use strict";
  var form = document.getElementById("search");
  var results = document.getElementById("results");
  var say = document.getElementById("say");
  var words = document.getElementById("words").dataset;
  var changes = null;

  function plain(text) {
    return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  }

  function textOf(change) {
    var parts = [change.title, change.meaning, change.service, change.page];
    change.quotes.forEach(function (quote) {
      parts.push(quote.before, quote.after, quote.trail.join("\n"));
    });
    return plain(parts.join("\n"));
  }

  function shown(change) {
    var line = document.createElement("li");
    var over = document.createElement("p");
    var heading = document.createElement("h3");
    var link = document.createElement("a");
    line.className = "card";
    over.className = "over";
    over.textContent = (change.published || "").slice(0, 10) + " · " + change.service + " · " + change.page;
    link.href = change.url;
    link.textContent = change.title;
    heading.append(link);
    line.append(over, heading);
    return line;
  }

  function search(query) {
    var wanted = plain(query).match(/[\p{L}\p{N}_]+/gu) || [];
    if (!wanted.length) { return; }
    var found = changes.filter(function (change) {
      return wanted.every(function (word) { return change.text.includes(word); });
    }).reverse();
    var list = document.createElement("ol");
    list.className = "cards";
    found.slice(0, 50).forEach(function (change) { list.append(shown(change)); });
    results.replaceChildren(list);
    say.textContent = found.length ? words.some + " " + found.length : words.none;
  }

  function load(then) {
    if (changes) { then(); return; }
    fetch(form.dataset.changes).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    }).then(function (told) {
      changes = told.changes;
      changes.forEach(function (change) { change.text = textOf(change); });
      then();
    }).catch(function () { say.textContent = words.broken; });
  }

  function run() {
    var query = form.elements.q.value;
    if (query.trim()) { load(function () { search(query); }); }
  }

  form.addEventListener("submit", function (event) { event.preventDefault(); run(); });
  var asked = new URLSearchParams(location.search).get("q");
  if (asked && !results.childElementCount) { form.elements.q.value = asked; run(); }
})();
