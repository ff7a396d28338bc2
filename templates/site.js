// Everything on the pages works without this script. It adds a switch between light
// and dark, keeps the reader's place in the tree and the table of contents, copies
// code, leads old addresses of places to them and opens what is folded before printing.
var html = document.documentElement, fresh = ""; // see take.js
html.classList.add("js");

// The theme: what the reader chose, else what the system asks for. From file://
// some browsers keep a choice for one page only.
var dark = matchMedia("(prefers-color-scheme: dark)"), theme = stored("agc-theme");
function show() {
  if (theme === "dark" || theme === "light") html.dataset.theme = theme;
  else delete html.dataset.theme;
  var button = byId("agc-theme");
  if (button) button.ariaLabel = button.title = words["theme_" + (html.dataset.theme || "auto")];
}
show();

whenRead(() => {
  show();
  on(byId("agc-theme"), "click", () => {
    // The first step is one that is seen.
    var order = dark.matches ? "auto light dark auto" : "auto dark light auto";
    theme = order.split((html.dataset.theme || "auto") + " ")[1].split(" ")[0];
    stored("agc-theme", theme);
    show();
  });
  all("#agc-nav [aria-current]").forEach(a => reveal("agc-nav", a));
  follow();
  searching();
  note();
  all(HEADINGS).forEach(permalink);
  all("main pre, main .formula").forEach(copier);
  all(".table").forEach(scroller);
  arrive();
  on(window, "hashchange", arrive);
});

// reveal brings an entry of a list into view in the list.
function reveal(list, entry) {
  list = byId(list);
  list.scrollTop = entry.offsetTop - list.clientHeight / 3;
}

// follow marks the heading that is being read in the table of contents.
function follow() {
  var links = all("#agc-toc li a"), marked, waiting;
  if (!links.length) return;
  function mark() {
    waiting = false;
    var now = links.findLast(a => {
      var heading = byId(decoded(a.hash.slice(1)));
      return heading && heading.getBoundingClientRect().top < 120;
    }) || links[0];
    if (now === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    now.setAttribute("aria-current", "location");
    reveal("agc-toc", marked = now);
  }
  on(window, "scroll", () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  });
  mark();
}

var HEADINGS = "main :is(h2, h3, h4, h5, h6)[id]";

// permalink puts a link to a heading behind it. It has no text, so that the heading's stays the author's.
function permalink(heading) {
  var a = element("a", "", "permalink");
  a.href = "#" + encodeURIComponent(heading.id);
  a.ariaLabel = say("permalink", heading.textContent);
  heading.append(a);
}

// arrive leads from the fragments by which Confluence knows the places of a page to ours: those of
// comments, and of headings without what is neither a letter nor a digit, behind the page's title
// or not, the second of a name with ".1" at its end.
function arrive() {
  var name = decoded(location.hash.slice(1)), asked = query.get("focusedCommentId"), to;
  if (name ? byId(name) : !asked) return;
  var comment = /^comment-(\d+)$/.exec(name);
  comment = comment ? comment[1] : asked;
  to = comment && (byId("comment-" + comment) || byId("agc-comment-" + comment));
  if (!to) {
    name = name.replace(/^id-/, "");
    var title = bare(all("h1")[0].textContent), nth = /^(.*)\.(\d+)$/.exec(name);
    var same = wanted => all(HEADINGS).filter(h => bare(wanted) &&
      [bare(h.textContent), title + bare(h.textContent)].includes(bare(wanted)));
    to = same(name)[0] || nth && same(nth[1])[nth[2]];
  }
  if (to) location.replace("#" + encodeURIComponent(to.id));
}

var bare = text => text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

// scroller lets the keyboard reach tables that are wider than their place, and no others, and marks the
// sides on which they go on.
function scroller(box) {
  var label = box.ariaLabel, table = box.classList;
  function look() {
    var hidden = box.scrollWidth - box.clientWidth, at = Math.abs(box.scrollLeft), over = hidden > 1;
    if (over) box.tabIndex = 0; else box.removeAttribute("tabindex");
    box.role = over ? "region" : null;
    box.ariaLabel = over ? label : null;
    table.toggle("scrolls", over);
    table.toggle("fits", !over);
    table.toggle("before", over && at > 1);
    table.toggle("after", at < hidden - 1);
  }
  on(box, "scroll", look);
  var watch = new ResizeObserver(look);
  watch.observe(box);
  watch.observe(box.firstElementChild);
  look();
}

// copier puts a button that copies it beside a block of code, or a formula, as TeX.
function copier(pre) {
  if (!navigator.clipboard) return;
  var box = element("div", "", "copy-box"), button = element("button", words.copy, "copy");
  button.type = "button";
  on(button, "click", () => {
    navigator.clipboard.writeText((pre.querySelector("annotation") || pre).textContent).then(() => {
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    }, () => 0); // the browser may forbid it
  });
  pre.replaceWith(box);
  box.append(pre, button);
}

// A picture is shown as large as the window allows. Without this the link leads to the file.
on(document, "click", event => {
  var a = event.target.closest("a.enlarge");
  if (!a || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  var box = element("dialog", "", "large"), img = element("img");
  var close = element("button", words.close, "large-close");
  img.src = a.href;
  box.ariaLabel = img.alt = a.querySelector("img").alt;
  close.type = "button";
  box.tabIndex = -1;
  box.append(close, img);
  document.body.append(box);
  on(box, "click", () => box.close());
  on(box, "close", () => { box.remove(); a.focus(); });
  box.showModal();
  box.focus(); // not the button: the key that opened the picture would press it, and close it at once
});

// A printed page shows what is folded on the screen.
var opened = [];
on(window, "beforeprint", () => {
  opened = all("main details:not([open])");
  opened.forEach(d => { d.open = true; });
});
on(window, "afterprint", () => opened.forEach(d => { d.open = false; }));

// The search. Its script is loaded when it is asked for. The key "/" readers may switch off
// (WCAG 2.2, 2.1.4): some speak to their machine, and it types.
var coming;
function search() {
  coming = coming || loadScript(byId("agc-q").form.dataset.script);
  coming.catch(() => { coming = null; });
  return coming;
}

function searching() {
  var box = byId("agc-q"), own = byId("agc-search"), choice = byId("agc-slash"), off = stored("agc-slash") === "off";
  function ask(given) {
    if (own || !window.HTMLDialogElement) {
      box.focus();
      box.select();
    } else {
      search().then(() => AGC.open(given), () => box.focus());
    }
  }
  if (choice) {
    choice.checked = !off;
    on(choice, "change", () => {
      off = !choice.checked;
      stored("agc-slash", off ? "off" : "on");
    });
  }
  on(document, "keydown", event => {
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
  on(box, "click", () => ask(box.value));
  on(box, "input", () => ask(box.value));
  var words = query.get("mark");
  if (words && CSS.highlights) search().then(() => AGC.mark(words), () => 0);
}

// note adds this page to what was read lately.
function note() {
  var title = all("main h1")[0], path = page.slice(root.length);
  if (!title || !page.startsWith(root) || byId("agc-search")) return;
  var read = [[path, title.textContent]].concat(lately().filter(p => p[0] !== path)).slice(0, 9);
  stored("agc-lately " + root, JSON.stringify(read));
}
