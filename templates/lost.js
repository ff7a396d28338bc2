// Leads from an address of the old wiki to the page that was kept of it, and offers to search for the
// words of all others. A server with the redirects of server/ does the first without this script.
(() => {
  "use strict";
  var { byId, decoded, whenRead, loadScript, stored, root, query } = AGC;
  whenRead(() => {
    var shards = +byId("agc-main").dataset.shards, found;
    var path = decoded(location.pathname), place = decoded(new URL(root).pathname);
    if (/^\/wiki(\/(home|index\.action)?)?$/.test(path)) return go("index.html");
    var wiki = path.indexOf("/wiki/");
    path = wiki >= 0 ? path.slice(wiki + 5) : path.startsWith(place) ? path.slice(place.length - 1) : path;
    offer(path.split("/").findLast(part => part).replace(/\.html$/, "").replace(/[+_]/g, " "));

    var asked = name => query.get(name) || "";
    var titled = (space, title) => look(fold(space).toUpperCase() + "/" + fold(title));
    var is = pattern => (found = pattern.exec(path));
    if (is(/^\/spaces\/[^/]+\/blog\/\d+\/\d+\/\d+\/(\d+)/) || is(/^\/spaces\/[^/]+\/[a-z]+\/(?:edit[^/]*\/)?(\d+)/)) {
      return content(found[1]);
    }
    if (wiki >= 0 && is(/^\/(do)?search/)) return go("search.html", { q: asked("text") || asked("queryString") });
    if (wiki >= 0 && is(/^\/label\/(?:([^/]+)\/)?([^/]+)$/)) {
      return go("search.html", { space: found[1] || "", label: found[2] });
    }
    if (wiki >= 0 && is(/^\/(people|users)\b/)) return go("people/index.html");
    if (is(/\/viewspace\.action$/)) return titled(asked("key"), "");
    if (is(/^\/pages\/[a-z]+\.action$/) && asked("pageId")) return content(asked("pageId"));
    if (is(/^\/x\/([\w-]{1,11})\/?$/)) return content(tiny(found[1]));
    if (is(/^\/download\/(?:attachments|thumbnails)\/(\d+)\/([^/]+)$/)) {
      var file = found[1] + "/" + found[2];
      return look("download/" + file.replace(/\+/g, " "), "attachments/" + file);
    }
    if (is(/^\/pages\/viewpage\.action$/)) return titled(asked("spaceKey"), asked("title"));
    if (is(/^\/(?:display|spaces)\/([^/]+)(?:\/(.*))?$/)) {
      titled(found[1], (found[2] || "").replace(/^overview$/, "").replace(/\+/g, " "));
    }

    function go(to, more) {
      location.replace(root + to.split("/").map(encodeURIComponent).join("/") +
        (more ? "?" + new URLSearchParams(more) : "") + location.hash);
    }

    // content leads to the page with a number. Should there be none this script comes again, and knows
    // the words no more from the address.
    function content(id) {
      var comment = asked("focusedCommentId");
      if (!/^[0-9]+$/.test(id)) return;
      stored("agc-lost", id + " " + byId("agc-lost").lastElementChild.textContent);
      go("pages/" + id + ".html", comment && { focusedCommentId: comment });
    }

    function offer(words) {
      var p = byId("agc-lost");
      var before = /^(\d+) (.*)/.exec(stored("agc-lost"));
      if (before && words === before[1]) words = before[2];
      if (!/\D/.test(words)) return; // a number
      p.hidden = false;
      p.lastElementChild.textContent = words;
      p.lastElementChild.search = new URLSearchParams({ q: words });
    }

    // look finds a page or a file by its key, in one of the files of redirects/.
    function look(key, otherwise) {
      AGC.old = pages => {
        if (Object.hasOwn(pages, key)) go(pages[key]);
        else if (otherwise) go(otherwise);
      };
      if (shards) loadScript(root + "redirects/" + hash(key) % shards + ".js");
      else if (otherwise) go(otherwise);
    }
  });

  // tiny reads the number in a short address: base64 of its bytes, the least first,
  // without the zeros at the end.
  function tiny(code) {
    var bytes = atob((code.replace(/-/g, "/").replace(/_/g, "+") + "AAAAAAAAAAA").slice(0, 11) + "=");
    return String(Array.from(bytes).reduceRight((id, c) => id * 256n + BigInt(c.charCodeAt()), 0n));
  }

  // fold and hash must give what the program gives, see site.OldKey.
  function fold(text) {
    return Array.from(text.normalize("NFKC"), c => Array.from(c.toLowerCase())[0])
      .join("").replace(/\s+/g, " ").trim();
  }
  function hash(key) {
    var h = 2166136261;
    new TextEncoder().encode(key).forEach(b => { h = Math.imul(h ^ b, 16777619) >>> 0; });
    return h;
  }
})();
