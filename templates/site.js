// Everything on the pages works without this script. It adds a switch between light
// and dark, keeps the reader's place in the tree and the table of contents, copies
// code and opens what is folded before printing.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // The theme: what the reader chose, else what the system asks for. From file://
  // some browsers keep a choice for one page only.
  var dark = matchMedia("(prefers-color-scheme: dark)");
  function chosen(value) {
    try {
      if (value) localStorage.setItem("agc-theme", value);
      return localStorage.getItem("agc-theme");
    } catch (e) {
      return value;
    }
  }
  function show(theme) {
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    var button = document.getElementById("agc-theme");
    var isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    if (button) button.setAttribute("aria-pressed", String(isDark));
    return isDark;
  }
  show(chosen());

  document.addEventListener("DOMContentLoaded", function () {
    show();
    dark.addEventListener("change", function () { show(); });
    document.getElementById("agc-theme").addEventListener("click", function () {
      var theme = show() ? "light" : "dark";
      chosen(theme);
      show(theme);
    });
    place();
    follow();
    document.querySelectorAll("[data-nav]").forEach(unfolder);
    document.querySelectorAll("main pre").forEach(copier);
  });

  // place brings the current page into view in the tree.
  function place() {
    var nav = document.getElementById("agc-nav");
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
        var heading = document.getElementById(decodeURIComponent(a.hash.slice(1)));
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

  // unfolder lets a reader open the tree further than the page has it: an entry with
  // more below it gets a switch, and what is below it is loaded when that is used. See
  // the files in nav/.
  var files, branches = {}, loading = {};
  AGC.nav = function (space, rows) { files = rows; };
  AGC.branch = function (more) { Object.assign(branches, more); };
  function load(src, then) {
    if (loading[src]) return loading[src].push(then);
    loading[src] = [then];
    var script = document.createElement("script");
    script.src = src;
    script.onload = function () {
      var waiting = loading[src];
      loading[src] = { push: function (then) { then(); } };
      waiting.forEach(function (then) { then(); });
    };
    document.head.append(script);
  }
  function unfolder(tree) {
    var index = tree.dataset.nav, folder = index.replace(/[^/]*$/, ""), root = folder + "../";
    function below(key, then) {
      if (branches[key]) return then(branches[key]);
      load(index, function () {
        var file = "";
        files.forEach(function (row) { if (row[0] <= key) file = row[1]; });
        if (file) load(folder + file, function () { then(branches[key] || []); });
      });
    }
    function say(name, value) { return AGC.words[name].replace("{}", value); }
    function entry(row) {
      var li = document.createElement("li"), a = document.createElement("a");
      a.href = root + encodeURI(row[0]);
      if (typeof row[1] === "number") {
        li.className = "rest";
        a.textContent = say("more", row[1]);
      } else {
        a.textContent = row[1];
        if (row[2]) a.className = row[2];
      }
      li.append(a);
      if (row[3]) open(li);
      return li;
    }
    function open(li) {
      var a = li.querySelector("a"), key = a.pathname.replace(/^.*\/|\.html$/g, "");
      var details = document.createElement("details"), summary = document.createElement("summary"), said = document.createElement("span");
      said.className = "said";
      said.textContent = say("below", a.textContent);
      summary.append(said);
      details.append(summary);
      li.className = "parent";
      li.append(details);
      details.addEventListener("toggle", function () {
        if (details.dataset.wait !== undefined || details.querySelector("ul")) return;
        details.dataset.wait = "";
        below(key, function (rows) {
          var ul = document.createElement("ul");
          rows.forEach(function (row) { ul.append(entry(row)); });
          details.append(ul);
          delete details.dataset.wait;
        });
      });
    }
    tree.querySelectorAll("li.more").forEach(open);
  }

  // copier puts a button that copies it beside a block of code.
  function copier(pre) {
    if (!navigator.clipboard) return;
    var box = document.createElement("div"), button = document.createElement("button");
    box.className = "copy-box";
    button.type = "button";
    button.className = "copy";
    button.textContent = AGC.words.copy;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(pre.textContent).then(function () {
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
    var box = document.createElement("dialog"), img = document.createElement("img"), close = document.createElement("button");
    box.className = "large";
    box.setAttribute("aria-label", a.querySelector("img").alt);
    img.src = a.href;
    img.alt = a.querySelector("img").alt;
    close.type = "button";
    close.className = "large-close";
    close.textContent = AGC.words.close;
    box.append(close, img);
    document.body.append(box);
    box.addEventListener("click", function () { box.close(); });
    box.addEventListener("close", function () { box.remove(); a.focus(); });
    box.showModal();
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
})();
