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
    var parts = [change.title, change.meaning, change.service, change.page].concat(change.retold);
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
    link.href = change.href;
    link.textContent = change.retold[0] || change.title;
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

  function loaded(address) {
    return fetch(address).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    });
  }

  // Titles and meanings in the page's language stand in a file of their own; in English they are the ones written.
  function load(then) {
    if (changes) { then(); return; }
    var retold = form.dataset.retold ? loaded(form.dataset.retold) : Promise.resolve({ told: {} });
    Promise.all([loaded(form.dataset.changes), retold]).then(function (answers) {
      changes = answers[0].changes;
      changes.forEach(function (change) {
        change.href = form.dataset.home + change.url.slice(answers[0].site.length);
        change.retold = answers[1].told[change.id] || [];
        change.text = textOf(change);
      });
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
