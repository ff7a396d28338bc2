
// Words as the search knows them: the same as token.go and fold.go of render/search.
var FOLDED = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ς": "σ" };
var HIDDEN = "[\\u00ad\\u034f\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e" +
  "\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{e0100}-\\u{e01ef}]";
var DENSE = "(?=[\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\ua9e0-\\ua9ff\\uaa60-\\uaa7f\\u2e80-\\u31ff" +
  "\\u3400-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{3ffff}])[\\p{L}\\p{N}\\p{M}]";
var LETTERS = "(?:(?!" + DENSE + "|" + HIDDEN + ")[\\p{L}\\p{N}\\p{M}])+";
var WORD = LETTERS + "(?:['’ʼ]" + LETTERS + ")*";
var WORDS = new RegExp(WORD, "gu"), INVISIBLE = new RegExp(HIDDEN, "gu");
var RUNS = new RegExp("((?:" + DENSE + ")+)|" + WORD + "(?:[-_.:/\\\\@#&+(‐]" + WORD + ")*", "gu");

// visible is a text without what only shapes, turns or divides words on the screen.
var visible = text => text.replace(INVISIBLE, "");
var MAX_TERM = 64, MAX_PARTS = 5, MAX_TITLE = 120; // bytes, words, bytes

var fold = word => {
  word = word.replace(/['’ʼ][sS]$/, "");
  if (/^[\x00-\x7f]*$/.test(word)) return word.toLowerCase().replace(/'/g, "");
  return Array.from(word, c => {
    c = c.toLowerCase();
    return FOLDED[c] !== undefined ? FOLDED[c]
      : /['’ʼ]/.test(c) ? "" : c.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }).join("");
};

// parts divides a word in CamelCase, or returns nothing.
var parts = word => {
  var found = word.replace(/([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z][a-z])/g, "$1$2\n").split("\n");
  return found.length > 1 ? found : [];
};

// numbered divides letters before a number of two digits or more, as in SF86, or returns nothing.
var numbered = word => {
  var found = word.match(/^([A-Za-z]+)([0-9]{2,})$/);
  return found ? found.slice(1) : [];
};

var bytesOf = text => new TextEncoder().encode(text).length;
var fits = term => term && bytesOf(term) <= MAX_TERM;
var termOf = folded => /^[a-z]+$/.test(folded) ? stem(folded) : folded;

// runs divides a text into runs of characters without spaces between words, and names
// of one or more words.
var runs = text => {
  return Array.from(visible(text.normalize("NFKC")).matchAll(RUNS), m => {
    return m[1] ? { dense: Array.from(m[1]) } : { words: m[0].match(WORDS), hyphens: !/[_.:\/\\@#&+(]/.test(m[0]) };
  });
};

var pairs = chars => {
  return chars.slice(1).map((c, i) => chars[i] + c);
};

var nameOf = words => words.map(fold).join("-");
function shut(words) { return words.map(fold).join(""); } // e-mail, email

// terms lists the terms of a text.
var terms = text => {
  var all = [];
  runs(text).forEach(run => {
    if (run.dense) {
      all.push.apply(all, pairs(run.dense).concat(run.dense[run.dense.length - 1]));
      return;
    }
    run.words.forEach(word => {
      [word].concat(parts(word), numbered(word)).forEach(w => {
        if (fits(fold(w))) all.push(termOf(fold(w)));
      });
    });
    var name = nameOf(run.words);
    if (run.words.length > 1 && run.words.length <= MAX_PARTS && bytesOf(name) <= MAX_TERM) {
      all.push(name);
      if (run.hyphens && shut(run.words)) all.push(termOf(shut(run.words)));
    }
  });
  return all;
};

// sequence is a text as its words in their order, each between spaces.
var sequence = text => {
  return " " + runs(text).map(run => (run.dense || run.words.map(fold)).join(" ")).join(" ") + " ";
};

// titleTerm is the term of a whole title.
var titleTerm = text => {
  return "title:" + runs(text).map(run => run.dense ? run.dense.join("") : nameOf(run.words)).join("-");
};

// The English stemmer: Porter's second algorithm, in step with the library that the
// program uses, https://snowballstem.org/algorithms/english/stemmer.html.
var WHOLE = { skis: "ski", skies: "sky", dying: "die", lying: "lie", tying: "tie", idly: "idl", gently: "gentl",
  ugly: "ugli", early: "earli", only: "onli", singly: "singl" };
var AS_IT_IS = /^(sky|news|howe|atlas|cosmos|bias|andes)$/;
var ITS_BEGINNING = /^(?:((?:inn|out|cann|herr|earr)ing)s?|((?:proc|exc|succ)eed)(?:s|ed|ing)?)$/;
var pairsOf = text => text.split(" ").map(pair => pair.split(":"));
var STEP2 = pairsOf("ational:ate fulness:ful iveness:ive ization:ize ousness:ous biliti:ble lessli:less tional:tion " +
  "alism:al aliti:al ation:ate entli:ent fulli:ful iviti:ive ousli:ous anci:ance abli:able alli:al ator:ate " +
  "enci:ence izer:ize bli:ble ogi:og li:");
var STEP3 = pairsOf("ational:ate tional:tion alize:al icate:ic ative: iciti:ic ical:ic ful: ness:");
var STEP4 = "ement ance ence able ible ment ent ant ism ate iti ous ive ize ion al er ic".split(" ");
var stems = new Map();

var vowel = c => "aeiouy".indexOf(c) >= 0;

var stem = word => {
  var known = stems.get(word);
  if (known === undefined) {
    if (stems.size > 20000) stems.clear();
    var begun = word.match(ITS_BEGINNING);
    known = word.length <= 2 || AS_IT_IS.test(word) ? word
      : begun ? begun[1] || begun[2] : Object.hasOwn(WHOLE, word) ? WHOLE[word] : porter(word);
    stems.set(word, known);
  }
  return known;
};

var porter = w => {
  var chars = w.split(""), r1, r2, before, found;
  chars.forEach((c, i) => { if (c === "y" && (i === 0 || vowel(chars[i - 1]))) chars[i] = "Y"; });
  w = chars.join("");
  function after(start) { // the region behind the first consonant that follows a vowel
    for (var j = start + 1; j < w.length; j++) if (vowel(w[j - 1]) && !vowel(w[j])) return j + 1;
    return w.length;
  }
  var ends = list => list.find(s => w.endsWith(Array.isArray(s) ? s[0] : s));
  function put(cut, add) {
    w = w.slice(0, w.length - cut) + add; r1 = Math.min(r1, w.length); r2 = Math.min(r2, w.length);
  }
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
  if (found && found[0].length <= w.length - r1 && (found[0] !== "ative" || w.length - r2 >= 5))
    put(found[0].length, found[1]);
  found = ends(STEP4);
  if (found && found.length <= w.length - r2 && (found !== "ion" || "st".indexOf(w[w.length - 4] || "?") >= 0))
    put(found.length, "");
  var last = w.length - 1; // 5
  if (r1 <= last && w[last] === "e") { if (r2 <= last || !short(last)) put(1, ""); }
  else if (r2 <= last && w.endsWith("ll")) put(1, "");
  return w.toLowerCase();
};

