// The search of the site: reads the index that the program has written beside the
// pages, see its package render/search, and follows the same rules for words, see
// words.js. Each file of the index calls AGC.shard with its name and its bytes.
var packed = {}, kept = new Map();
AGC.shard = (name, data) => { packed[name] = data; };

// load gives what a function reads in the bytes of a file. A failure is not kept.
function load(name, read) {
  if (!kept.has(name)) {
    var coming = loadScript(here + "../search/" + name + ".js" + (name === "index" ? fresh : ""))
      .then(() => unpack(packed[name])).then(read);
    kept.set(name, coming);
    coming.catch(() => kept.delete(name)).finally(() => delete packed[name]);
  }
  return kept.get(name);
}

async function unpack(data) {
  var bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  return new Uint8Array(await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
}

function loadJSON(name) { return load(name, bytes => JSON.parse(new TextDecoder().decode(bytes))); }

// renew forgets the index: when a file that it names is not there, the site has been
// published anew since it was loaded. All other files are named by what they hold.
function renew() {
  kept.delete("index");
  fresh = "?" + Date.now();
}

// Terms and postings, see term.go and code.go.
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

// fileOf is the number of the file in which a term stands, if it does.
function fileOf(dir, term) {
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
var QUOTES = "\"“”„«»", QUOTED = new RegExp("[" + QUOTES + "]([^" + QUOTES + "]+)[" + QUOTES + "]", "g");
function parse(query) {
  var open = !new RegExp("[\\s" + QUOTES + "]$").test(query), all = runs(query);
  return all.map(function (run, i) {
    var ways = [], prefix = open && i === all.length - 1;
    if (run.dense) {
      ways.push(run.dense.length > 1 ? pairs(run.dense).map(exactly) : [{ prefix: run.dense[0] }]);
    } else if (run.words.length > 1) {
      if (run.words.length <= MAX_PARTS) ways.push([exactly(nameOf(run.words))]);
      if (prefix) ways.push([{ prefix: nameOf(run.words) }]);
      if (run.hyphens) ways.push([exactly(termOf(shut(run.words)))]);
      if (run.hyphens && prefix) ways.push([{ prefix: shut(run.words) }]);
      ways.push(divided(run.words));
    } else {
      spellings(run.words[0]).forEach(function (w) {
        ways.push([exactly(termOf(w))]);
        if (prefix && w.length > 1) ways.push([{ prefix: w }]);
      });
      if (parts(run.words[0]).length) ways.push(divided(parts(run.words[0])));
      if (numbered(run.words[0]).length) ways.push(divided(numbered(run.words[0])));
    }
    ways = ways.filter(way => way.every(t => fits(t.term || t.prefix)));
    ways.number = run.words &&
      (run.words.length > 1 ? /\d/.test(run.words.join("")) : numbered(run.words[0]).length > 0);
    return ways;
  }).filter(ways => ways.length);
}

// divided is the way of a name by its parts. Of ENG-123 and report-2024.pdf that is
// for when no document has the whole, see strict.
function divided(words) {
  var way = words.map(w => exactly(termOf(fold(w))));
  way.divided = true;
  return way;
}

function strict(ways) {
  if (!ways.number || !ways.some(way => !way.divided && way[0].found.length)) return;
  for (var i = ways.length - 1; i >= 0; i--) if (ways[i].divided) ways.splice(i, 1);
}

function exactly(term) { return { term: term }; }

// spellings are a word, and in German the one with or without "e" for the umlaut.
function spellings(word) {
  var folded = fold(word), all = [folded];
  if (/[äöü]/i.test(word)) all.push(fold(word.replace(/[äöüÄÖÜ]/g, c => fold(c) + "e")));
  else if (/[aou]e/.test(folded)) all.push(folded.replace(/([aou])e/g, "$1"));
  return all;
}

// BUDGET bounds the bytes of postings that one query loads beside those of its rarest
// words: what nearly every page has says little about any. EXPAND bounds the terms
// that a beginning stands for.
var BUDGET = 90000, EXPAND = 24, EXPAND_FILES = 3;

function lookup(dir, spec) {
  var term = spec.term || spec.prefix, i = fileOf(dir, term);
  return load("t-" + dir.terms[i], parseTerms).then(function (table) {
    if (spec.term) return table.filter(t => t.name === term);
    var found = table.filter(t => t.name.startsWith(term));
    if (found.length || term.length < 5 || !/^[a-z]+$/.test(term)) return frequent(found);
    // Within "configurati" the stem "configur" ends; take the longest that begins the word.
    return table.filter(t => t.name.length > 3 && term.length - t.name.length < 5 && term.startsWith(t.name)).slice(-1);
  }).then(function (found) { spec.found = found; });
}

// frequent picks the terms that a beginning stands for: the most frequent, of which
// few may have postings in files of their own.
function frequent(found) {
  var files = 0;
  return found.sort((a, b) => b.df - a.df).filter(t => !t.file || files++ < EXPAND_FILES).slice(0, EXPAND);
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
  return groups.slice().sort((a, b) => cost(a) - cost(b)).filter(function (ways, i) {
    sum += cost(ways);
    return i === 0 || sum <= BUDGET;
  });
}

async function postingsOf(term) { term.bytes = term.bytes || await load("p-" + term.file, bytes => bytes); }

function scoreSpec(spec, docs) {
  var scores = new Float32Array(docs);
  var df = spec.found.reduce((sum, t) => sum + t.df, 0);
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
}

// find answers a query: {total, some, more, hits}: how many documents have all its words,
// or, where none has, some of them; whether there are more than these; and the first of
// them. Where the index has changed meanwhile it asks the new one.
async function find(query, space, count) {
  try {
    return await answer(query, space, count);
  } catch (e) {
    renew();
    return answer(query, space, count);
  }
}

async function answer(query, space, count) {
  var dir = await loadJSON("index"), groups = parse(query);
  var title = { term: titleTerm(query), found: [] }, filter = { term: "space:" + space, found: [] };
  var phrases = Array.from(query.matchAll(QUOTED), m => sequence(m[1])).filter(p => p.trim()), specs = [], wanted = [];
  if (!groups.length) return { total: 0, hits: [], groups };
  each(groups, spec => specs.push(spec));
  if (bytesOf(title.term) <= MAX_TITLE) specs.push(title);
  if (space) specs.push(filter);
  await Promise.all(specs.map(spec => lookup(dir, spec)));
  groups.forEach(strict);
  var asked = affordable(groups);
  each(asked.concat([[[title, filter]]]), spec => wanted.push(...spec.found));
  await Promise.all(wanted.map(postingsOf));
  var found = rank(dir.docs, asked, scoreSpec(title, dir.docs), space && scoreSpec(filter, dir.docs),
    phrases.length ? count * LOOK : count);
  found.hits.forEach(hit => { hit.dir = dir; });
  if (phrases.length) await exact(found, phrases, count);
  await Promise.all(found.hits.map(row));
  found.more = found.more || found.total > count;
  found.groups = groups;
  return found;
}

// exact keeps the hits that have each phrase, all its words in their order. The index
// does not know the order of words, so the texts are read: of the best hits, until there
// are as many as are shown, and at most LOOK times as many.
var LOOK = 5;
async function exact(found, phrases, count) {
  var all = found.some ? [] : found.hits, kept = [], at = 0;
  for (; at < all.length && kept.length < count; at += 10) {
    var have = await Promise.all(all.slice(at, at + 10).map(async function (hit) {
      var r = (await row(hit)).row, fields = [r.t].concat(r.l || [], r.f || [], r.p || [],
        await text(hit) + (r.x ? (await loadJSON("x-" + r.x))[0] : "")).map(sequence);
      return phrases.every(p => fields.some(f => f.includes(p))) && hit;
    }));
    kept.push(...have.filter(Boolean));
  }
  found.more = !found.some && at < found.total;
  found.read = found.more;
  found.some = false;
  found.total = kept.length;
  found.hits = kept.slice(0, count);
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
async function row(hit) {
  var dir = hit.dir, rows = await loadJSON("d-" + dir.rows[Math.floor(hit.doc / dir.rowsPer)]);
  var at = hit.doc % dir.rowsPer, i = 0, first = 0;
  hit.row = rows.rows[at];
  while (first + rows.texts[i][0] <= at) first += rows.texts[i++][0];
  hit.text = ["x-" + rows.texts[i][1], at - first];
  return hit;
}

// text loads the text of a hit, as far as excerpts are taken from it.
async function text(hit) { return (await loadJSON(hit.text[0]))[hit.text[1]]; }
