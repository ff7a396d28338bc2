// The search in a dialog, while a reader types: a box whose list of results the arrows lead
// through (the combobox of ARIA's patterns), the focus staying in the box.
var FOUND = 8, finder;

AGC.open = given => {
  finder = finder || makeFinder();
  if (given !== undefined) finder.box.value = given;
  if (!finder.dialog.open) finder.dialog.showModal();
  finder.box.focus();
  if (given === undefined) finder.box.select();
  finder.run();
};

var makeFinder = () => {
  var dialog = element("dialog", "", "finder"), form = element("form"), box = element("input");
  var shut = element("button", "×"), count = element("p", "", "found"), list = element("div", "", "options");
  var timer, asked = 0, active = -1;
  dialog.ariaLabel = words.search;
  form.action = root + "search.html";
  form.role = "search";
  Object.assign(box, {
    type: "search", name: "q", maxLength: 200, autocomplete: "off", spellcheck: false, role: "combobox",
    ariaLabel: words.search_words, ariaExpanded: "false", ariaAutoComplete: "list", placeholder: words.search
  }).setAttribute("aria-controls", "agc-options");
  shut.type = "button";
  shut.ariaLabel = words.close;
  count.role = "status";
  list.id = "agc-options";
  list.role = "listbox";
  list.ariaLabel = words.search_found;
  form.append(box, shut);
  dialog.append(form, count, list);
  document.body.append(dialog);

  var options = () => list.querySelectorAll("a");

  function choose(at) {
    var all = options();
    if (all[active]) all[active].ariaSelected = "false";
    active = all.length ? (at + all.length) % all.length : -1;
    if (active < 0) return box.removeAttribute("aria-activedescendant");
    all[active].ariaSelected = "true";
    all[active].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[active].id);
  }

  function show(items, said) {
    list.replaceChildren(...items);
    options().forEach((a, i) => { a.id = "agc-option-" + i; });
    list.hidden = !items.length;
    box.ariaExpanded = String(items.length > 0);
    count.textContent = said;
    active = -1;
    choose(0);
  }

  async function run() {
    var query = box.value.trim(), turn = ++asked;
    if (!query) return show(readLately(), words.search_recent);
    try {
      var found = await find(box.value, {}, FOUND), how = await asks(found, query);
      var items = await atOnce(found.hits, hit => hitOptions(hit, how));
      var all = option(root + "search.html?q=" + encodeURIComponent(query), words.search_page, "all");
      if (turn === asked) show(items.flat().concat(all), message(found, query, how.instead));
    } catch (e) {
      if (turn === asked) show([], failure());
    }
  }

  on(box, "input", () => { clearTimeout(timer); timer = setTimeout(run, 60); });
  on(shut, "click", () => dialog.close());
  on(dialog, "click", event => event.target === dialog && dialog.close());
  on(list, "click", () => dialog.close());
  on(form, "submit", event => {
    var to = options()[active];
    if (!to) return;
    event.preventDefault();
    dialog.close();
    location.href = to.href;
  });
  on(box, "keydown", event => {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") { // which empties such a box first
      event.preventDefault();
      dialog.close();
    }
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(active + step);
  });
  return { dialog, box, run };
};

var option = (href, title, className) => {
  var a = element("a", title, className);
  a.href = href;
  a.tabIndex = -1;
  a.role = "option";
  a.ariaSelected = "false";
  return a;
};

// hitOptions are a hit and the places in it.
var hitOptions = async (hit, how) => {
  var all = places(await text(hit), how.asked, 2), first = option(leads(hit, "", how.query), "", "hit");
  first.append(marked(element("span", "", "hit-title"), hit.row.t, marksIn(hit.row.t, how.asked)));
  first.append(element("span", about(hit), "hit-where quiet"));
  var named = names(hit, how.asked);
  if (named.length) first.append(element("span", named.join(", "), "hit-text"));
  return [first].concat(all.map(place => {
    var part = excerpted(element("span", "", "hit-text"), place.part);
    if (!place.id) return first.append(part), [];
    var to = option(leads(hit, place.id, how.query), "", "place"), title = placeTitle(place);
    to.append(marked(element("span", "", "hit-place"), title, marksIn(title, how.asked)), part);
    return to;
  }).flat());
};

// readLately are the pages that site.js has noted, without this one.
var readLately = () => lately().map(p => option(root + p[0], p[1], "hit")).filter(a => a.href !== address);

// mark marks the words that led to the page, until Escape is pressed.
AGC.mark = query => {
  var asked = marker(parse(query + " ")), ranges = [];
  var walker = document.createTreeWalker(byId("agc-main"), NodeFilter.SHOW_TEXT);
  for (var node; (node = walker.nextNode()) && ranges.length < 2000;) marksIn(node.data, asked).forEach(m => {
    var range = new Range();
    range.setStart(node, m[0]);
    range.setEnd(node, m[1]);
    ranges.push(range);
  });
  CSS.highlights.set("agc", new Highlight(...ranges));
  on(window, "keydown", event => event.key === "Escape" && CSS.highlights.delete("agc"));
};

// The page of results asks for this script when it is there.
if (byId("agc-search")) page(byId("agc-search"));
