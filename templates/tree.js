// The tree: lets a reader open it further than the page has it. An entry with more below
// it gets a switch, and what is below it is loaded when that is used, see nav/ of the site.
var files, branches = {};
AGC.nav = (space, rows) => { files = rows; };
AGC.branch = more => Object.assign(branches, more);

function unfolder(tree) {
  var index = tree.dataset.nav, folder = index.replace(/[^/]*$/, ""), root = folder + "../";

  async function branch(key) {
    if (branches[key]) return branches[key];
    if (!files) await loadScript(index + fresh);
    var file = files.findLast(row => row[0] <= key);
    if (file) await loadScript(folder + file[1]);
    return branches[key] || [];
  }

  // below is branch where the site may have been published anew since the page was
  // opened: the files that were named then are gone.
  async function below(key) {
    try {
      return await branch(key);
    } catch (e) {
      files = null;
      fresh = "?" + Date.now();
      return branch(key);
    }
  }

  function entry(row) {
    var li = element("li"), a = element("a", row[1], row[2]);
    a.href = root + encodeURI(row[0]);
    if (typeof row[1] === "number") {
      li.className = "rest";
      a.textContent = say("more", row[1]);
    }
    li.append(a);
    if (row[3]) open(li);
    return li;
  }

  function open(li) {
    var a = li.querySelector("a"), key = a.pathname.replace(/^.*\/|\.html$/g, "");
    var details = element("details"), summary = element("summary"), list = element("ul"), busy;
    summary.append(element("span", say("below", a.textContent), "said"));
    details.append(summary, list);
    li.className = "parent";
    li.append(details);
    on(details, "toggle", async () => {
      if (!details.open || busy || list.querySelector("a")) return;
      busy = true;
      details.dataset.wait = "";
      try {
        var rows = await below(key);
        list.replaceChildren(...rows.map(entry));
        if (!rows.length) list.append(element("li", words.empty, "rest"));
      } catch (e) {
        var failed = element("li", words.tree_failed, "rest");
        failed.role = "alert";
        list.replaceChildren(failed);
      }
      busy = false;
      delete details.dataset.wait;
    });
  }
  all("li.more", tree).forEach(open);
}

whenRead(() => all("[data-nav]").forEach(unfolder));
