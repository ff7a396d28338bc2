// What readers see of the search: the key that leads to the box, and the page of results.
AGC.search = { terms, stem, title: titleTerm, find, row, text };
var PAGE = 10;

// Excerpts. marker returns a function that tells whether a query asks for a word, and
// one that tells it of a pair of characters.
function marker(groups) {
  var wanted = new Set(), begun = [], known = new Map();
  each(groups, function (spec) {
    if (spec.term) wanted.add(spec.term); else begun.push(spec.prefix);
    (spec.found || []).forEach(function (t) { wanted.add(t.name); });
  });
  return function (word) {
    if (!known.has(word)) {
      var folded = fold(word);
      known.set(word, wanted.has(termOf(folded)) || begun.some(p => folded.startsWith(p)) ||
        parts(word).some(w => wanted.has(termOf(fold(w)))));
    }
    return known.get(word);
  };
}

// marksIn lists where in a text the words of a query stand: [start, end, what].
function marksIn(text, asked) {
  var marks = [];
  for (var run of text.matchAll(RUNS)) {
    if (run[1]) {
      var at = run.index, chars = Array.from(run[1]);
      chars.forEach(function (c, i) {
        var pair = c + (chars[i + 1] || "");
        if (asked(pair)) marks.push([at, at + pair.length, pair]);
        at += c.length;
      });
    } else {
      var words = run[0].match(WORDS);
      if (words.length > 1 && asked(shut(words))) marks.push([run.index, run.index + run[0].length, shut(words)]);
      else for (var word of run[0].matchAll(WORDS)) {
        var at = run.index + word.index;
        if (asked(word[0])) marks.push([at, at + word[0].length, fold(word[0])]);
      }
    }
  }
  return marks;
}

// excerpt picks the part of a text that has most of the words, at most SPAN characters.
var SPAN = 240;
function excerpt(text, asked) {
  var marks = marksIn(text, asked), best = 0, most = 0;
  for (var i = 0; i < marks.length; i++) {
    var seen = new Set();
    for (var j = i; j < marks.length && marks[j][1] - marks[i][0] < SPAN - 60; j++) seen.add(marks[j][2]);
    if (seen.size > most) { most = seen.size; best = i; }
  }
  var from = marks.length ? Math.max(0, marks[best][0] - 60) : 0, to = Math.min(text.length, from + SPAN);
  if (from > 0) from += Math.max(0, text.slice(from, from + 30).search(/\s/) + 1);
  if (to < text.length) to -= Math.max(0, 30 - text.slice(to - 30, to).search(/\s\S*$/)) % 31;
  return { text: text.slice(from, to), before: from > 0, after: to < text.length,
    marks: marks.filter(m => m[0] >= from && m[1] <= to).map(m => [m[0] - from, m[1] - from]) };
}

// marked appends a text to an element, with its marks.
function marked(e, text, marks) {
  var at = 0;
  marks.forEach(function (m) {
    if (m[0] > at) e.append(text.slice(at, m[0]));
    if (m[1] > at) e.append(element("mark", text.slice(Math.max(at, m[0]), m[1])));
    at = Math.max(at, m[1]);
  });
  e.append(text.slice(at));
  return e;
}

// entry is a hit in the list. lost is called when its text is not there.
function entry(hit, asked, spaces, lost) {
  var item = element("li"), link = element("a"), row = hit.row;
  link.href = row.h;
  item.appendChild(element("p", "", "hit-title")).append(marked(link, row.t, marksIn(row.t, asked)));
  var where = [spaces.get(row.s) || row.s].concat(row.b || []).filter(Boolean).join(" / ");
  if (where) item.append(element("p", where, "hit-where quiet"));
  var body = item.appendChild(element("p", "", "hit-text"));
  var named = (row.l || []).concat(row.f || [], row.p || []).filter(name => marksIn(name, asked).length);
  if (named.length) {
    var list = item.appendChild(element("p", "", "hit-names quiet"));
    named.forEach(name => marked(list.appendChild(element("span", "", "tag")), name, marksIn(name, asked)));
  }
  text(hit).then(function (text) {
    var part = excerpt(text, asked);
    if (part.before) body.append("… ");
    marked(body, part.text, part.marks);
    if (part.after) body.append(" …");
  }).catch(function () {
    body.remove();
    lost();
  });
  return item;
}

