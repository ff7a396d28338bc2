// What the scripts share: those of the pages stand in one function with it, the others take it from AGC.
var here = new URL(".", document.currentScript.src).href, root = new URL("..", here).href;

var byId = id => document.getElementById(id);
var words = AGC.words, say = (name, value) => words[name].replace("{}", value);
function element(name, text, className) {
  var e = document.createElement(name);
  if (text) e.textContent = text;
  if (className) e.className = className;
  return e;
}

var all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
function on(target, name, act) { target.addEventListener(name, act); }
function whenRead(act) { on(document, "DOMContentLoaded", act); }

// loadScript loads a file of data: a script that calls a function of AGC, for pages from
// a disk may load nothing else.
function loadScript(src) {
  return new Promise(function (resolve, reject) {
    var script = element("script");
    script.onload = resolve;
    script.onerror = () => reject(new Error(src));
    script.src = src;
    document.head.append(script);
  });
}

// stored is what the browser keeps under a name, or what is given it to keep.
function stored(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch (e) {
    return value;
  }
}

// lately are the pages that the reader has read, the last first: [path, title].
function lately() {
  try {
    return JSON.parse(stored("agc-lately " + root)) || [];
  } catch (e) {
    return [];
  }
}

// query and page are the parts of the address; text in it may be no UTF-8.
var query = new URLSearchParams(location.search), page = location.href.split(/[?#]/)[0];
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch (e) {
    return text;
  }
}

Object.assign(AGC, {
  here, root, query, page, decoded, byId, say, element, all, on, whenRead, loadScript, stored, lately
});
