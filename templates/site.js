// Everything on the pages works without this script. It adds a switch between light
// and dark, keeps the reader's place in the tree and the table of contents, copies
// code and opens what is folded before printing.
var html = document.documentElement;
html.classList.add("js");

// The theme: what the reader chose, else what the system asks for. From file://
// some browsers keep a choice for one page only.
var dark = matchMedia("(prefers-color-scheme: dark)");
function chosen(value) { return stored("agc-theme", value); }
function show(theme) {
  if (theme === "dark" || theme === "light") html.dataset.theme = theme;
  var button = byId("agc-theme");
  var isDark = html.dataset.theme ? html.dataset.theme === "dark" : dark.matches;
  if (button) button.setAttribute("aria-pressed", String(isDark));
  return isDark;
}
show(chosen());

document.addEventListener("DOMContentLoaded", function () {
  show();
  dark.addEventListener("change", function () { show(); });
  byId("agc-theme").addEventListener("click", function () {
    var theme = show() ? "light" : "dark";
    chosen(theme);
    show(theme);
  });
  place();
  follow();
  searching();
  note();
  document.querySelectorAll("main pre, main .formula").forEach(copier);
});

// place brings the current page into view in the tree.
function place() {
  var nav = byId("agc-nav");
  var here = nav && nav.querySelector("[aria-current]");
  if (here) nav.scrollTop = here.offsetTop - nav.clientHeight / 3;
}

// follow marks the heading that is being read in the table of contents.
function follow() {
  var links = document.querySelectorAll("#agc-toc li a");
  if (!links.length) return;
  var marked, waiting = false;
  function mark() {
    waiting = false;
    var now = links[0];
    links.forEach(function (a) {
      var heading = byId(decodeURIComponent(a.hash.slice(1)));
      if (heading && heading.getBoundingClientRect().top < 120) now = a;
    });
    if (now === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    now.setAttribute("aria-current", "location");
    marked = now;
  }
  addEventListener("scroll", function () {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }, { passive: true });
  mark();
}

// copier puts a button that copies it beside a block of code, or a formula, as TeX.
function copier(pre) {
  if (!navigator.clipboard) return;
  var box = element("div", "", "copy-box"), button = element("button", AGC.words.copy, "copy");
  button.type = "button";
  button.addEventListener("click", function () {
    navigator.clipboard.writeText((pre.querySelector("annotation") || pre).textContent).then(function () {
      button.textContent = AGC.words.copied;
      setTimeout(function () { button.textContent = AGC.words.copy; }, 2000);
    }, function () {}); // the browser may forbid it
  });
  pre.replaceWith(box);
  box.append(pre, button);
}

// enlarger shows a picture as large as the window allows. Without it the link leads to
// the file.
function enlarger(event) {
  var a = event.target.closest("a.enlarge");
  if (!a || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  var box = element("dialog", "", "large"), img = element("img");
  var close = element("button", AGC.words.close, "large-close");
  img.src = a.href;
  img.alt = a.querySelector("img").alt;
  box.setAttribute("aria-label", img.alt);
  close.type = "button";
  box.tabIndex = -1;
  box.append(close, img);
  document.body.append(box);
  box.addEventListener("click", function () { box.close(); });
  box.addEventListener("close", function () { box.remove(); a.focus(); });
  box.showModal();
  box.focus(); // not the button: the key that opened the picture would press it, and close it at once
}
document.addEventListener("click", enlarger);

// A printed page shows what is folded on the screen.
var opened = [];
addEventListener("beforeprint", function () {
  opened = Array.from(document.querySelectorAll("main details:not([open])"));
  opened.forEach(function (d) { d.open = true; });
});
addEventListener("afterprint", function () {
  opened.forEach(function (d) { d.open = false; });
});

// The search. Its script is loaded when it is asked for. The key "/" readers may switch off
// (WCAG 2.2, 2.1.4): some speak to their machine, and it types.
var coming;
function search() {
  coming = coming || loadScript(byId("agc-q").form.dataset.script);
  coming.catch(function () { coming = null; });
  return coming;
}

function searching() {
  var box = byId("agc-q"), own = byId("agc-search"), choice = byId("agc-slash"), off = stored("agc-slash") === "off";
  function ask(given) {
    if (own || typeof HTMLDialogElement === "undefined") {
      box.focus();
      box.select();
    } else {
      search().then(() => AGC.open(given), () => box.focus());
    }
  }
  if (choice) {
    choice.checked = !off;
    choice.addEventListener("change", function () {
      off = !choice.checked;
      stored("agc-slash", off ? "off" : "on");
    });
  }
  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input, textarea, select, [contenteditable]");
    var control = event.ctrlKey || event.metaKey;
    if (event.altKey || !(control ? event.key === "k" : event.key === "/" && !off && !typing)) return;
    event.preventDefault();
    ask();
  });
  if (own) {
    search();
    return;
  }
  box.addEventListener("click", () => ask(box.value));
  box.addEventListener("input", () => ask(box.value));
  var words = new URLSearchParams(location.search).get("mark");
  if (words && CSS.highlights) search().then(() => AGC.mark(words), () => 0);
}

// note adds this page to what was read lately.
function note() {
  var title = document.querySelector("main h1"), path = location.href.split(/[?#]/)[0];
  if (!title || !path.startsWith(root) || byId("agc-search")) return;
  path = path.slice(root.length);
  var all = [[path, title.textContent]].concat(lately().filter(p => p[0] !== path)).slice(0, 9);
  stored("agc-lately " + root, JSON.stringify(all));
}
