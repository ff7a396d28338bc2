// Leads from an address of the old wiki to the page that was kept of it. A server with
// the redirects of server/ does the same without this script.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", function () {
    var data = document.getElementById("agc-main").dataset, query = new URLSearchParams(location.search), path, found;
    try {
      path = decodeURIComponent(location.pathname);
    } catch (e) {
      return;
    }
    if (/^\/wiki\/?$/.test(path)) return go("index.html");
    var wiki = path.indexOf("/wiki/");
    path = wiki >= 0 ? path.slice(wiki + 5) : path.indexOf(data.root) === 0 ? path.slice(data.root.length - 1) : path;
    function go(to) { location.replace(data.root + to.split("/").map(encodeURIComponent).join("/") + location.hash); }
    function content(id) { if (/^[0-9]+$/.test(id)) go("pages/" + id + ".html"); }

    found = /^\/spaces\/[^/]+\/blog\/\d+\/\d+\/\d+\/(\d+)/.exec(path) ||
      /^\/spaces\/[^/]+\/[a-z]+\/(?:edit[^/]*\/)?(\d+)/.exec(path);
    if (found) return content(found[1]);
    if (/^\/pages\/[a-z]+\.action$/.test(path) && query.get("pageId")) return content(query.get("pageId"));
    if ((found = /^\/x\/([\w-]{1,11})\/?$/.exec(path))) return content(tiny(found[1]));
    if ((found = /^\/download\/(?:attachments|thumbnails)\/(\d+)\/([^/]+)$/.exec(path))) {
      var file = found[1] + "/" + found[2];
      return look("download/" + file.replace(/\+/g, " "), "attachments/" + file);
    }
    if (/^\/pages\/viewpage\.action$/.test(path)) return titled(query.get("spaceKey"), query.get("title"));
    if ((found = /^\/(?:display|spaces)\/([^/]+)(?:\/(.*))?$/.exec(path))) {
      titled(found[1], (found[2] || "").replace(/^overview$/, "").replace(/\+/g, " "));
    }

    function titled(space, title) { look(fold(space || "").toUpperCase() + "/" + fold(title || "")); }

    // look finds a page or a file by its key, in one of the files of redirects/.
    function look(key, otherwise) {
      AGC.old = function (pages) {
        if (Object.prototype.hasOwnProperty.call(pages, key)) go(pages[key]);
        else if (otherwise) go(otherwise);
      };
      if (!+data.shards) return otherwise && go(otherwise);
      var script = document.createElement("script");
      script.src = data.root + "redirects/" + hash(key) % data.shards + ".js";
      document.head.append(script);
    }
  });

  // tiny reads the number in a short address: base64 of its bytes, the least first,
  // without the zeros at the end.
  function tiny(code) {
    var bytes = atob((code.replace(/-/g, "/").replace(/_/g, "+") + "AAAAAAAAAAA").slice(0, 11) + "="), id = 0n;
    for (var i = 7; i >= 0; i--) id = id * 256n + BigInt(bytes.charCodeAt(i));
    return String(id);
  }

  // fold and hash must give what the program gives, see site.OldKey.
  function fold(text) {
    return Array.from(text.normalize("NFKC"), function (c) { return Array.from(c.toLowerCase())[0]; })
      .join("").replace(/\s+/g, " ").trim();
  }
  function hash(key) {
    var h = 2166136261;
    new TextEncoder().encode(key).forEach(function (b) { h = Math.imul(h ^ b, 16777619) >>> 0; });
    return h;
  }
})();
