// The search of the site: reads the index that the program has written beside the
// pages, see its package render/search, which follows the same rules for words. All is
// loaded by <script>, so that it works from a disk as well as from a server.
(function () {
  "use strict";

  // Words: the same as token.go and fold.go.
  var FOLDED = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ς": "σ" };
  var DENSE = "(?=[\\u2e80-\\u31ff\\u3400-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}])[\\p{L}\\p{N}\\p{M}]";
  var LETTERS = "(?:(?!" + DENSE + ")[\\p{L}\\p{N}\\p{M}])+";
  var WORD = LETTERS + "(?:['’ʼ\\u00ad\\u200c\\u200d]" + LETTERS + ")*";
  var WORDS = new RegExp(WORD, "gu");
  var RUNS = new RegExp("((?:" + DENSE + ")+)|" + WORD + "(?:[-_.:/\\\\@#&+(‐]" + WORD + ")*", "gu");
  var MAX_TERM = 64, MAX_PARTS = 5, MAX_TITLE = 120; // bytes, words, bytes

  function fold(word) {
    word = word.replace(/['’ʼ][sS]$/, "");
    if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase().replace(/'/g, "");
    return Array.from(word, function (c) {
      c = c.toLowerCase();
      return FOLDED[c] !== undefined ? FOLDED[c] : /['’ʼ\u00ad\u200c\u200d]/.test(c) ? "" : c.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    }).join("");
  }

  // parts divides a word in CamelCase, or returns nothing.
  function parts(word) {
    var found = word.replace(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z][a-z])/g, "$1$2\n").split("\n");
    return found.length > 1 ? found : [];
  }

  function bytesOf(text) { return new TextEncoder().encode(text).length; }
  function fits(term) { return term && bytesOf(term) <= MAX_TERM; }
  function termOf(folded) { return /^[a-z]+$/.test(folded) ? stem(folded) : folded; }

  // runs divides a text into runs of characters without spaces between words, and names
  // of one or more words.
  function runs(text) {
    return Array.from(text.normalize("NFKC").matchAll(RUNS), function (m) {
      return m[1] ? { dense: Array.from(m[1]) } : { words: m[0].match(WORDS) };
    });
  }

  function pairs(chars) {
    return chars.slice(1).map(function (c, i) { return chars[i] + c; });
  }

  function nameOf(words) { return words.map(fold).join("-"); }

  // terms lists the terms of a text.
  function terms(text) {
    var all = [];
    runs(text).forEach(function (run) {
      if (run.dense) {
        all.push.apply(all, pairs(run.dense).concat(run.dense[run.dense.length - 1]));
        return;
      }
      run.words.forEach(function (word) {
        [word].concat(parts(word)).forEach(function (w) { if (fits(fold(w))) all.push(termOf(fold(w))); });
      });
      var name = nameOf(run.words);
      if (run.words.length > 1 && run.words.length <= MAX_PARTS && bytesOf(name) <= MAX_TERM) all.push(name);
    });
    return all;
  }

  // titleTerm is the term of a whole title.
  function titleTerm(text) {
    return "title:" + runs(text).map(function (run) { return run.dense ? run.dense.join("") : nameOf(run.words); }).join("-");
  }

  // The English stemmer: Porter's second algorithm, in step with the library that the
  // program uses, https://snowballstem.org/algorithms/english/stemmer.html.
  var WHOLE = {
    skis: "ski", skies: "sky", dying: "die", lying: "lie", tying: "tie", idly: "idl", gently: "gentl", ugly: "ugli", early: "earli", only: "onli",
    singly: "singl", sky: "sky", news: "news", howe: "howe", atlas: "atlas", cosmos: "cosmos", bias: "bias", andes: "andes", inning: "inning",
    innings: "inning", outing: "outing", outings: "outing", canning: "canning", cannings: "canning", herring: "herring", herrings: "herring",
    earring: "earring", earrings: "earring", proceed: "proceed", proceeds: "proceed", proceeded: "proceed", proceeding: "proceed", exceed: "exceed",
    exceeds: "exceed", exceeded: "exceed", exceeding: "exceed", succeed: "succeed", succeeds: "succeed", succeeded: "succeed", succeeding: "succeed"
  };
  var STEP2 = [["ational", "ate"], ["fulness", "ful"], ["iveness", "ive"], ["ization", "ize"], ["ousness", "ous"], ["biliti", "ble"], ["lessli", "less"],
    ["tional", "tion"], ["alism", "al"], ["aliti", "al"], ["ation", "ate"], ["entli", "ent"], ["fulli", "ful"], ["iviti", "ive"], ["ousli", "ous"],
    ["anci", "ance"], ["abli", "able"], ["alli", "al"], ["ator", "ate"], ["enci", "ence"], ["izer", "ize"], ["bli", "ble"], ["ogi", "og"], ["li", ""]];
  var STEP3 = [["ational", "ate"], ["tional", "tion"], ["alize", "al"], ["icate", "ic"], ["ative", ""], ["iciti", "ic"], ["ical", "ic"], ["ful", ""], ["ness", ""]];
  var STEP4 = ["ement", "ance", "ence", "able", "ible", "ment", "ent", "ant", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic"];
  var stems = new Map();

  function vowel(c) { return "aeiouy".indexOf(c) >= 0; }

  function stem(word) {
    var known = stems.get(word);
    if (known === undefined) {
      if (stems.size > 20000) stems.clear();
      known = word.length <= 2 ? word : Object.hasOwn(WHOLE, word) ? WHOLE[word] : porter(word);
      stems.set(word, known);
    }
    return known;
  }

  function porter(w) {
    var chars = w.split(""), r1, r2, before, found;
    chars.forEach(function (c, i) { if (c === "y" && (i === 0 || vowel(chars[i - 1]))) chars[i] = "Y"; });
    w = chars.join("");
    function after(start) { // the region behind the first consonant that follows a vowel
      for (var j = start + 1; j < w.length; j++) if (vowel(w[j - 1]) && !vowel(w[j])) return j + 1;
      return w.length;
    }
    function ends(list) { return list.find(function (s) { return w.endsWith(Array.isArray(s) ? s[0] : s); }); }
    function put(cut, add) { w = w.slice(0, w.length - cut) + add; r1 = Math.min(r1, w.length); r2 = Math.min(r2, w.length); }
    function short(i) { // a short syllable ends before i
      if (i === 2) return vowel(w[0]) && !vowel(w[1]);
      return i > 2 && !vowel(w[i - 1]) && "wxY".indexOf(w[i - 1]) < 0 && vowel(w[i - 2]) && !vowel(w[i - 3]);
    }
    r1 = /^(gener|commun|arsen)/.test(w) ? (w[0] === "c" ? 6 : 5) : after(0);
    r2 = after(r1);
    found = ends(["sses", "ied", "ies", "us", "ss", "s"]); // 1a
    if (found === "sses") put(2, "");
    else if (found === "ied" || found === "ies") put(3, w.length > 4 ? "i" : "ie");
    else if (found === "s" && /[aeiouy]/.test(w.slice(0, -2))) put(1, "");
    found = ends(["eedly", "ingly", "edly", "ing", "eed", "ed"]); // 1b
    if (found && found.startsWith("eed")) {
      if (found.length <= w.length - r1) put(found.length, "ee");
    } else if (found && /[aeiouy]/.test(w.slice(0, -found.length))) {
      before = [r1, r2];
      put(found.length, "");
      if (ends(["at", "bl", "iz"])) w += "e";
      else if (ends(["bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"])) w = w.slice(0, -1);
      else if (r1 >= w.length && short(w.length)) { w += "e"; before = [w.length, w.length]; }
      r1 = Math.min(before[0], w.length);
      r2 = Math.min(before[1], w.length);
    }
    if (w.length > 2 && /[yY]$/.test(w) && !vowel(w[w.length - 2])) put(1, "i"); // 1c
    found = ends(STEP2);
    if (found && found[0].length <= w.length - r1) {
      if (found[0] === "li") { if (w.length >= 3 && "cdeghkmnrt".indexOf(w[w.length - 3]) >= 0) put(2, ""); }
      else if (found[0] !== "ogi" || w[w.length - 4] === "l") put(found[0].length, found[1]);
    }
    found = ends(STEP3);
    if (found && found[0].length <= w.length - r1 && (found[0] !== "ative" || w.length - r2 >= 5)) put(found[0].length, found[1]);
    found = ends(STEP4);
    if (found && found.length <= w.length - r2 && (found !== "ion" || "st".indexOf(w[w.length - 4] || "?") >= 0)) put(found.length, "");
    var last = w.length - 1; // 5
    if (r1 <= last && w[last] === "e") { if (r2 <= last || !short(last)) put(1, ""); }
    else if (r2 <= last && w.endsWith("ll")) put(1, "");
    return w.toLowerCase();
  }

  // Files of the index. Each calls shard with its name and its bytes.
  var root = new URL("../search/", document.currentScript.src).href;
  var coming = new Map(), arrived = new Map();

  function shard(name, data) { if (arrived.has(name)) arrived.get(name)(data); }

  function load(name) {
    if (!coming.has(name)) {
      coming.set(name, new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        arrived.set(name, resolve);
        script.onload = function () { script.remove(); reject(new Error(name)); };
        script.onerror = function () { script.remove(); coming.delete(name); reject(new Error(name)); };
        script.src = root + name + ".js";
        document.head.append(script);
      }).then(unpack));
    }
    return coming.get(name);
  }

  function unpack(data) {
    var raw = atob(data), bytes = new Uint8Array(raw.length);
    for (var i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Response(stream).arrayBuffer().then(function (b) { return new Uint8Array(b); });
  }

  var json = new Map();
  function loadJSON(name) {
    if (!json.has(name)) {
      json.set(name, load(name).then(function (bytes) { return JSON.parse(new TextDecoder().decode(bytes)); }));
      json.get(name).catch(function () { json.delete(name); });
    }
    return json.get(name);
  }

  // Terms and postings, see term.go and code.go.
  var tables = new Map();
  function loadTerms(dir, i) {
    if (!tables.has(i)) {
      tables.set(i, load("t-" + dir.terms[i]).then(parseTerms));
      tables.get(i).catch(function () { tables.delete(i); });
    }
    return tables.get(i);
  }

  function parseTerms(bytes) {
    var at = 0, name = new Uint8Array(256), table = [], text = new TextDecoder();
    function number() {
      for (var v = 0, scale = 1; ; scale *= 128) {
        var b = bytes[at++];
        v += (b & 127) * scale;
        if (b < 128) return v;
      }
    }
    while (at < bytes.length) {
      var shared = number(), rest = number();
      name.set(bytes.subarray(at, at + rest), shared);
      at += rest;
      var term = { name: text.decode(name.subarray(0, shared + rest)), df: number() }, size = number();
      term.size = size >> 1;
      if (size & 1) {
        term.file = text.decode(bytes.subarray(at, at + 10));
        at += 10;
      } else {
        term.bytes = bytes.subarray(at, at += term.size);
      }
      table.push(term);
    }
    return table;
  }

  // place is the file in which a term stands, if it does.
  function place(dir, term) {
    var low = 0, high = dir.first.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (dir.first[middle] <= term) low = middle + 1; else high = middle;
    }
    return Math.max(0, low - 1);
  }

  function walk(term, bytes, docs, visit) {
    var k = Math.max(0, 31 - Math.clz32(Math.floor(Math.floor(docs * 69 / 100) / term.df)));
    for (var i = 0, doc = -1, p = 0; i < term.df; i++) {
      var gap = 0, level = 0;
      while (bytes[p >> 3] >> (7 - (p & 7)) & 1) { gap++; p++; }
      p++;
      for (var j = 0; j < k; j++, p++) gap = gap * 2 + (bytes[p >> 3] >> (7 - (p & 7)) & 1);
      while (bytes[p >> 3] >> (7 - (p & 7)) & 1) { level++; p++; }
      p++;
      visit(doc += gap + 1, level);
    }
  }

  // Queries. A group is what must be there: one of several ways, each of them terms that
  // must all be there. {term} is a term itself, {prefix} any term that begins so.
  function parse(query) {
    var open = !/\s$/.test(query), all = runs(query);
    return all.map(function (run, i) {
      var ways = [], prefix = open && i === all.length - 1;
      if (run.dense) {
        ways.push(run.dense.length > 1 ? pairs(run.dense).map(exactly) : [{ prefix: run.dense[0] }]);
      } else if (run.words.length > 1) {
        if (run.words.length <= MAX_PARTS) ways.push([exactly(nameOf(run.words))]);
        if (prefix) ways.push([{ prefix: nameOf(run.words) }]);
        ways.push(divided(run.words));
      } else {
        spellings(run.words[0]).forEach(function (w) {
          ways.push([exactly(termOf(w))]);
          if (prefix && w.length > 1) ways.push([{ prefix: w }]);
        });
        if (parts(run.words[0]).length) ways.push(divided(parts(run.words[0])));
      }
      ways = ways.filter(function (way) { return way.every(function (t) { return fits(t.term || t.prefix); }); });
      ways.number = run.words && run.words.length > 1 && /\d/.test(run.words.join(""));
      return ways;
    }).filter(function (ways) { return ways.length; });
  }

  // divided is the way of a name by its parts. Of ENG-123 and report-2024.pdf that is
  // for when no document has the whole, see strict.
  function divided(words) {
    var way = words.map(function (w) { return exactly(termOf(fold(w))); });
    way.divided = true;
    return way;
  }

  function strict(ways) {
    if (!ways.number || !ways.some(function (way) { return !way.divided && way[0].found.length; })) return;
    for (var i = ways.length - 1; i >= 0; i--) if (ways[i].divided) ways.splice(i, 1);
  }

  function exactly(term) { return { term: term }; }

  // spellings are a word, and in German the one with or without "e" for the umlaut.
  function spellings(word) {
    var folded = fold(word), all = [folded];
    if (/[äöü]/i.test(word)) all.push(fold(word.replace(/[äöüÄÖÜ]/g, function (c) { return fold(c) + "e"; })));
    else if (/[aou]e/.test(folded)) all.push(folded.replace(/([aou])e/g, "$1"));
    return all;
  }

  // BUDGET bounds the bytes of postings that one query loads beside those of its rarest
  // words: what nearly every page has says little about any. EXPAND bounds the terms
  // that a beginning stands for.
  var BUDGET = 90000, EXPAND = 24, EXPAND_FILES = 3;

  function lookup(dir, spec) {
    var term = spec.term || spec.prefix, i = place(dir, term);
    return loadTerms(dir, i).then(function (table) {
      if (spec.term) return table.filter(function (t) { return t.name === term; });
      var found = table.filter(function (t) { return t.name.startsWith(term); });
      if (found.length || term.length < 5 || !/^[a-z]+$/.test(term)) return frequent(found);
      // Within "configurati" the stem "configur" ends; take the longest that begins the word.
      return table.filter(function (t) { return t.name.length > 3 && term.length - t.name.length < 5 && term.startsWith(t.name); }).slice(-1);
    }).then(function (found) { spec.found = found; });
  }

  // frequent picks the terms that a beginning stands for: the most frequent, of which
  // few may have postings in files of their own.
  function frequent(found) {
    var files = 0;
    return found.sort(function (a, b) { return b.df - a.df; }).filter(function (t) { return !t.file || files++ < EXPAND_FILES; }).slice(0, EXPAND);
  }

  function each(groups, visit) {
    groups.forEach(function (ways) { ways.forEach(function (way) { way.forEach(visit); }); });
  }

  function cost(ways) {
    var bytes = 0;
    each([ways], function (spec) { spec.found.forEach(function (t) { if (t.file) bytes += t.size * 4 / 3; }); });
    return bytes;
  }

  // affordable leaves out the groups that cost too much, the dearest first, but never all.
  function affordable(groups) {
    var sum = 0;
    return groups.slice().sort(function (a, b) { return cost(a) - cost(b); }).filter(function (ways, i) {
      sum += cost(ways);
      return i === 0 || sum <= BUDGET;
    });
  }

  function postingsOf(term) {
    return term.bytes ? Promise.resolve(term.bytes) : load("p-" + term.file).then(function (bytes) { term.bytes = bytes; });
  }

  function scoreSpec(spec, docs) {
    var scores = new Float32Array(docs);
    var df = spec.found.reduce(function (sum, t) { return sum + t.df; }, 0);
    spec.found.forEach(function (t) { // a beginning is as frequent as all that begins so
      var worth = Math.log2(1 + docs / Math.min(df, docs)) * (spec.prefix && t.name !== spec.prefix ? 0.8 : 1);
      walk(t, t.bytes, docs, function (doc, level) {
        var s = worth * (level + 1);
        if (s > scores[doc]) scores[doc] = s;
      });
    });
    return scores;
  }

  function scoreGroup(ways, docs) {
    var best = new Float32Array(docs);
    ways.forEach(function (way) {
      var all = way.map(function (spec) { return scoreSpec(spec, docs); });
      for (var doc = 0; doc < docs; doc++) {
        for (var i = 0, sum = 0; i < all.length; i++) {
          if (!all[i][doc]) { sum = 0; break; }
          sum += all[i][doc];
        }
        if (way.divided) best[doc] += sum; // what has the whole has its parts too, and comes first
        else if (sum > best[doc]) best[doc] = sum;
      }
    });
    return best;
  }

  // find answers a query: {total, some, hits}: how many documents have all its words, or,
  // where none has, some of them; and the first of them, as {doc, score}.
  function find(query, space, count) {
    var groups = parse(query), title = { term: titleTerm(query), found: [] }, filter = { term: "space:" + space, found: [] };
    return loadJSON("index").then(function (dir) {
      var specs = [];
      each(groups, function (spec) { specs.push(spec); });
      if (!groups.length) return { total: 0, hits: [], groups: groups };
      if (bytesOf(title.term) <= MAX_TITLE) specs.push(title);
      if (space) specs.push(filter);
      return Promise.all(specs.map(function (spec) { return lookup(dir, spec); })).then(function () {
        groups.forEach(strict);
        var asked = affordable(groups), wanted = title.found.concat(filter.found);
        each(asked, function (spec) { wanted = wanted.concat(spec.found); });
        return Promise.all(wanted.map(postingsOf)).then(function () {
          var found = rank(dir.docs, asked, scoreSpec(title, dir.docs), space ? scoreSpec(filter, dir.docs) : null, count);
          found.groups = groups;
          return found;
        });
      });
    });
  }

  function rank(docs, groups, titled, within, count) {
    var scores = new Float32Array(docs), have = new Uint8Array(docs), most = 0, doc;
    groups.forEach(function (ways) {
      var group = scoreGroup(ways, docs);
      for (doc = 0; doc < docs; doc++) if (group[doc]) { scores[doc] += group[doc]; have[doc]++; }
    });
    for (doc = 0; doc < docs; doc++) {
      if (within && !within[doc]) have[doc] = 0;
      if (have[doc] > most) most = have[doc];
      if (titled[doc]) scores[doc] += 1000;
    }
    var hits = [], total = 0, every = most === groups.length;
    for (doc = 0; doc < docs; doc++) {
      if (!have[doc] || every && have[doc] < most) continue;
      total++;
      insert(hits, { doc: doc, score: scores[doc] + 10000 * have[doc] }, count);
    }
    return { total: total, some: !every, hits: hits };
  }

  // insert keeps the best of the hits, in order; of equal ones the first documents.
  function insert(hits, hit, count) {
    if (hits.length === count && hits[count - 1].score >= hit.score) return;
    var i = hits.length;
    while (i > 0 && hits[i - 1].score < hit.score) i--;
    hits.splice(i, 0, hit);
    if (hits.length > count) hits.pop();
  }

  // row adds to a hit what is shown of it, and where its text is.
  function row(hit) {
    return loadJSON("index").then(function (dir) {
      return loadJSON("d-" + dir.rows[Math.floor(hit.doc / dir.rowsPer)]).then(function (rows) {
        var at = hit.doc % dir.rowsPer, i = 0, first = 0;
        hit.row = rows.rows[at];
        while (first + rows.texts[i][0] <= at) first += rows.texts[i++][0];
        hit.text = ["x-" + rows.texts[i][1], at - first];
        return hit;
      });
    });
  }

  // text loads the text of a hit.
  function text(hit) {
    return loadJSON(hit.text[0]).then(function (texts) { return texts[hit.text[1]]; });
  }

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
        known.set(word, wanted.has(termOf(folded)) || begun.some(function (p) { return folded.startsWith(p); }) ||
          parts(word).some(function (w) { return wanted.has(termOf(fold(w))); }));
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
        for (var word of run[0].matchAll(WORDS)) {
          if (asked(word[0])) marks.push([run.index + word.index, run.index + word.index + word[0].length, fold(word[0])]);
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
      marks: marks.filter(function (m) { return m[0] >= from && m[1] <= to; }).map(function (m) { return [m[0] - from, m[1] - from]; }) };
  }

  AGC.shard = shard;
  AGC.search = { terms: terms, stem: stem, title: titleTerm, find: find, row: row, text: text };

  // What readers see: the key that leads to the box, and the page of results.
  var PAGE = 10;

  function say(name, value) { return AGC.words[name].replace("{}", value); }

  function element(name, text, className) {
    var e = document.createElement(name);
    if (text) e.textContent = text;
    if (className) e.className = className;
    return e;
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

  function entry(hit, asked, spaces) {
    var item = element("li"), link = element("a"), row = hit.row;
    link.href = row.h;
    item.appendChild(element("p", "", "hit-title")).append(marked(link, row.t, marksIn(row.t, asked)));
    var where = [spaces.get(row.s) || row.s].concat(row.b || []).filter(Boolean).join(" / ");
    if (where) item.append(element("p", where, "hit-where quiet"));
    var text = item.appendChild(element("p", "", "hit-text"));
    var named = (row.l || []).concat(row.f || [], row.p || []).filter(function (name) { return marksIn(name, asked).length; });
    if (named.length) {
      var list = item.appendChild(element("p", "", "hit-names quiet"));
      named.forEach(function (name) { marked(list.appendChild(element("span", "", "tag")), name, marksIn(name, asked)); });
    }
    AGC.search.text(hit).then(function (body) {
      var part = excerpt(body, asked);
      if (part.before) text.append("… ");
      marked(text, part.text, part.marks);
      if (part.after) text.append(" …");
    }).catch(function () { text.remove(); });
    return item;
  }

  function page(form) {
    var box = form.elements.q, space = form.elements.space, list = document.getElementById("agc-results");
    var count = document.getElementById("agc-count"), more = document.getElementById("agc-more"), browse = document.getElementById("agc-browse");
    var spaces = new Map(Array.from(space.options, function (o) { return [o.value, o.textContent]; })), asked = 0, timer, plain = document.title;
    var given = new URLSearchParams(location.search);
    box.value = given.get("q") || "";
    if (spaces.has(given.get("space"))) space.value = given.get("space");

    function run(shown) {
      var query = box.value.trim(), turn = ++asked, kept = new URLSearchParams();
      if (query) kept.set("q", query);
      if (space.value) kept.set("space", space.value);
      history.replaceState(null, "", location.pathname + (String(kept) ? "?" + kept : ""));
      document.title = (query ? query + " – " : "") + plain;
      list.setAttribute("aria-busy", "true");
      if (!query) return show({ total: 0, hits: [], groups: [] }, "", shown);
      return find(box.value, space.value, shown).then(function (found) {
        return Promise.all(found.hits.map(row)).then(function () { if (turn === asked) show(found, query, shown); });
      }).catch(function () { if (turn === asked) fail(); });
    }

    function show(found, query, shown) {
      var asks = marker(found.groups), first = list.children.length;
      list.replaceChildren.apply(list, found.hits.map(function (hit) { return entry(hit, asks, spaces); }));
      list.removeAttribute("aria-busy");
      count.textContent = !query ? "" : !found.total ? say("search_none", query) : say(found.some ? "search_some" : found.total === 1 ? "search_one" : "search_many", found.total);
      more.hidden = found.total <= shown;
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
    more.addEventListener("click", function () { run(list.children.length + PAGE); });
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
    var off = false, choice = document.getElementById("agc-slash");
    try { off = localStorage.getItem("agc-slash") === "off"; } catch (e) { /* then it stays on */ }
    if (choice) {
      choice.checked = !off;
      choice.addEventListener("change", function () {
        off = !choice.checked;
        try { localStorage.setItem("agc-slash", off ? "off" : "on"); } catch (e) { /* for this page only */ }
      });
    }
    document.addEventListener("keydown", function (event) {
      if (off || event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      box.focus();
      box.select();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var box = document.getElementById("agc-q"), form = document.getElementById("agc-search");
    if (box) slash(box);
    if (form) page(form);
  });
})();
