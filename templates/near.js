// What a reader may have meant by a word that no document has: of the words that begin with the same
// letter the nearest, one change away or else two. forgive puts them in its place and returns them.
var NEAREST = 3, WORD_FILES = 4;
var forgive = async (dir, ways) => {
  if (!ways.length || ways.some(way => way.every(spec => spec.found.length))) return [];
  var taken = [];
  for (var way of ways) for (var spec of way) {
    if (spec.found.length || !spec.term || !/^\p{L}{4,}$/u.test(spec.term)) continue;
    var meant = nearest(spec.word || spec.term, (await wordsLike(dir, spec.term)).flat()).map(w => exactly(w.name));
    await atOnce(meant, other => lookup(dir, other));
    spec.found = meant.map(other => other.found).flat();
    if (spec.found.length) taken.push(spec.found[0].name);
  }
  return taken;
};

// wordsLike loads the words that begin as one does.
var wordsLike = (dir, word) => {
  var letter = String.fromCodePoint(word.codePointAt(0)), names = [];
  for (var i = dir.words.length - 1; i >= 0; i--) {
    if (dir.firstWords[i] < letter + "\uffff") names.push(dir.words[i]);
    if (dir.firstWords[i] < letter) break;
  }
  return atOnce(names.slice(-WORD_FILES), name => load("w-" + name, parseWords));
};

// nearest compares stems, and of a word that slips have spoilt no rule tells the stem: it is taken as
// a stem and an ending wherever it may be divided, and the changes of both count.
var nearest = (word, words) => {
  for (var ways = [[word, 0]], i = Math.max(4, word.length - 8); i < word.length; i++) {
    var spoilt = Math.min(...ENDINGS.map(e => distance(word.slice(i), e, 1)));
    if (spoilt < 2) ways.push([word.slice(0, i), spoilt]);
  }
  for (var most = 1; most <= 2; most++) {
    var found = words.filter(w => w.name[0] === word[0] && ways.some(way => {
      return distance(w.name, way[0], most - way[1]) + way[1] <= most;
    }));
    if (found.length) return found.sort((a, b) => b.df - a.df).slice(0, NEAREST);
  }
  return [];
};

// distance counts the letters that must be added, taken away, changed or exchanged with their
// neighbour to make one word of another; more than most is as good as any number.
var distance = (a, b, most) => {
  if (most < 0 || Math.abs(a.length - b.length) > most) return most + 1;
  var before, last = [], row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (var i = 1; i <= a.length; i++) {
    before = last;
    last = row;
    row = [i];
    for (var j = 1, least = i; j <= b.length; j++) {
      var same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      if (row[j] < least) least = row[j];
    }
    if (least > most) return most + 1;
  }
  return row[b.length];
};

// ending tells whether a word may end so, or begin to: what a stem does not have.
var ENDINGS = ("s es ed er ers e ing ings y ies ied ion ions ation ations ational ative ator ators ive ity ities " +
  "ally ly able ably ability al icate icates icated icating ication ications ical ically ment ments ement ness ize " +
  "ized izes izing ization ance ence ant ent ful less ous ously ism ist").split(" ");
var ends = text => /^[a-z]*$/.test(text) && ENDINGS.some(e => e.startsWith(text));
