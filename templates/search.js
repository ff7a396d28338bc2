// The search of the site: reads the index that the program has written beside the
// pages, see its package render/search, and follows the same rules for words, see
// words.js. Each file of the index calls AGC.shard with its name and its bytes.
var packed = {}, kept = new Map();
AGC.shard = (name, data) => { packed[name] = data; };

// load gives what a function reads in the bytes of a file. A failure is not kept.
var load = (name, read) => {
  if (!kept.has(name)) {
    var coming = loadScript(here + "../search/" + name + ".js" + (name === "index" ? fresh : ""))
      .then(() => unpack(packed[name])).then(read);
    kept.set(name, coming);
    coming.catch(() => kept.delete(name)).finally(() => delete packed[name]);
  }
  return kept.get(name);
};

var atOnce = (list, act) => Promise.all(list.map(act));

var unpack = async data => {
  var bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  return new Uint8Array(await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
};

var loadJSON = name => load(name, bytes => JSON.parse(new TextDecoder().decode(bytes)));

// renew forgets the index: when a file that it names is not there, the site has been
// published anew since it was loaded. All other files are named by what they hold.
var renew = () => {
  kept.delete("index");
  fresh = "?" + Date.now();
};

// reader reads numbers and names that share their beginnings, see term.go and word.go.
var reader = bytes => {
  var at = 0, name = new Uint8Array(256), text = new TextDecoder();
  function number() {
    for (var v = 0, scale = 1; ; scale *= 128) {
      var b = bytes[at++];
      v += (b & 127) * scale;
      if (b < 128) return v;
    }
  }
  var take = size => bytes.subarray(at, at += size);
  return {
    number, take, text,
    more: () => at < bytes.length,
    name: () => {
      var shared = number(), rest = number();
      name.set(take(rest), shared);
      return text.decode(name.subarray(0, shared + rest));
    }
  };
};

var parseTerms = bytes => {
  for (var r = reader(bytes), table = []; r.more();) {
    var term = { name: r.name(), df: r.number() }, size = r.number();
    term.size = size >> 1;
    if (size & 1) term.file = r.text.decode(r.take(10)); else term.bytes = r.take(term.size);
    table.push(term);
  }
  return table;
};

var parseWords = bytes => {
  for (var r = reader(bytes), table = []; r.more();) table.push({ name: r.name(), df: r.take(1)[0] });
  return table;
};

// fileOf is the number of the file in which a term stands, if it does.
var fileOf = (dir, term) => {
  var low = 0, high = dir.first.length;
  while (low < high) {
    var middle = (low + high) >> 1;
    if (dir.first[middle] <= term) low = middle + 1; else high = middle;
  }
  return Math.max(0, low - 1);
};

var walk = (term, bytes, docs, visit) => {
  var k = Math.max(0, 31 - Math.clz32(Math.floor(docs * 69 / 100) / term.df));
  for (var i = 0, doc = -1, p = 0; i < term.df; i++) {
    var gap = 0, level = 0;
    while (bytes[p >> 3] >> (7 - (p & 7)) & 1) { gap++; p++; }
    p++;
    for (var j = 0; j < k; j++, p++) gap = gap * 2 + (bytes[p >> 3] >> (7 - (p & 7)) & 1);
    while (bytes[p >> 3] >> (7 - (p & 7)) & 1) { level++; p++; }
    p++;
    visit(doc += gap + 1, level);
  }
};

// Queries. A group is what must be there: one of several ways, each of them terms that
// must all be there. {term} is a term itself, {prefix} any term that begins so.
var QUOTES = "\"“”„«»", QUOTED = new RegExp("[" + QUOTES + "]([^" + QUOTES + "]+)[" + QUOTES + "]", "g");
var parse = query => {
  var open = !new RegExp("[\\s" + QUOTES + "]$").test(query), all = runs(query);
  return all.map((run, i) => {
    var ways = [], prefix = open && i === all.length - 1;
    if (run.dense) {
      ways.push(run.dense.length > 1 ? pairs(run.dense).map(p => exactly(p)) : [{ prefix: run.dense[0] }]);
    } else if (run.words.length > 1) {
      if (run.words.length <= MAX_PARTS) ways.push([exactly(nameOf(run.words))]);
      if (prefix) ways.push([{ prefix: nameOf(run.words) }]);
      if (run.hyphens) ways.push([exactly(termOf(shut(run.words)))]);
      if (run.hyphens && prefix) ways.push([{ prefix: shut(run.words), whole: true }]);
      ways.push(divided(run.words));
    } else {
      spellings(run.words[0]).forEach(w => {
        ways.push([exactly(termOf(w), w)]);
        if (prefix && w.length > 1) ways.push([{ prefix: w }]);
      });
      if (parts(run.words[0]).length) ways.push(divided(parts(run.words[0])));
      if (numbered(run.words[0]).length) ways.push(divided(numbered(run.words[0])));
    }
    ways = ways.filter(way => way.every(t => fits(t.term || t.prefix)));
    ways.small = run.words && run.words.length === 1 && SMALL.has(fold(run.words[0]));
    ways.number = run.words &&
      (run.words.length > 1 ? /\d/.test(run.words.join("")) : numbered(run.words[0]).length > 0);
    return ways;
  }).filter(ways => ways.length);
};

// divided is the way of a name by its parts. Of ENG-123 and report-2024.pdf that is
// for when no document has the whole, see strict.
var divided = words => {
  var way = words.map(w => exactly(termOf(fold(w)), fold(w)));
  way.divided = true;
  return way;
};

var strict = ways => {
  if (!ways.number || !ways.some(way => !way.divided && way[0].found.length)) return;
  for (var i = ways.length - 1; i >= 0; i--) if (ways[i].divided) ways.splice(i, 1);
};

var exactly = (term, word) => ({ term, word });

// spellings are a word, and in German the one with or without "e" for the umlaut.
var spellings = word => {
  var folded = fold(word), all = [folded];
  if (/[äöü]/i.test(word)) all.push(fold(word.replace(/[äöüÄÖÜ]/g, c => fold(c) + "e")));
  else if (/[aou]e/.test(folded)) all.push(folded.replace(/([aou])e/g, "$1"));
  return all;
};

// BUDGET bounds the bytes of postings that one query loads beside those of its rarest
// words: what nearly every page has says little about any. EXPAND bounds the terms
// that a beginning stands for.
var BUDGET = 90000, EXPAND = 24, EXPAND_FILES = 3;

var lookup = (dir, spec) => {
  var term = spec.term || spec.prefix, i = fileOf(dir, term);
  return load("t-" + dir.terms[i], parseTerms).then(table => {
    if (spec.term) return table.filter(t => t.name === term);
    var found = table.filter(t => t.name.startsWith(term));
    if (found.length || spec.whole) return frequent(found);
    // Within "configurati" the stem "configur" ends; take the longest that begins the word.
    return table.filter(t => t.name.length > 3 && term.startsWith(t.name) && ends(term.slice(t.name.length))).slice(-1);
  }).then(found => { spec.found = found; });
};

// frequent picks the terms that a beginning stands for: the most frequent, of which
// few may have postings in files of their own.
var frequent = found => {
  var files = 0;
  return found.sort((a, b) => b.df - a.df).filter(t => !t.file || files++ < EXPAND_FILES).slice(0, EXPAND);
};

var each = (groups, visit) => {
  groups.forEach(ways => { ways.forEach(way => { way.forEach(visit); }); });
};

var cost = ways => {
  var bytes = 0;
  each([ways], spec => { spec.found.forEach(t => { if (t.file) bytes += t.size * 4 / 3; }); });
  return bytes;
};

// affordable leaves out the groups that cost too much, the dearest first, but never all.
var affordable = groups => {
  var sum = 0;
  return groups.slice().sort((a, b) => cost(a) - cost(b)).filter((ways, i) => {
    sum += cost(ways);
    return i === 0 || sum <= BUDGET;
  });
};

async function postingsOf(term) { term.bytes = term.bytes || await load("p-" + term.file, bytes => bytes); }

var scoreSpec = (spec, docs) => {
  var scores = new Float32Array(docs);
  var df = spec.found.reduce((sum, t) => sum + t.df, 0);
  spec.found.forEach(t => { // a beginning is as frequent as all that begins so
    var worth = Math.log2(1 + docs / Math.min(df, docs)) * (spec.prefix && t.name !== spec.prefix ? 0.8 : 1);
    walk(t, t.bytes, docs, (doc, level) => {
      var s = worth * (level + 1);
      if (s > scores[doc]) scores[doc] = s;
    });
  });
  return scores;
};

var scoreGroup = (ways, docs) => {
  var best = new Float32Array(docs);
  ways.forEach(way => {
    var all = way.map(spec => scoreSpec(spec, docs));
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
};

// FILTERS are what results can be narrowed by, see facet.go.
var FILTERS = ["space", "type", "label", "by", "year"];

// find answers a query: {total, some, more, hits, instead}: how many documents have all its
// words, or, where none has, some of them; whether there are more than these; the first of them;
// and the words that were taken for words that none has. filters are by name, each a value.
// Where the index has changed meanwhile it asks the new one.
var find = async (query, filters, count) => {
  try {
    return await answer(query, filters, count);
  } catch (e) {
    renew();
    return answer(query, filters, count);
  }
};

var facetsOf = () => loadJSON("index").then(dir => dir.facets ? loadJSON("f-" + dir.facets) : {});

var answer = async (query, filters, count) => {
  var dir = await loadJSON("index"), groups = parse(query);
  var title = { term: titleTerm(query), found: [] }, specs = [], wanted = [];
  var narrow = FILTERS.filter(name => filters[name]).map(name => ({ term: name + ":" + filters[name], found: [] }));
  var phrases = Array.from(query.matchAll(QUOTED), m => sequence(m[1])).filter(p => p.trim());
  if (!groups.length && !narrow.length) return { total: 0, hits: [], groups, instead: [] };
  each(groups, spec => specs.push(spec));
  if (groups.length && bytesOf(title.term) <= MAX_TITLE) specs.push(title);
  await atOnce(specs.concat(narrow), spec => lookup(dir, spec));
  var instead = (await atOnce(groups, ways => forgive(dir, ways))).flat();
  groups.forEach(strict);
  var asked = affordable(groups);
  each(asked.concat([[[title].concat(narrow)]]), spec => wanted.push(...spec.found));
  await atOnce(wanted, postingsOf);
  var within = narrow.map(spec => scoreSpec(spec, dir.docs));
  var found = rank(dir.docs, asked, scoreSpec(title, dir.docs), within, phrases.length ? count * LOOK : count + MORE);
  found.hits.forEach(hit => { hit.dir = dir; });
  if (phrases.length) await exact(found, phrases, count);
  found.hits = await refine(found.hits, groups, query, count);
  found.more = found.more || found.total > count;
  found.groups = groups;
  found.instead = instead;
  return found;
};

// refine orders the best hits by what their rows and texts tell: how much of the title was asked
// for, and how many words of the query follow each other as they do there. Of equal ones the later
// comes first. It keeps as many as are asked for.
var MORE = 6, TITLE = 20, CLOSE = 40, NEAR = 10;
var refine = async (hits, groups, query, count) => {
  var asked = marker(groups), order = sequence(query).trim().split(" ");
  var next = new Set(order.slice(1).map((w, i) => order[i] + " " + w));
  await atOnce(hits, row);
  hits.forEach(hit => {
    var words = hit.row.t.match(WORDS) || [];
    hit.score += TITLE * words.filter(asked).length / Math.max(words.length, 1);
  });
  hits = ordered(hits);
  if (next.size) await atOnce(hits, async hit => {
    hit.score += closeness(hit.row.t + " | " + whole(await text(hit)), asked, next);
  });
  return ordered(hits).slice(0, count);
};

// closeness is what a text gains by words of a query that stand beside each other in it as they do
// there, and by how many stand near each other.
var closeness = (text, asked, next) => {
  var marks = marksIn(text, asked), beside = new Set(), near = together(marks).most;
  for (var i = 1; i < marks.length; i++) {
    var pair = marks[i - 1][2] + " " + marks[i][2];
    if (marks[i][0] - marks[i - 1][1] < 4 && next.has(pair)) beside.add(pair);
  }
  return (CLOSE * beside.size + NEAR * (near - 1)) / next.size;
};

var ordered = hits =>
  hits.sort((a, b) => Math.round(b.score) - Math.round(a.score) || ((a.row.d || "") < (b.row.d || "") ? 1 : -1));

var whole = sections => sections.map(s => s.title + " " + s.text).join(" ");

// exact keeps the hits that have each phrase, all its words in their order. The index
// does not know the order of words, so the texts are read: of the best hits, until there
// are as many as are shown, and at most LOOK times as many.
var LOOK = 5;
var exact = async (found, phrases, count) => {
  var all = found.some ? [] : found.hits, kept = [], at = 0;
  for (; at < all.length && kept.length < count; at += 10) {
    var have = await atOnce(all.slice(at, at + 10), async hit => {
      var r = (await row(hit)).row, fields = [r.t].concat(r.l || [], r.f || [], r.p || [],
        whole(await text(hit)) +
        (r.x ? (await loadJSON("x-" + r.x))[0] : "")).map(sequence);
      return phrases.every(p => fields.some(f => f.includes(p))) && hit;
    });
    kept.push(...have.filter(Boolean));
  }
  found.more = !found.some && at < found.total;
  found.read = found.more;
  found.some = false;
  found.total = kept.length;
  found.hits = kept.slice(0, count);
};

// rank scores the documents. A word weighs by how rare it is. Whole questions have many that say
// nothing: what more than a third of the documents has, or is of SMALL, need not be there, if
// there is another.
var SMALL = new Set(("a an and are at be by can do does for from how i if in is it me my of on or our the there this " +
  "to was we what when where which who why will with you your").split(" "));
var rank = (docs, groups, titled, within, count) => {
  var scores = new Float32Array(docs), have = new Float32Array(docs), all = 0, most = 0, doc;
  var scored = groups.map(ways => {
    for (var group = scoreGroup(ways, docs), df = 0, doc = 0; doc < docs; doc++) if (group[doc]) df++;
    return { group, df, worth: Math.log2(1 + docs / Math.max(df, 1)), small: ways.small };
  });
  var needed = scored.filter(g => g.df * 3 <= docs && !g.small);
  if (!needed.length) needed = scored;
  scored.forEach(g => {
    var counts = needed.includes(g);
    if (counts) all += g.worth;
    for (doc = 0; doc < docs; doc++) if (g.group[doc]) {
      scores[doc] += g.group[doc] * (counts || !g.small ? 1 : 0.3);
      if (counts) have[doc] += g.worth;
    }
  });
  for (doc = 0; doc < docs; doc++) {
    if (!within.every(w => w[doc])) have[doc] = -1;
    if (have[doc] > most) most = have[doc];
    if (titled[doc]) scores[doc] += 1000;
  }
  var hits = [], total = 0, every = most > all - 0.01;
  for (doc = 0; doc < docs; doc++) {
    if (have[doc] < 0 || groups.length && !have[doc] || every && have[doc] < most - 0.01) continue;
    total++;
    insert(hits, { doc, score: scores[doc] + 10000 * have[doc] / Math.max(all, 1) }, count);
  }
  return { total, some: most > 0 && !every, hits };
};

// insert keeps the best of the hits, in order; of equal ones the first documents.
var insert = (hits, hit, count) => {
  if (hits.length === count && hits[count - 1].score >= hit.score) return;
  var i = hits.length;
  while (i > 0 && hits[i - 1].score < hit.score) i--;
  hits.splice(i, 0, hit);
  if (hits.length > count) hits.pop();
};

// row adds to a hit what is shown of it, and where its text is.
var row = async hit => {
  var dir = hit.dir, rows = await loadJSON("d-" + dir.rows[Math.floor(hit.doc / dir.rowsPer)]);
  var at = hit.doc % dir.rowsPer, i = 0, first = 0;
  hit.row = rows.rows[at];
  while (first + rows.texts[i][0] <= at) first += rows.texts[i++][0];
  hit.text = ["x-" + rows.texts[i][1], at - first];
  return hit;
};

// text loads the text of a hit, as far as excerpts are taken from it, by its sections: {id,
// title, text}, the first of them without id and title.
var text = async hit => {
  return (await loadJSON(hit.text[0]))[hit.text[1]].split("\n").map((section, i) => {
    var parts = i ? section.split("\t") : ["", "", section];
    return { id: parts[0], title: parts[1], text: parts.slice(2).join(" ") };
  });
};
