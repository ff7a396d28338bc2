// What the scripts share: those of the pages stand in one function with it, the others take it from AGC.
var here = new URL(".", document.currentScript.src).href, root = new URL("..", here).href;

function byId(id) { return document.getElementById(id); }
function say(name, value) { return AGC.words[name].replace("{}", value); }
function element(name, text, className) {
  var e = document.createElement(name);
  if (text) e.textContent = text;
  if (className) e.className = className;
  return e;
}

function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }
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

Object.assign(AGC, { here, root, byId, say, element, all, on, whenRead, loadScript, stored, lately });
