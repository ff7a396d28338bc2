package export

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing/fstest"
	"time"
)

// model is a tenant that people work in at random: the oracle's other side. What it
// holds is written down as the files of a fake tenant; ids, versions and bytes stay
// what they are while nobody touches them.
type model struct {
	r      *rand.Rand
	hour   int // the present, in hours since the beginning of the site
	next   int // the next id
	spaces []*modelSpace
	nodes  []*modelNode
	log    []string // what was done, for the report of a failure
}

type modelSpace struct {
	ID, Key, Name, Description, Level string
	Status                            string
	Icon                              *modelNode // whose first file is the picture
}

// modelNode is a content; its fields are those of the fake tenant's files.
type modelNode struct {
	space int  // of model.spaces
	fixed bool // stays where it is, so that no space looks empty

	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Type        string         `json:"type"`
	Status      string         `json:"status"`
	Position    int            `json:"position"`
	Created     string         `json:"created"`
	Version     int            `json:"version"`
	Modified    string         `json:"modified"`
	Message     string         `json:"message"`
	Labels      []string       `json:"labels"`
	Readers     []string       `json:"readers"`
	Editors     []string       `json:"editors"`
	Emoji       string         `json:"emoji"`
	Appearance  string         `json:"appearance"`
	Cover       string         `json:"cover"`
	Level       string         `json:"level"`
	State       string         `json:"state"`
	EmbedURL    string         `json:"embed_url"`
	Hidden      bool           `json:"hidden"`
	Body        string         `json:"body"`
	Parent      string         `json:"parent"`
	History     []modelVersion `json:"history"`
	Comments    []modelComment `json:"comments"`
	Attachments []modelFile    `json:"attachments"`
}

type modelVersion struct {
	Version  int    `json:"version"`
	Modified string `json:"modified"`
	Message  string `json:"message"`
	Title    string `json:"title"`
	Body     string `json:"body"`
}

type modelComment struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Created    string `json:"created"`
	Resolution string `json:"resolution"`
	Marker     string `json:"marker"`
	Selection  string `json:"selection"`
	Body       string `json:"body"`
	Parent     string `json:"parent"`
	Version    int    `json:"version"`
	Modified   string `json:"modified"`
	Status     string `json:"status"`
}

type modelFile struct {
	Name     string         `json:"name"`
	ID       string         `json:"id"`
	Version  int            `json:"version"`
	Created  string         `json:"created"`
	Modified string         `json:"modified"`
	Status   string         `json:"status"`
	Size     int            `json:"size"`
	History  []modelOldFile `json:"history"`
}

type modelOldFile struct {
	Version  int    `json:"version"`
	Modified string `json:"modified"`
	Size     int    `json:"size"`
}

// newModel makes a tenant of three spaces with some life in it.
func newModel(seed uint64) *model {
	m := &model{r: newRand(int(seed)), next: 100000}
	for i, key := range []string{"ALPHA", "BETA", "GAMMA"} {
		m.spaces = append(m.spaces, &modelSpace{ID: fmt.Sprint(900 + i), Key: key, Name: "Space " + key,
			Status: "current"})
	}
	m.spaces[2].Status = "archived"
	for i := range m.spaces {
		m.nodes = append(m.nodes, &modelNode{space: i, fixed: true, ID: m.id(), Title: "Start", Type: "page",
			Status:  "current",
			Created: m.now(), Modified: m.now(), Version: 1, Body: m.text()})
	}
	for range 150 {
		m.act()
	}
	m.log = nil
	return m
}

