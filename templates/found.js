// The page of results.
var PAGE = 10;

// entry is a hit in the list. lost is called when its text is not there.
var entry = (hit, how, lost) => {
  var item = element("li"), link = element("a");
  link.href = leads(hit, "", how.query);
  item.appendChild(element("p", "", "hit-title")).append(marked(link, hit.row.t, marksIn(hit.row.t, how.asked)));
  item.append(element("p", about(hit), "hit-where quiet"));
  var body = item.appendChild(element("div")), named = names(hit, how.asked);
  if (named.length) {
    var list = item.appendChild(element("p", "", "hit-names quiet"));
    named.forEach(name => {
      var tag = list.appendChild(element("a", "", "tag"));
      tag.href = leads(hit, (hit.row.f || []).includes(name) ? "agc-attachments" : "agc-about", how.query);
      marked(tag, name, marksIn(name, how.asked));
    });
  }
  text(hit).then(sections => {
    places(sections, how.asked, 3).forEach(place => {
      var part = body.appendChild(element("div", "", place.id && "hit-part"));
      if (place.id) {
        var title = placeTitle(place), to = element("a");
        to.href = leads(hit, place.id, how.query);
        part.appendChild(element("p", "", "hit-place")).append(marked(to, title, marksIn(title, how.asked)));
      }
      part.append(excerpted(element("p", "", "hit-text"), place.part));
    });
  }).catch(() => {
    body.remove();
    lost();
  });
  return item;
};

var page = form => {
  var box = form.elements.q, list = byId("agc-results"), count = byId("agc-count"), more = byId("agc-more");
  var browse = byId("agc-browse"), chosen = FILTERS.map(name => form.elements[name]), asked = 0, timer;
  var plain = document.title;
  box.value = given.get("q") || given.get("text") || "";
  chosen.forEach(select => { // what the address says is chosen before its list is there
    var value = given.get(select.name);
    if (value && !Array.from(select.options).some(o => o.value === value)) select.add(new Option(value, value));
    select.value = value || "";
  });

  var filters = () => Object.fromEntries(chosen.map(s => [s.name, s.value]));

  async function run(shown, again) {
    var query = box.value.trim(), turn = ++asked, narrowed = filters();
    var kept = new URLSearchParams(Object.entries({ q: query, ...narrowed }).filter(pair => pair[1]));
    history.replaceState(null, "", location.pathname + (String(kept) ? "?" + kept : ""));
    document.title = (query ? query + " – " : "") + plain;
    list.ariaBusy = "true";
    function lost() { // the excerpts are of a site that has been published anew since
      if (turn !== asked || again) return;
      renew();
      run(shown, true);
    }
    try {
      var found = await find(box.value, narrowed, shown), how = await asks(found, query);
      if (turn === asked) show(found, how, query || String(kept) && "…", shown, lost);
    } catch (e) {
      if (turn === asked) fail();
    }
  }

  function show(found, how, query, shown, lost) {
    var first = list.children.length;
    list.replaceChildren(...found.hits.map(hit => entry(hit, how, lost)));
    list.ariaBusy = null;
    count.textContent = query && message(found, query, how.instead);
    more.hidden = !found.more;
    more.dataset.shown = shown;
    browse.hidden = found.total > 0;
    if (shown > PAGE && list.children[first]) list.children[first].querySelector("a").focus();
  }

  function fail() {
    list.replaceChildren();
    list.ariaBusy = null;
    more.hidden = true;
    browse.hidden = false;
    count.textContent = failure();
  }

  // offer lists what the results can be narrowed by.
  async function offer() {
    var facets = await facetsOf();
    chosen.forEach(select => {
      var have = new Set(Array.from(select.options, o => o.value));
      (facets[select.name] || []).forEach(facet => {
        var name = select.name === "type" && words[facet[0]] || facet[0];
        if (!have.has(facet[0])) select.add(new Option(name + " (" + facet[1] + ")", facet[0]));
      });
    });
  }

  on(box, "input", () => { clearTimeout(timer); timer = setTimeout(run, 120, PAGE); });
  chosen.forEach(select => on(select, "change", () => run(PAGE)));
  on(form, "submit", event => { event.preventDefault(); clearTimeout(timer); run(PAGE); });
  on(more, "click", () => { run(+more.dataset.shown + PAGE); });
  arrows(box, list);
  offer().catch(() => 0);
  if (box.value || chosen.some(s => s.value)) run(PAGE); else box.focus();
};

// arrows leads from the box to the results and back.
var arrows = (box, list) => {
  on(document, "keydown", event => {
    var links = Array.from(list.querySelectorAll("a")), at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowDown" && links[at + 1]) links[at + 1].focus();
    else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] || box).focus();
    else if (event.key === "Escape" && at >= 0) box.focus();
    else return;
    event.preventDefault();
  });
};
