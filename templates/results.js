// What readers see of what is found, in the dialog and on the page of results.
AGC.search = { terms, stem, title: titleTerm, find, row, text };

// Excerpts. marker returns a function that tells whether a query asks for a word, and
// one that tells it of a pair of characters.
function marker(groups) {
  var wanted = new Set(), begun = [], known = new Map();
  each(groups, spec => {
    if (spec.term) wanted.add(spec.term); else begun.push(spec.prefix);
    (spec.found || []).forEach(t => { wanted.add(t.name); });
  });
  return word => {
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
      chars.forEach((c, i) => {
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

// together finds where in a text the most words of a query stand together: the place of the first
// among the marks, and how many they are.
var SPAN = 240;
function together(marks) {
  var first = 0, most = 0, seen = new Map();
  for (var i = 0, j = 0; i < marks.length; i++) {
    for (; j < marks.length && marks[j][1] - marks[i][0] < SPAN - 60; j++) {
      seen.set(marks[j][2], (seen.get(marks[j][2]) || 0) + 1);
    }
    if (seen.size > most) { most = seen.size; first = i; }
    var left = seen.get(marks[i][2]) - 1; // the window goes on from the next
    if (left > 0) seen.set(marks[i][2], left); else seen.delete(marks[i][2]);
    j = Math.max(j, i + 1);
  }
  return { first, most };
}

// excerpt picks the part of a text that has most of the words, at most SPAN characters.
function excerpt(text, asked) {
  var marks = marksIn(text, asked), best = together(marks).first;
  var from = marks.length ? Math.max(0, marks[best][0] - 60) : 0, to = Math.min(text.length, from + SPAN);
  if (from > 0) from += Math.max(0, text.slice(from, from + 30).search(/\s/) + 1);
  if (to < text.length) to -= Math.max(0, 30 - text.slice(to - 30, to).search(/\s\S*$/)) % 31;
  return { text: text.slice(from, to), before: from > 0, after: to < text.length,
    marks: marks.filter(m => m[0] >= from && m[1] <= to).map(m => [m[0] - from, m[1] - from]) };
}

// marked appends a text to an element, with its marks.
function marked(e, text, marks) {
  var at = 0;
  marks.forEach(m => {
    if (m[0] > at) e.append(text.slice(at, m[0]));
    if (m[1] > at) e.append(element("mark", text.slice(Math.max(at, m[0]), m[1])));
    at = Math.max(at, m[1]);
  });
  e.append(text.slice(at));
  return e;
}

// excerpted appends a part of a text to an element.
function excerpted(e, part) {
  if (part.before) e.append("… ");
  marked(e, part.text, part.marks);
  if (part.after) e.append(" …");
  return e;
}

// places are the sections of a text that have the most of the words, at most count of them, in
// their order: {id, title, part, most}. Where none has any, it is the beginning of the text.
function places(sections, asked, count) {
  var all = sections.map(s => {
    var part = excerpt(visible(s.text), asked), seen = new Set(marksIn(s.title + " " + s.text, asked).map(m => m[2]));
    return { id: s.id, title: s.title, part, most: seen.size };
  }), most = Math.max(...all.map(p => p.most));
  if (!most) return all.slice(0, 1);
  var best = all.filter(p => p.most === most);
  if (best.length < count) best = best.concat(all.filter(p => p.most && p.most < most && p.most * 2 >= most));
  best = best.slice(0, count);
  return all.filter(p => best.includes(p));
}

// asks is a query as what was found shows it: which words are marked, and what a link to a
// page carries, so that they are marked there too. instead are the words taken for others.
async function asks(found, query) {
  var asked = marker(found.groups), hit = found.hits[0];
  var words = await atOnce(found.instead, stem => hit ? wordFor(hit, stem) : stem);
  return { asked, instead: words, query: words.concat(query).join(" ") };
}

// wordFor is a word of a hit that has a stem, as it is written there.
async function wordFor(hit, stem) {
  var is = word => termOf(fold(word)) === stem;
  for (var said of [hit.row.t, whole(await text(hit)), hit.row.l, hit.row.f, hit.row.p]) {
    var found = (String(said || "").match(WORDS) || []).find(is);
    if (found) return found.toLowerCase();
  }
  return stem;
}

// leads is the address of a place, with the words that are to be marked there.
var leads = (hit, id, query) =>
  root + hit.row.h + "?mark=" + encodeURIComponent(query) + (id ? "#" + encodeURIComponent(id) : "");

var placeTitle = place =>
  place.id.startsWith("agc-comment-") ? say("comment_by", place.title || words.unknown) : place.title;

// day is a day of the form 2026-05-04 as the pages have it.
function day(date) {
  var parts = date.split("-").map(Number), months = words.months.split(" ");
  return words.date.replace("{day}", parts[2]).replace("{month}", months[parts[1] - 1]).replace("{year}", parts[0]);
}

// about says of a hit how it is marked, what it is, where it is and of when.
function about(hit) {
  var row = hit.row, where = row.k !== "space" && [row.n || row.s, ...row.b || []].filter(Boolean).join(" / ");
  return [row.m, words[row.k] || row.k, where, row.d && day(row.d)].filter(Boolean).join(" · ");
}

// names are those of a hit that the query asks for: labels, files, people.
var names = (hit, asked) =>
  [].concat(hit.row.l || [], hit.row.f || [], hit.row.p || []).filter(name => marksIn(name, asked).length);

// message says how much was found, and for what.
function message(found, query, instead) {
  var many = found.total === 1 ? "search_one" : "search_many";
  if (!found.total) many = found.read ? "search_unread" : "search_none";
  else if (found.read) many = "search_read";
  else if (found.some) many = "search_some";
  return say(many, found.total || query) + (instead.length ? " · " + say("search_for", instead.join(" ")) : "");
}

var failure = () => words[window.DecompressionStream ? "search_failed" : "search_old"];