// files writes the tenant down.
func (m *model) files() fstest.MapFS {
	files := fstest.MapFS{}
	var b strings.Builder
	b.WriteString("[site]\nname = \"Model\"\nurl = \"https://model.atlassian-us-gov-mod.net\"\ncloud_id = " +
		"\"22222222-aaaa-4bbb-8ccc-333333333333\"\n[[users]]\nid = \"712020:1\"\nname = \"Reader\"\n[[users]]\nid = " +
		"\"712020:2\"\nname = \"Writer\"\n")
	for _, l := range []string{"l1", "l2"} {
		fmt.Fprintf(&b, "[[levels]]\nid = %q\nname = %q\n", l, "Level "+l)
	}
	for i, s := range m.spaces {
		fmt.Fprintf(&b, "[[spaces]]\nid = %q\nkey = %q\nname = %q\ndescription = %q\nlevel = %q\nstatus = %q\n", s.ID,
			s.Key, s.Name, s.Description, s.Level, s.Status)
		b.WriteString("[[spaces.states]]\nname = \"In review\"\n[[spaces.states]]\nname = \"Verified\"\n")
		of := []*modelNode{}
		for _, n := range m.nodes {
			if n.space == i {
				of = append(of, n)
			}
		}
		data, err := json.Marshal(of)
		if err != nil {
			panic(err) // strings and numbers always marshal
		}
		files[s.Key+"/all.json"] = &fstest.MapFile{Data: data}
	}
	files["tenant.toml"] = &fstest.MapFile{Data: []byte(b.String())}
	return files
}

// now is the present as Confluence writes it.
func (m *model) now() string { return day(m.hour) }

// clock is the present for the program.
func (m *model) clock() time.Time {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(m.hour) * time.Hour)
}

func (m *model) id() string { m.next++; return fmt.Sprint(m.next) }

// pick returns one of a list at random.
func pick[T any](m *model, list []T) T { return list[m.r.IntN(len(list))] }

// some returns a content that a condition allows, nil where there is none.
func (m *model) some(ok func(*modelNode) bool) *modelNode {
	var all []*modelNode
	for _, n := range m.nodes {
		if ok(n) {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return pick(m, all)
}

// live reports contents that people can work on.
func live(n *modelNode) bool { return n.Status == "current" && !n.Hidden }

// loose reports contents that may go elsewhere.
func loose(n *modelNode) bool { return live(n) && !n.fixed }

// livePage reports pages and blog posts that people can work on.
func livePage(n *modelNode) bool { return live(n) && (n.Type == "page" || n.Type == "blogpost") }

// searched reports pages and blog posts that the search finds.
func (m *model) searched(n *modelNode) bool {
	return livePage(n) && m.spaces[n.space].Status == "current"
}

// text is a body that asks much of what is derived from other contents.
func (m *model) text() string {
	parts := []string{
		"<p>Words " + fmt.Sprint(m.r.IntN(1000)) + " by <ac:link><ri:user ri:account-id=\"712020:2\"/></ac:link>.</p>",
		"<p>See <ac:link><ri:page ri:content-title=\"" + m.title() + "\"/></ac:link>.</p>",
		"<ac:image><ri:attachment ri:filename=\"" + m.fileName() + "\"/></ac:image>",
		"<ac:structured-macro ac:name=\"children\"/>",
		"<ac:structured-macro ac:name=\"contentbylabel\"><ac:parameter ac:name=\"cql\">label = " +
			"\"a\"</ac:parameter></ac:structured-macro>",
		"<ac:task-list><ac:task><ac:task-id>" + m.id() + "</ac:task-id><ac:task-status>" +
			pick(m, []string{"complete", "incomplete"}) +
			"</ac:task-status><ac:task-body>Do it</ac:task-body></ac:task></ac:task-list>",
	}
	var b strings.Builder
	for _, i := range m.r.Perm(len(parts))[:1+m.r.IntN(3)] { // each once: a task's id is its own
		b.WriteString(parts[i])
	}
	return b.String()
}

func (m *model) title() string {
	return pick(m, []string{"Plan", "Notes", "Report", "Überblick", "List", "Index", "a/b", "Status"}) + pick(m,
		[]string{"", " 1", " 2", " old"})
}

func (m *model) fileName() string { return pick(m, []string{"a.png", "b.pdf", "c d.txt", "é.csv"}) }

// below reports whether a content stands at or below another.
func (m *model) below(n *modelNode, top string) bool {
	for range 1000 {
		if n.ID == top {
			return true
		}
		at := slices.IndexFunc(m.nodes, func(o *modelNode) bool { return o.ID == n.Parent })
		if at < 0 {
			return false
		}
		n = m.nodes[at]
	}
	return true
}

// newRand is a source of chance that is the same for the same seed.
func newRand(seed int) *rand.Rand { return rand.New(rand.NewPCG(uint64(seed), 4)) }