function page(form) {
  var box = form.elements.q, space = form.elements.space, list = byId("agc-results");
  var count = byId("agc-count"), more = byId("agc-more"), browse = byId("agc-browse");
  var spaces = new Map(Array.from(space.options, o => [o.value, o.textContent]));
  var asked = 0, timer, plain = document.title;
  var given = new URLSearchParams(location.search);
  box.value = given.get("q") || "";
  if (spaces.has(given.get("space"))) space.value = given.get("space");

  async function run(shown, again) {
    var query = box.value.trim(), turn = ++asked, kept = new URLSearchParams();
    if (query) kept.set("q", query);
    if (space.value) kept.set("space", space.value);
    history.replaceState(null, "", location.pathname + (String(kept) ? "?" + kept : ""));
    document.title = (query ? query + " – " : "") + plain;
    list.setAttribute("aria-busy", "true");
    function lost() { // the excerpts are of a site that has been published anew since
      if (turn !== asked || again) return;
      renew();
      run(shown, true);
    }
    try {
      var found = query ? await find(box.value, space.value, shown) : { total: 0, hits: [], groups: [] };
      if (turn === asked) show(found, query, shown, lost);
    } catch (e) {
      if (turn === asked) fail();
    }
  }

  function show(found, query, shown, lost) {
    var asks = marker(found.groups), first = list.children.length;
    var many = found.total === 1 ? "search_one" : "search_many";
    list.replaceChildren(...found.hits.map(hit => entry(hit, asks, spaces, lost)));
    list.removeAttribute("aria-busy");
    if (found.read) many = "search_read";
    else if (found.some) many = "search_some";
    else if (!found.total) many = "search_none";
    count.textContent = query && say(many, found.total || query);
    more.hidden = !found.more;
    more.dataset.shown = shown;
    browse.hidden = found.total > 0;
    if (shown > PAGE && list.children[first]) list.children[first].querySelector("a").focus();
  }

  function fail() {
    list.replaceChildren();
    list.removeAttribute("aria-busy");
    more.hidden = true;
    browse.hidden = false;
    count.textContent = AGC.words[typeof DecompressionStream === "undefined" ? "search_old" : "search_failed"];
  }

  box.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(run, 120, PAGE); });
  space.addEventListener("change", function () { run(PAGE); });
  form.addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(timer); run(PAGE); });
  more.addEventListener("click", function () { run(+more.dataset.shown + PAGE); });
  arrows(box, list);
  if (box.value) run(PAGE); else box.focus();
}

// arrows leads from the box to the results and back.
function arrows(box, list) {
  document.addEventListener("keydown", function (event) {
    var links = Array.from(list.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || box).focus();
    else if (event.key === "Escape" && at >= 0) box.focus();
    else return;
    event.preventDefault();
  });
}

// slash leads to the box of the page by the key "/", which readers may switch off
// (WCAG 2.2, 2.1.4): some speak to their machine, and it types.
function slash(box) {
  var off = false, choice = byId("agc-slash");
  try { off = localStorage.getItem("agc-slash") === "off"; } catch (e) { /* then it stays on */ }
  if (choice) {
    choice.checked = !off;
    choice.addEventListener("change", function () {
      off = !choice.checked;
      try { localStorage.setItem("agc-slash", off ? "off" : "on"); } catch (e) { /* for this page only */ }
    });
  }
  document.addEventListener("keydown", function (event) {
    if (off || event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

document.addEventListener("DOMContentLoaded", function () {
  var box = byId("agc-q"), form = byId("agc-search");
  if (box) slash(box);
  if (form) page(form);
});
